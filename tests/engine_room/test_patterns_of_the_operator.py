"""What the operator allows by a pattern is bound, listed and looked after like what is listed: no cluster is needed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pushboat.config.freezing import Freeze
from pushboat.config.operator import Limits
from pushboat.config.project import Allowed
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Lane
from pushboat.model.hold import Hold, Scope
from pushboat.model.repository import Identity
from pushboat.reading.environments import overview
from pushboat.store import deliveries, deployments, holds, lanes, looks, repositories
from pushboat.store.database.engine import Store
from tests.engine_room.test_looking_for_missed_pushes import look_twice
from tests.engine_room.test_what_a_push_touches import Stage
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from tests.written import config_map
from workers.deploying import shared
from workers.dispatching import clusters_of
from workers.freezing import Calendar
from workers.inheriting_holds import inherit_holds
from workers.source.environments import environments_at

FILE = """environments:
  'env-{name}': {path: 'envs/{name}', branch: main}
  'late-{name}': {path: 'late/{name}'}
"""
EACH = Limits(environment="env-{name}", cluster="dev", namespaces=("shop-{name}", "tools"))
LATE = replace(EACH, environment="late-{name}", namespaces=("late-{name}",))


@pytest.fixture
def stage(tmp_path: Path, store: Store, repository: Repository) -> Iterator[Stage]:
    """The operator lists no environment; two folders are deployed."""
    with FakeGitHub(tmp_path / "github") as github:
        github.create_repository("acme/shop", {".pushboat.yaml": FILE})
        allowed = {each.environment: each for each in (EACH, LATE)}
        with at_work(tmp_path, store, github.configured(), {NAME: allowed}) as tools:
            (tmp_path / "out").mkdir()
            made = Stage(tools, github, repository, tmp_path / "out")
            made.push({f"envs/{name}/a.yaml": config_map(name) for name in ("a", "b")})
            made.carry_out()
            yield made


def told(stage: Stage) -> str:
    """Say what the newest delivery led to."""
    return deliveries.listed(stage.tools.store)[0].reason


def allowing(stage: Stage, **limits: object) -> None:
    """Let the operator's pattern say more."""
    allowed = Allowed({"env-{name}": replace(EACH, **limits), "late-{name}": LATE})
    project = replace(stage.tools.project(NAME), environments=allowed)
    stage.tools = replace(stage.tools, operator=replace(stage.tools.operator, projects={NAME: project}))


def asked(stage: Stage, word: str, environment: str, sha: str = "") -> DeliveryRow:
    """Let olga ask for something at a terminal."""
    event = Event(kind=EventKind.ASK, action=word, repository="acme/shop", author="olga")
    wanted = Ask(word=word, who="olga", source=Source.COMMAND, repository=NAME, environment=environment, sha=sha)
    number = deliveries.accept(stage.tools.store, "github", f"{word} {environment}", event, asked=(wanted,)).id
    stage.route()
    found = deliveries.find(stage.tools.store, number)
    assert found
    return found


def test_a_folder_comes_and_goes_and_every_list_knows(stage: Stage) -> None:
    """A new folder needs no line in either file; the timer compares it, and what left its commit is left behind."""
    operator, store = stage.tools.operator, stage.tools.store
    sha = stage.push({"envs/c/a.yaml": config_map("c")})
    assert told(stage) == f"deploying {sha[:7]} to env-c; env-a and env-b unchanged"
    stage.carry_out()
    names = ["env-a", "env-b", "env-c"]
    assert [each.environment for each in overview(store, operator)] == names
    assert clusters_of(operator, store) == {Lane(repository=NAME, environment=name): "dev" for name in names}
    here = environments_at(stage.tools, NAME, sha)[0]["env-a"]
    assert shared.neighbours(operator, store, NAME, here) == ["env-b", "env-c"]
    assert shared.namespaces(operator, store, NAME, here) == {"shop-b", "shop-c", "tools"}

    sha = stage.push({"envs/b/a.yaml": None})
    assert "env-b left .pushboat.yaml" in told(stage)
    left = {each.environment: each.left for each in overview(store, operator)}
    assert list(left) == names
    assert left["env-b"].startswith(f"left .pushboat.yaml with {sha[:7]}, ")
    assert (left["env-a"], left["env-c"]) == ("", "")

    projects = {NAME: replace(stage.tools.project(NAME), environments=Allowed({"late-{name}": LATE}))}
    rows = overview(store, replace(operator, projects=projects))
    assert [each.environment for each in rows] == names
    assert all("is not in pushboat.yaml any more" in each.left for each in rows)


