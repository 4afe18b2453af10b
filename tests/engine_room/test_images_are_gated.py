"""Nothing is written before what would run is known to be what the operator wants; what was found out can be read."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from pushboat.config.images import DENY, NO_RULES, WARN, ImageRules
from pushboat.config.operator import ClusterAccess, Limits, Project
from pushboat.config.project import Allowed
from pushboat.config.sources import Source
from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.routing import Deploy
from pushboat.store import images, progress_lines
from pushboat.store.database.engine import Store
from tests.cluster_view import ClusterView
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.fakes.registry import FakeRegistry
from tests.images.conftest import signer
from tests.images.shelf import image, sign
from tests.store.repository import NAME, Repository, deploy, plan, time_passes
from tests.written import deployment, repository_file
from workers.deploying import story

CarriedOut = Callable[..., Deployment]


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    """A registry of images."""
    fake = FakeRegistry()
    yield fake
    fake.close()


@pytest.fixture
def namespace() -> str:
    """A namespace that nobody has."""
    return f"gate-{uuid4().hex[:8]}"


@pytest.fixture
def carry_out(
    tmp_path: Path,
    store: Store,
    github: FakeGitHub,
    repository: Repository,
    registry: FakeRegistry,
    kubeconfig: Path,
    namespace: str,
) -> Iterator[CarriedOut]:
    """Let a worker take what is wanted, by these rules, and look what became of it."""
    limits = Limits(environment="staging", cluster="dev", namespaces=(namespace,), create_namespaces=True)
    clusters = {"dev": ClusterAccess(name="dev", kubeconfig=kubeconfig)}
    with at_work(tmp_path, store, github.configured(), {NAME: {"staging": limits}}, clusters) as tools:

        def carried_out(wanted: Deploy | Deployment, rules: ImageRules = NO_RULES) -> Deployment:
            allowed = Allowed({"staging": replace(limits, images=rules)})
            operator = replace(
                tools.operator,
                projects={NAME: Project(repository=NAME, environments=allowed)},
                registries=(Source(address=f"oci://{registry.host}"),),
            )
            made = wanted if isinstance(wanted, Deployment) else repository.route(wanted)[0]
            story.deploy(replace(tools, operator=operator), made.id)
            return repository.row(made)

        yield carried_out


def pushed(github: FakeGitHub, named: str) -> str:
    """Push a Deployment that runs an image."""
    files = {".pushboat.yaml": repository_file(wait="0s"), "deploy/web.yaml": deployment(image=named)}
    return github.push("acme/shop", "main", files, deliver=False, replace=True).sha


def lines(store: Store, made: Deployment) -> list[str]:
    return [each.text for each in progress_lines.listed(store, made.id) if each.phase == "images"]


def test_what_is_not_signed_is_red_and_nothing_of_it_is_written(
    carry_out: CarriedOut,
    github: FakeGitHub,
    registry: FakeRegistry,
    repository: Repository,
    store: Store,
    cluster: ClusterView,
    namespace: str,
) -> None:
    """My commit and its plan say at which line stands what nobody signed; signed, the very same commit goes through."""
    key: Any = ec.generate_private_key(ec.SECP256R1())
    rules = ImageRules(look=True, signatures=DENY, signers=(signer(key),), when_unreachable=DENY)
    digest = image(registry, "team/shop", "1")
    sha = pushed(github, f"{registry.host}/team/shop:1")
    for wanted in (plan(sha), deploy(sha)):
        made = carry_out(wanted, rules)
        assert made.state is State.FAILED
        assert made.reason.startswith("deploy/web.yaml:")
        assert made.reason.endswith(f"image {registry.host}/team/shop:1 is not signed: sign it with `cosign sign`")
        (record,) = images.listed(store, made.id)
        assert (record.digest, record.said) == (digest, ("is not signed: sign it with `cosign sign`",))
    assert not cluster.deployment(namespace, "web")
    assert repository.shown(sha)[-1][0] == "failed"
    sign(registry, "team/shop", digest, key)
    made = carry_out(deploy(sha), rules)
    assert made.state is State.SUCCEEDED, made.reason
    assert images.listed(store, made.id)[0].said == ("is signed by release",)
    assert cluster.deployment(namespace, "web")


def test_a_registry_that_is_down_holds_up_what_it_must_and_no_rollback(
    carry_out: CarriedOut, github: FakeGitHub, registry: FakeRegistry, repository: Repository, store: Store
) -> None:
    """Silence is no yes: it is tried again until somebody answers, or goes on with a warning, as the operator wants."""
    key: Any = ec.generate_private_key(ec.SECP256R1())
    rules = ImageRules(look=True, signatures=DENY, signers=(signer(key),), when_unreachable=DENY)
    sign(registry, "team/shop", image(registry, "team/shop", "1"), key)
    sha = pushed(github, f"{registry.host}/team/shop:1")
    registry.down = True
    made = carry_out(deploy(sha), rules)
    assert made.state is State.QUEUED
    assert "could not be looked at" in made.reason
    registry.down = False
    time_passes(store, 60)
    first = carry_out(made, rules)
    assert first.state is State.SUCCEEDED, first.reason
    registry.down = True
    second = carry_out(deploy(pushed(github, f"{registry.host}/team/shop:2")), replace(rules, when_unreachable=WARN))
    assert second.state is State.SUCCEEDED, second.reason
    assert [each for each in lines(store, second) if each.startswith("warning: ") and "answers 503" in each]
    back = carry_out(deploy(sha, trigger=Trigger.ROLLBACK, release=1), rules)
    assert back.state is State.SUCCEEDED, back.reason
    assert lines(store, back) == ["not asked about: they were, when this release was deployed"]
