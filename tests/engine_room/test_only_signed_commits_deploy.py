"""Where signed commits are wanted, nothing else is rendered: red, with who must do what."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pushboat.config.operator import Limits
from pushboat.config.project import Allowed
from pushboat.config.signers import Signer, Sort
from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.routing import Deploy
from pushboat.store import progress_lines
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.fakes.nouns import Verdict
from tests.signatures.recorded import commit, ssh
from tests.store.repository import NAME, Repository, deploy, plan
from tests.written import repository_file
from workers.deploying import story

ALICE, BOB = ssh("alice"), ssh("bob", "ssh-ecdsa")
FORGE = Signer(name="the forge", sort=Sort.FORGE)
SIGNED = replace(STAGING, signed=True, signers=(ALICE,), fixed={"path": "nowhere", "branch": "main"})
"""What gets as far as to its folder was let through: it is not there, and neither is a cluster."""
UNSIGNED = (
    "this commit is not signed, as staging wants it: alice must sign it (git commit --amend -S), or put a signed "
    "commit on top, and push"
)
CarriedOut = Callable[..., Deployment]


@pytest.fixture
def carried_out(tmp_path: Path, store: Store, github: FakeGitHub, repository: Repository) -> Iterator[CarriedOut]:
    """Let a worker take what is wanted, under these limits of staging and others, and look what became of it."""
    with at_work(tmp_path, store, github.configured(), {NAME: {"staging": SIGNED}}) as tools:

        def carry_out(wanted: Deploy, limits: Limits = SIGNED, **others: Limits) -> Deployment:
            project = replace(tools.operator.projects[NAME], environments=Allowed({"staging": limits, **others}))
            operator = replace(tools.operator, projects={NAME: project})
            (made,) = repository.route(wanted)
            story.deploy(replace(tools, operator=operator), made.id)
            return repository.row(made)

        yield carry_out


@pytest.fixture
def signed(github: FakeGitHub) -> str:
    """A commit on main that alice signed."""
    return at_the_forge(github, "ssh-ed25519")


def at_the_forge(github: FakeGitHub, name: str) -> str:
    """Put a recorded commit on main; none before it is needed."""
    bare = github.projects["acme/shop"].bare
    raw = b"".join(line for line in commit(name).splitlines(keepends=True) if not line.startswith(b"parent "))
    sha = bare.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw)
    bare.git("update-ref", "refs/heads/main", sha)
    return sha


def was_let_through(made: Deployment) -> bool:
    return made.state is State.FAILED and "nowhere" in made.reason


def test_a_commit_that_nobody_signed_is_red_before_it_is_rendered(
    github: FakeGitHub, repository: Repository, main: str, carried_out: CarriedOut
) -> None:
    """I push without a signature: my commit says so, and who must sign it; its plan is red with the same words."""
    made = carried_out(deploy(main))
    assert (made.state, made.reason) == (State.FAILED, UNSIGNED)
    assert repository.shown(main)[-1][0] == "failed"
    assert carried_out(plan(main)).reason == UNSIGNED


def test_a_commit_that_a_signer_signed_goes_on(signed: str, store: Store, carried_out: CarriedOut) -> None:
    """I sign with the key that the operator has of me: the deployment goes on, and says who signed."""
    made = carried_out(deploy(signed))
    assert was_let_through(made)
    assert "signed by alice" in [each.text for each in progress_lines.listed(store, made.id)]


def test_who_signs_elsewhere_is_refused_by_name(signed: str, carried_out: CarriedOut) -> None:
    """Alice may sign for qa: for staging bob must."""
    limits = replace(SIGNED, signers=(BOB,))
    made = carried_out(deploy(signed), limits, qa=replace(SIGNED, environment="qa", signers=(ALICE,)))
    assert made.reason.startswith("alice signed this commit, who may not sign for staging: bob must ")


@pytest.mark.parametrize(
    ("said", "through"),
    [
        (Verdict(good=True), True),
        (Verdict(good=True, by="mallory"), False),
        (Verdict(good=False), False),
        (None, False),
    ],
)
def test_the_forges_own_signature_counts_where_the_operator_says_so(
    github: FakeGitHub, carried_out: CarriedOut, said: Verdict | None, through: bool
) -> None:
    """GitHub merged and signed: that counts with `forge: true`. What any account signed there does not."""
    sha = at_the_forge(github, "ssh-stranger")
    if said:
        github.verdicts[sha] = said
    assert was_let_through(carried_out(deploy(sha), replace(SIGNED, signers=(ALICE, FORGE)))) is through
    assert not was_let_through(carried_out(deploy(sha, trigger=Trigger.COMMENT)))


def test_the_forge_is_not_asked_about_what_a_signer_signed(
    github: FakeGitHub, signed: str, carried_out: CarriedOut
) -> None:
    """A forge that is away holds nothing up that needs no word of it."""
    assert was_let_through(carried_out(deploy(signed), replace(SIGNED, signers=(ALICE, FORGE))))
    assert not [asked for asked in github.requests if "/commits/" in asked.path]


def test_the_repositorys_own_file_wants_signatures(github: FakeGitHub, carried_out: CarriedOut) -> None:
    """The repository asks for more than its operator: then the operator must say who may sign."""
    files = {".pushboat.yaml": repository_file(path="nowhere", signed_commits="required")}
    sha = github.push("acme/shop", "main", files, deliver=False).sha
    assert carried_out(deploy(sha), replace(STAGING, signers=(ALICE,))).reason == UNSIGNED
    made = carried_out(deploy(sha, trigger=Trigger.COMMENT), STAGING)
    assert made.reason.startswith("the repository's file wants signed commits in 'staging', and the operator's file")


def test_a_rollback_brings_what_was_asked_then(main: str, carried_out: CarriedOut) -> None:
    """Its release was signed when it was deployed, or nobody wanted that yet: going back must not wait for a key."""
    made = carried_out(deploy(main, trigger=Trigger.ROLLBACK, release=7))
    assert "what release 7 was made of" in made.reason


def test_without_the_word_nobody_looks(main: str, carried_out: CarriedOut) -> None:
    """Where signatures are off, an unsigned commit deploys as ever."""
    limits: dict[str, Any] = {"signed": False}
    assert was_let_through(carried_out(deploy(main), replace(SIGNED, **limits)))
