"""Of which environments something is known: by these, what a pattern makes is found wherever all are listed."""

from dataclasses import replace

from pushboat.config.operator import Limits, Project
from pushboat.config.project import Allowed
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import Kind, State, Trigger
from pushboat.reading import known
from pushboat.store import ending, holds, places
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy, plan, time_passes

BLOG = "github/acme/blog"


def through(shop: Repository, name: str, **more: object) -> None:
    """Bring something to an environment, or take it away."""
    (made,) = shop.route(deploy("a" * 40, name, **more))
    ending.finish(shop.store, shop.claim(made), State.SUCCEEDED, "fine")


def removed(shop: Repository, name: str) -> None:
    """Destroy an environment."""
    through(shop, name, kind=Kind.REMOVAL, trigger=Trigger.COMMAND)


def test_it_is_known_from_its_first_deployment_to_its_removal(store: Store, repository: Repository) -> None:
    """On its way, running, failed: all that is there; destroyed it is not, until something comes there again."""
    repository.route(deploy("a" * 40, "waits"))
    through(repository, "runs")
    through(repository, "gone")
    removed(repository, "gone")
    assert places.known(store) == places.known(store, NAME) == {(NAME, "waits"), (NAME, "runs")}
    assert not places.known(store, BLOG)
    (again,) = repository.route(deploy("b" * 40, "gone"))
    assert (NAME, "gone") in places.known(store)
    ending.finish(store, repository.claim(again), State.FAILED, "no")
    assert (NAME, "gone") in places.known(store)


def test_a_plan_makes_no_environment(store: Store, repository: Repository) -> None:
    """Whoever opens a pull request that adds a folder has planned one, and nothing is there."""
    repository.route(plan("a" * 40, "new"))
    assert not places.known(store)


def test_what_somebody_holds_is_known(store: Store) -> None:
    """Locked before anything was deployed there, it is in every list; a freeze is only put where something is."""
    for kind, name in (("lock", "held"), ("freeze", "frozen")):
        holds.put(store, Hold(kind=kind, scope=Scope(repository=NAME, environment=name), by="ann"))
    holds.put(store, Hold(kind="pause", scope=Scope(repository=NAME), by="ann"))
    holds.put(
        store, Hold(kind="lock", scope=Scope(repository=NAME, environment="over"), by="ann", until=store.now() + 5)
    )
    time_passes(store, 10)
    assert places.known(store) == {(NAME, "held")}


def test_the_file_has_the_last_word(store: Store, repository: Repository) -> None:
    """What is known and not allowed, by any pattern or entry, is none; what is listed always is one."""
    for name in ("env-b", "env-a", "other"):
        through(repository, name)
    each = Limits(environment="env-{name}", cluster="dev", namespaces=("x-{name}",))
    listed = replace(each, environment="staging", namespaces=("staging",))
    shop = Project(repository=NAME, environments=Allowed({"env-{name}": each, "staging": listed}))
    assert list(known.environments(store, shop)) == ["staging", "env-a", "env-b"]
    assert list(known.environments(store, shop, ["env-new", "nobody"])) == ["staging", "env-a", "env-b", "env-new"]
    names = known.names(store, shop)
    assert list(names) == ["staging", "env-a", "env-b"]
    assert ["env-new" in names, "staging" in names, "other" in names] == [True, True, False]