def test_by_a_namespace_made_of_names_only_its_twin_is_met(stage: Stage) -> None:
    """Of thousands none is looked through: where two patterns share such a namespace, the other's name follows."""
    here = environments_at(stage.tools, NAME, stage.push({"README.md": "x"}))[0]["env-a"]
    here = replace(here, namespaces=("shop-a",))
    twin = replace(EACH, environment="twin-{name}", namespaces=("twin-{name}", "shop-{name}"))
    allowed = Allowed({each.environment: each for each in (replace(EACH, namespaces=("shop-{name}",)), twin, LATE)})
    projects = {NAME: replace(stage.tools.project(NAME), environments=allowed)}
    operator = replace(stage.tools.operator, projects=projects)
    assert shared.neighbours(operator, stage.tools.store, NAME, here) == ["twin-a"]
    assert shared.namespaces(operator, stage.tools.store, NAME, here) == {"twin-a", "shop-a"}
    elsewhere = replace(here, cluster="prod")
    assert shared.neighbours(operator, stage.tools.store, NAME, elsewhere) == []


def test_a_freeze_binds_the_very_first_deployment(stage: Stage) -> None:
    """Nothing starts in the window, whether its environment was there when it began or came with the push."""
    store, now = stage.tools.store, stage.tools.store.now()
    freeze = Freeze(zone=ZoneInfo("UTC"), begins=now - 60, ends=now + 3600, reason="the weekend")
    later = Freeze(zone=ZoneInfo("UTC"), begins=now + 7200, ends=now + 9000)
    allowing(stage, freeze=(freeze, later))
    sha = stage.push({"envs/new/a.yaml": config_map("new")})
    (made,) = [each for each in deployments.listed(store, sha=sha) if each.lane.environment == "env-new"]
    assert made.waits.endswith(": the weekend")
    assert lanes.claim(store, made.id, "worker") is None
    Calendar(stage.tools.operator, store).look()
    frozen = [hold.scope.environment for hold in holds.listed(store) if hold.kind == "freeze"]
    assert sorted(frozen) == sorted(["env-a", "env-b", "env-new"] * 2)
    assert lanes.claim(store, made.id, "worker") is None


def test_a_word_binds_what_there_is_and_no_slip(stage: Stage) -> None:
    """A lock of a folder that waits for its first deployment holds; one of a name that is nobody's is refused."""
    store = stage.tools.store
    sha = stage.push({"late/one/a.yaml": config_map("one")})
    assert asked(stage, "pause", "late-one").audit[0].verdict == "done"
    assert [hold.scope.environment for hold in holds.listed(store)] == ["late-one"]
    assert [each.environment for each in overview(store, stage.tools.operator)] == ["env-a", "env-b", "late-one"]
    assert asked(stage, "pause", "env-a").audit[0].verdict == "done"
    refused = asked(stage, "pause", "env-bb").reason
    assert "acme/shop has no environment `env-bb`. Did you mean 'env-b'?" in refused
    assert "It has `env-a`, `env-b` and `late-one`." in refused
    assert "env-bb" not in [hold.scope.environment for hold in holds.listed(store)]

    row = asked(stage, "deploy", "late-one", sha)
    (made,) = deployments.of_delivery(store, row.id)
    assert made.waits.startswith("paused")


def test_what_was_held_stays_held_when_its_repository_is_renamed(stage: Stage) -> None:
    """No entry names the environment, and its hold goes on under the repository's new name."""
    store, old = stage.tools.store, "github/acme/old"
    for name in ("acme/old", "acme/shop"):
        repositories.keep(store, Identity(forge="github", name=f"github/{name}", id="7", path=name))
    holds.put(store, Hold(kind="pause", scope=Scope(repository=old, environment="env-a"), by="ann"))
    holds.put(store, Hold(kind="pause", scope=Scope(repository=old, environment="other"), by="ann"))
    inherit_holds(stage.tools.operator, store)
    assert {str(hold.scope.repository): hold.scope.environment for hold in holds.listed(store)} == {
        NAME: "env-a",
        old: "other",
    }


def test_a_missed_push_is_caught_up(stage: Stage) -> None:
    """No delivery told of the new folder: the next look finds it."""
    looks.schedule(stage.tools.store, stage.tools.operator.projects)
    look_twice(stage.tools)
    sha = stage.github.push("acme/shop", "main", {"envs/missed/a.yaml": config_map("m")}, deliver=False).sha
    look_twice(stage.tools)
    stage.route()
    assert "env-missed" in {each.lane.environment for each in deployments.listed(stage.tools.store, sha=sha)}
