"""A removal by a Pushboat whose store never deployed there: what it destroys is found in the cluster, or said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind, State
from pushboat.store import deliveries, deployments, progress_lines
from tests.engine_room.worker import at_work
from tests.fresh_store import fresh_store
from tests.removal.conftest import Site
from tests.store.repository import NAME, Repository
from tests.waves.conftest import config_map, job
from workers.deploying import story
from workers.routing.story import route_repository
from workers.tools import Tools

ASKED = Event(kind=EventKind.ASK, action="destroy", repository="acme/shop", author="olga")
WANTED = Ask(word="destroy", who="olga", source=Source.COMMAND, repository=NAME, environment="staging")


@pytest.fixture
def elsewhere(site: Site, tmp_path: Path) -> Iterator[Tools]:
    """A worker of another installation: the same operator's file, and a store with nothing in it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    store, operator = fresh_store(folder), site.yard.tools.operator
    limits = operator.projects[NAME].environments.listed
    with at_work(folder, store, site.yard.github.configured(), {NAME: limits}, operator.clusters) as tools:
        yield tools
    store.close()


@pytest.mark.proves("removal")
def test_what_another_store_brought_is_found_in_the_cluster_and_goes(site: Site, elsewhere: Tools) -> None:
    """Our store was lost: I destroy staging all the same, and read what nobody knows any more."""
    site.settle()
    hook = job("before", {"argocd.argoproj.io/hook": "PreDelete"})
    brought = site.yard.push(config_map("a"), config_map("b"), hook)
    assert brought.state is State.SUCCEEDED, brought.reason
    said, made = destroyed(elsewhere)
    assert said.startswith("destroying staging, as olga said. Its releases are not in this ")
    assert made
    assert (made.kind, made.sha, made.state) == (Kind.REMOVAL, brought.sha, State.SUCCEEDED), made.reason
    assert made.reason == "destroyed: 2 objects deleted"
    told = [each.text for each in progress_lines.listed(elsewhere.store, made.id)]
    assert "no release is stored: no hook of the removal is known" in told
    assert site.yard.runs("before") == 0
    assert site.inventories() == []
    assert site.yard.find("configmaps", "a") is None
    again, nothing = destroyed(elsewhere, "ask-2")
    assert (again, nothing and nothing.state) == (
        "destroying staging, as olga said",
        State.SUCCEEDED,
    )


def test_where_nothing_is_in_the_cluster_either_it_is_said(elsewhere: Tools) -> None:
    """Nothing is asked of the cluster but to look, and I read what to check."""
    said, made = destroyed(elsewhere)
    assert made is None
    assert "and no inventory of it is in its cluster, so there is nothing to destroy" in said


def test_an_inventory_without_a_commit_is_not_guessed_at(site: Site, elsewhere: Tools) -> None:
    """The first deployment there never got through: I read what makes it destroyable, and nothing goes."""
    site.settle()
    assert site.yard.push(config_map("a")).state is State.SUCCEEDED
    (inventory,) = site.inventories()
    path = f"/api/v1/namespaces/{site.yard.namespace}/secrets/{inventory['metadata']['name']}"
    none = {"metadata": {"annotations": {"pushboat.dev/sha": None}}}
    site.yard.cluster.request("PATCH", path, none, "application/merge-patch+json")
    said, made = destroyed(elsewhere)
    assert made is None
    assert "deploy to it once, then destroy it. Nothing is deleted." in said
    assert site.yard.find("configmaps", "a")


def destroyed(tools: Tools, name: str = "ask-1") -> tuple[str, Deployment | None]:
    """Ask for it, and carry out what comes of that; give what the asker reads."""
    number = deliveries.accept(tools.store, "github", name, ASKED, asked=(WANTED,)).id
    route_repository(tools, NAME)
    row = deliveries.find(tools.store, number)
    assert row
    assert row.routed_at, row.reason
    made = deployments.of_delivery(tools.store, number)
    if not made:
        return row.reason, None
    story.deploy(tools, made[0].id)
    return row.reason, Repository(tools.store).row(made[0])
