"""What pins or pauses an environment goes on doing so under its new name: the operator says that it is the same one."""

from dataclasses import replace

import pytest

from pushboat.config.operator import Operator, Project
from pushboat.config.project import Allowed
from pushboat.model.hold import Hold, Scope
from pushboat.model.repository import Identity
from pushboat.store import holds, repositories
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy
from workers.inheriting_holds import inherit_holds
from workers.tools import Tools

STAGING = Scope(repository=NAME, environment="staging")
PIN = Hold(kind="unmerged", scope=STAGING, by="ann", subject="#7", pull_request=7, sha="a1")
PAUSE = Hold(kind="pause", scope=STAGING, by="ann")
STORE = "github/acme/store"


def renamed(tools: Tools, repository: str = NAME, name: str = "qa", *formerly: str) -> Operator:
    """Give the operator's file after a rename."""
    limits = tools.operator.projects[NAME].environments["staging"]
    environments = {name: replace(limits, environment=name, formerly=formerly)}
    return replace(
        tools.operator, projects={repository: Project(repository=repository, environments=Allowed(environments))}
    )


@pytest.mark.parametrize("hold", [PIN, PAUSE], ids=lambda hold: hold.kind)
@pytest.mark.parametrize("word", ["staging", f"{NAME}:staging"])
def test_a_new_name_of_an_environment(
    tools: Tools, store: Store, repository: Repository, hold: Hold, word: str
) -> None:
    """staging is called qa now: pushes to it wait as before, for the same reason, until the same word."""
    put = holds.put(store, hold).hold
    inherit_holds(renamed(tools, NAME, "qa", word), store)
    inherit_holds(renamed(tools, NAME, "qa", word), store)
    (there,) = holds.listed(store)
    assert there == replace(put, scope=Scope(repository=NAME, environment="qa"))
    (pushed,) = repository.route(deploy("b1", "qa"))
    assert repository.row(pushed).held
    assert pushed.waits.partition(" by ")[0] in ("paused", "pinned to pull request #7 (a1)")


def test_a_repository_that_its_forge_renamed(tools: Tools, store: Store) -> None:
    """The forge's own id says that it is the same one, and the operator has its new name."""
    holds.put(store, PIN)
    for name in (NAME, STORE):
        repositories.keep(store, Identity(name=name, forge="github", id="7", path=name.partition("/")[2]))
    inherit_holds(renamed(tools, STORE, "staging"), store)
    assert [hold.scope for hold in holds.listed(store)] == [Scope(repository=STORE, environment="staging")]


def test_what_has_another_name_by_chance_inherits_nothing(tools: Tools, store: Store) -> None:
    """Nobody says that qa was staging; and what is put on qa already is not put twice."""
    holds.put(store, PIN)
    inherit_holds(renamed(tools), store)
    assert [hold.scope for hold in holds.listed(store)] == [STAGING]
    mine = holds.put(store, replace(PIN, scope=Scope(repository=NAME, environment="qa"), sha="c1")).hold
    inherit_holds(renamed(tools, NAME, "qa", "staging"), store)
    assert mine in holds.listed(store)
    assert len([hold for hold in holds.listed(store) if hold.scope.environment == "qa"]) == 1
