"""A red `pushboat` whose cause stood in the operator's file goes with a replay: the commit need not change for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.operator import Limits
from pushboat.events import Event, EventKind
from pushboat.store import deliveries
from pushboat.store.database.engine import Store
from tests.engine_room.worker import at_work
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.store.repository import Repository
from workers.routing.story import route_repository

FILE = """
environments:
  staging: {branch: main, path: deploy, namespace: elsewhere}
  qa: {branch: qa, path: deploy, namespace: elsewhere}
"""
TIGHT = {name: Limits(environment=name, cluster="dev", namespaces=("shop",)) for name in ("staging", "qa")}
WIDE = {name: replace(limits, namespaces=("shop", "elsewhere")) for name, limits in TIGHT.items()}
AllForges = pytest.mark.parametrize("forge", ["github", "gitlab", "gitea"], indirect=True)


@pytest.fixture
def forge(request: pytest.FixtureRequest) -> FakeGitHub | FakeGitLab | FakeGitea:
    """Each forge in turn."""
    found: FakeGitHub | FakeGitLab | FakeGitea = request.getfixturevalue(request.param)
    return found


@AllForges
def test_a_push_and_its_pull_request_are_green_after_a_replay(
    tmp_path: Path, store: Store, repository: Repository, forge: FakeGitHub | FakeGitLab | FakeGitea
) -> None:
    """My operator allows the namespace that my file names: replaying both deliveries takes every red word back."""
    configured = forge.configured()
    name = f"{configured.name}/acme/shop"
    sha = forge.push("acme/shop", "main", {".pushboat.yaml": FILE}, deliver=False).sha
    push = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/main", sha=sha)
    proposed = Event(
        kind=EventKind.PULL_REQUEST, action="opened", repository="acme/shop", ref="main", base_ref="release", sha=sha,
        number=1, fork=False,
    )  # fmt: skip
    told = [deliveries.accept(store, configured.name, str(each.kind), each).id for each in (push, proposed)]
    with at_work(tmp_path, store, configured, {name: TIGHT}) as tools:
        route_repository(tools, name)
    for context in ("pushboat", "pushboat/staging", "pushboat/qa", "pushboat/plan"):
        state, said = repository.shown(sha, context)[-1]
        assert state == "failed", context
        assert "elsewhere" in said
    with at_work(tmp_path, store, configured, {name: WIDE}) as tools:
        for number in told:
            deliveries.replay(store, number)
        route_repository(tools, name)
    assert {context: repository.shown(sha, context)[-1][0] for context in ("pushboat", "pushboat/qa")} == {
        "pushboat": "succeeded",
        "pushboat/qa": "succeeded",
    }
    assert repository.shown(sha, "pushboat/staging")[-1][0] == "queued", "it deploys"
    assert repository.shown(sha, "pushboat/plan")[-1] == (
        "succeeded",
        "nothing is affected: no environment follows release",
    )
