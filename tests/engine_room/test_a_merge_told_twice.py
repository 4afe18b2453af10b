"""A merge arrives as a closed pull request and as a push, in either order and however it was made: it deploys once."""

from pathlib import Path

import pytest

from pushboat.events import Delivery
from pushboat.forges.table import deliveries_of
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.worker import at_work
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.written import config_map, repository_file
from workers.routing.story import route_repository


@pytest.mark.parametrize("how", ["merge", "squash", "fast-forward"])
@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_it_deploys_once(tmp_path: Path, store: Store, kind: str, how: str, request: pytest.FixtureRequest) -> None:
    """I merge by whichever button, and the commit that came of it is deployed one time, by both pairs of news."""
    forge: FakeGitHub | FakeGitLab | FakeGitea = request.getfixturevalue(kind)
    configured = forge.configured()
    name = f"{configured.name}/acme/shop"
    forge.push("acme/shop", "main", {".pushboat.yaml": repository_file()}, deliver=False)
    with at_work(tmp_path, store, configured, {name: {"staging": STAGING}}) as tools:
        for branch, backwards in (("one", False), ("two", True)):
            forge.push("acme/shop", branch, {f"deploy/{branch}.yaml": config_map(branch)}, deliver=False)
            number = forge.open_pull_request("acme/shop", branch).number
            merged = forge.merge("acme/shop", number, how)
            assert len(merged.sent) == 2
            for place, sent in enumerate(reversed(merged.sent) if backwards else merged.sent):
                headers = {key.lower(): value for key, value in sent.headers.items()}
                event = deliveries_of(kind).read(Delivery(headers=headers, body=sent.body))
                deliveries.accept(store, configured.name, f"{branch}-{place}", event)
                route_repository(tools, name)
            assert [each.sha for each in deployments.listed(store, sha=merged.sha)] == [merged.sha]
    assert len(deployments.listed(store)) == 2
