"""A repository is renamed, and nothing is delivered after that: a look finds it by the forge's own id, and goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.delivery import DeliveryRow
from pushboat.model.repository import Identity
from pushboat.store import deliveries, deployments, looks, repositories
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.worker import at_work
from tests.fakes import moving
from tests.fakes.forge import FakeForge
from tests.store.repository import time_passes
from tests.written import config_map, repository_file
from workers.catching_up.comparing import GRACE
from workers.catching_up.story import look
from workers.routing.story import route_repository
from workers.tools import Tools

SHOP, STORE = "acme/shop", "acme/store"
FILES = {".pushboat.yaml": repository_file(), "deploy/settings.yaml": config_map()}


@pytest.fixture(params=["github", "gitlab", "gitea"])
def forge(request: pytest.FixtureRequest) -> FakeForge:
    """A forge with acme/shop, whose staging follows main, and which has another branch."""
    found: FakeForge = request.getfixturevalue(request.param)
    found.push(SHOP, "main", FILES, deliver=False)
    found.push(SHOP, "release", {"a": "b"}, deliver=False)
    return found


@pytest.fixture
def tools(tmp_path: Path, forge: FakeForge, store: Store) -> Iterator[Tools]:
    """A worker that has looked once, of a Pushboat that knows the repository by a delivery."""
    described = forge.configured()  # type: ignore[attr-defined]  # both fakes have it
    name = f"{described.name}/{SHOP}"
    known = Identity(name=name, forge=described.name, id=str(forge.projects[SHOP].id), path=SHOP)
    repositories.keep(store, known)
    with at_work(tmp_path, store, described, {name: {"staging": STAGING}}) as made:
        looks.schedule(store, made.operator.projects)
        look(made, name)
        assert looks.listed(store)[0].looked_at
        yield made


def name_of(tools: Tools) -> str:
    """The repository's name in the operator's file."""
    (name,) = tools.operator.projects
    return name


def look_twice(tools: Tools) -> list[DeliveryRow]:
    """Look, give deliveries that are on their way their time, look again; list what is accepted, the newest first."""
    look(tools, name_of(tools))
    time_passes(tools.store, GRACE)
    look(tools, name_of(tools))
    return deliveries.listed(tools.store)


@pytest.mark.proves("repository-renamed", among=("without a delivery",))
def test_a_renamed_repository_is_caught_up_with(tools: Tools, forge: FakeForge) -> None:
    """I rename it and lose the webhook: my next push deploys all the same, and says what to change in pushboat.yaml."""
    moving.rename(forge, SHOP, STORE, leads=True)
    sha = forge.push(STORE, "main", {"deploy/settings.yaml": config_map(a="b")}, deliver=False).sha
    [row] = look_twice(tools)
    assert (row.repository, row.event.sha, row.event.renamed) == (name_of(tools), sha, STORE)
    route_repository(tools, name_of(tools))
    routed = deliveries.find(tools.store, row.id)
    assert routed
    assert "acme/shop is called acme/store now" in routed.reason
    assert routed.deployments
    assert repositories.called(tools.store, name_of(tools), SHOP) == STORE


def test_a_rename_is_seen_at_the_next_start(tools: Tools, forge: FakeForge) -> None:
    """Nothing was pushed, nothing failed: statuses go to the name of today from the next start on."""
    moving.rename(forge, SHOP, STORE, leads=True)
    looks.schedule(tools.store, tools.operator.projects)
    assert look_twice(tools) == []
    assert repositories.called(tools.store, name_of(tools), SHOP) == STORE
    assert looks.listed(tools.store)[0].trouble == ""


@pytest.mark.parametrize("leads", [True, False])
def test_a_push_that_waits_meanwhile_is_routed(tools: Tools, forge: FakeForge, leads: bool) -> None:
    """It came under the old name, and the rename came before its commit was fetched: it deploys all the same."""
    sha = forge.push(SHOP, "main", {"a": "b"}, deliver=False).sha
    event = Event(kind=EventKind.PUSH, action="updated", repository=SHOP, ref="refs/heads/main", sha=sha)
    told = deliveries.accept(tools.store, name_of(tools).partition("/")[0], "told", event)
    moving.rename(forge, SHOP, STORE, leads=leads)
    route_repository(tools, name_of(tools))
    [made] = deployments.of_delivery(tools.store, told.id)
    assert made.sha == sha


@pytest.mark.parametrize("at_once", [True, False])
def test_whoever_takes_the_old_name_deploys_nothing(tools: Tools, forge: FakeForge, at_once: bool) -> None:
    """After my rename somebody makes a new acme/shop: its commits reach nothing of mine, and my own still do."""
    moving.rename(forge, SHOP, STORE, leads=True)
    forge.create_repository(SHOP, FILES)
    if at_once:
        looks.schedule(tools.store, tools.operator.projects)
    assert look_twice(tools) == []
    sha = forge.push(STORE, "main", {"a": "mine"}, deliver=False).sha
    forge.push(SHOP, "main", {"a": "a stranger's"}, deliver=False)
    assert [row.event.sha for row in look_twice(tools)] == [sha]
    assert [row.event.sha for row in look_twice(tools)] == [sha]


def test_a_repository_that_was_made_anew_waits_for_the_operator(tools: Tools, forge: FakeForge) -> None:
    """It was deleted, and another one has its name: nothing of that deploys before the operator says so."""
    gone = forge.projects.pop(SHOP).bare.path
    gone.rename(gone.with_name("gone.git"))
    forge.create_repository(SHOP, {**FILES, "a": "b"})
    assert look_twice(tools) == []
    said = looks.listed(tools.store)[0].trouble
    assert "any more" in said
    assert f"pushboat repository accept {name_of(tools)} ID" in said
    repositories.accept(tools.store, name_of(tools), str(forge.projects[SHOP].id))
    assert [row.event.sha for row in look_twice(tools)] == [forge.projects[SHOP].bare.resolve("main")]


def test_a_token_that_may_not_ask_stops_no_look(tools: Tools, forge: FakeForge) -> None:
    """The API says 403 to the question about the name: git still says where the heads are."""
    number = forge.projects[SHOP].id
    forge.fail(403, path=f"/{number}", times=99)
    looks.schedule(tools.store, tools.operator.projects)
    sha = forge.push(SHOP, "main", {"a": "b"}, deliver=False).sha
    assert [row.event.sha for row in look_twice(tools)] == [sha]


def test_a_forge_that_limits_questions_stops_no_look(tools: Tools, forge: FakeForge) -> None:
    """The API has no answers left for us this hour: where the heads stand is noted all the same."""
    forge.fail(503, path="/api/", times=99)
    looks.schedule(tools.store, tools.operator.projects)
    before = looks.listed(tools.store)[0].looked_at
    look(tools, name_of(tools))
    [seen] = looks.listed(tools.store)
    assert (seen.trouble, seen.looked_at > before) == ("", True)


def test_an_unknown_id_asks_nobody(tools: Tools, forge: FakeForge) -> None:
    """No delivery has ever come: a look that is refused says why, in the words of git."""
    with tools.store.writing() as tx:
        tx.connection.exec_driver_sql("DELETE FROM identity")
    moving.rename(forge, SHOP, STORE)
    assert look_twice(tools) == []
    assert "the forge refused git" in looks.listed(tools.store)[0].trouble
