"""What changes many rows that are nobody's in particular: how such rows come to be, and what changes them."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.allowance import Allowance
from pushboat.model.deployment import Lane
from pushboat.model.letter import StickyLetter
from pushboat.model.person import Person
from pushboat.model.question import Asker
from pushboat.model.reach import reach_of
from pushboat.store import (
    comparing,
    deliveries,
    heads,
    looks,
    outbox,
    processes,
    putting,
    questions,
    quieting,
    reading_back,
    routing_jobs,
    sessions,
)
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy, push, time_passes

ONE, TWO = "github/acme/one", "github/acme/two"
TABLES = {
    "allowance": "host",
    "forge_hold": "forge",
    "head": "ref",
    "inspection": "environment",
    "look": "repository",
    "outbox": "id",
    "process": "pid",
    "question": "id",
    "repository": "name",
    "session": "id",
}
"""Their tables, each with the column that its rows are told by here."""


@dataclass(frozen=True, slots=True)
class Many:
    """Two rows of a table, `first` and `second` in the order of its keys; `act` changes them.

    Where `waits`, it waits for them in that order; else it leaves what somebody has.
    """

    table: str
    prepare: Callable[[Repository], object]
    act: Callable[[Store], object]
    rows: tuple[object, object] = (1, 2)
    waits: bool = False

    def __str__(self) -> str:
        """Name it as tests do."""
        return f"{self.table}-{self.act.__name__}"


def _deliveries(repository: Repository) -> None:
    for name in (ONE, TWO):
        deliveries.accept(repository.store, "github", name, push("a", name.removeprefix("github/")))


def routers_are_hinted(store: Store) -> None:
    assert routing_jobs.due_repositories(store) == [ONE, TWO]


def looks_are_hinted(store: Store) -> None:
    assert sorted(looks.due(store, 5)) == [ONE, TWO]


def looks_are_scheduled(store: Store) -> None:
    looks.schedule(store, (TWO, ONE))


def _questions(repository: Repository) -> None:
    for number in (1, 2):
        asker = Asker(token=number, who=f"token {number}")
        questions.ask(repository.store, asker, "drift", reach_of(f"github/acme/{number}"), "dev", {}, b"files")


def _old_questions(repository: Repository) -> None:
    _questions(repository)
    time_passes(repository.store, questions.KEPT + 1)


def _unanswered_questions(repository: Repository) -> None:
    _questions(repository)
    time_passes(repository.store, questions.ANSWER_WITHIN + 1)


def questions_are_hinted(store: Store) -> None:
    questions.hinted(store, ["dev"])


def old_questions_are_forgotten(store: Store) -> None:
    questions.forget(store)


def files_of_questions_are_dropped(store: Store) -> None:
    questions.forget(store)


def _dead(repository: Repository) -> None:
    for number in (1, 2):
        processes.beat(repository.store, "web", number)
    time_passes(repository.store, processes.FORGOTTEN_AFTER + 1)


def dead_processes_are_forgotten(store: Store) -> None:
    processes.beat(store, "dispatcher", 3)


def _heard(resets_at: float, *hosts: str) -> list[Allowance]:
    return [Allowance(host=host, kind="core", left=1, most=2, resets_at=resets_at) for host in hosts]


def _allowances(repository: Repository) -> None:
    processes.beat(repository.store, "reporter", 1, heard=_heard(2e9, "one", "two"))


def _old_allowances(repository: Repository) -> None:
    _allowances(repository)
    with repository.store.writing() as tx:
        tx.change(sa.text("UPDATE allowance SET resets_at = 1"))


def old_allowances_are_forgotten(store: Store) -> None:
    processes.beat(store, "reporter", 3, heard=_heard(2e9, "three"))


def allowances_are_heard_of(store: Store) -> None:
    processes.beat(store, "reporter", 3, heard=_heard(2e9, "two", "one"))


def _person(name: str) -> Person:
    return Person(realm="github", subject=name, name=name, at_forge=True)


def _sessions(repository: Repository) -> None:
    for name in ("ada", "bob"):
        sessions.begin(repository.store, _person(name))
    with repository.store.writing() as tx:
        tx.change(sa.text("UPDATE session SET expires_at = 1"))


def old_sessions_are_forgotten(store: Store) -> None:
    sessions.begin(store, _person("eve"))


def _unknown(repository: Repository) -> None:
    for forge in ("github", "gitlab"):
        quieting.quiet(repository.store, forge, 60.0, quieting.UNKNOWN)


def forges_are_asked_again(store: Store) -> None:
    quieting.end_unknown(store)


def _letters(repository: Repository) -> None:
    repository.route(deploy("a"), deploy("a", "production"))


def letters_have_no_place(store: Store) -> None:
    outbox.due_head(store, "poster", "github", not_shown=("status",))


def _ends(repository: Repository) -> None:
    """Let two commits' statuses be due to be read back, which others have followed."""
    for made in repository.route(deploy("a"), deploy("a", "production")):
        repository.claim(made)
    with repository.store.writing() as tx:
        tx.change(sa.text("UPDATE outbox SET sent_at = 1, outcome = 'sent', read_back_at = 1 WHERE id IN (1, 2)"))


def ends_are_read_back(store: Store) -> None:
    reading_back.take(store, "reader", "github", 30.0)


def _sticky(store: Store, edition: int) -> None:
    with store.writing() as tx:
        letter = StickyLetter(number=7, body="a plan", marker="marker", edition=edition)
        (putting.put if edition < 3 else putting.put_newest)(tx, NAME, letter)


def _stickies(repository: Repository) -> None:
    for edition in (1, 2):
        _sticky(repository.store, edition)


def a_comment_is_put_in_place_of_older_ones(store: Store) -> None:
    _sticky(store, 3)


def _clusters(*environments: str) -> dict[Lane, str]:
    return {Lane(repository=NAME, environment=name): "dev" for name in environments}


def _inspections(repository: Repository) -> None:
    comparing.schedule(repository.store, _clusters("production", "staging"), 60.0)


def comparisons_are_scheduled(store: Store) -> None:
    comparing.schedule(store, _clusters("staging", "production"), 60.0)


def _heads(repository: Repository) -> None:
    heads.record(repository.store, NAME, {"refs/heads/a": "a", "refs/heads/b": "b"})


def heads_are_found(store: Store) -> None:
    known = heads.known(store, NAME)
    heads.found(store, NAME, [(known[ref], "c") for ref in ("refs/heads/b", "refs/heads/a")])


KINDS = (
    Many("repository", _deliveries, routers_are_hinted, (ONE, TWO)),
    Many("look", lambda of: looks.schedule(of.store, (ONE, TWO)), looks_are_hinted, (ONE, TWO)),
    Many("look", lambda of: looks.schedule(of.store, (ONE, TWO)), looks_are_scheduled, (ONE, TWO), waits=True),
    Many("question", _questions, questions_are_hinted),
    Many("question", _old_questions, old_questions_are_forgotten),
    Many("question", _unanswered_questions, files_of_questions_are_dropped),
    Many("process", _dead, dead_processes_are_forgotten),
    Many("allowance", _old_allowances, old_allowances_are_forgotten, ("one", "two")),
    Many("allowance", _allowances, allowances_are_heard_of, ("one", "two"), waits=True),
    Many("session", _sessions, old_sessions_are_forgotten),
    Many("forge_hold", _unknown, forges_are_asked_again, ("github", "gitlab")),
    Many("outbox", _letters, letters_have_no_place),
    Many("outbox", _ends, ends_are_read_back),
    Many("outbox", _stickies, a_comment_is_put_in_place_of_older_ones),
    Many("head", _heads, heads_are_found, ("refs/heads/a", "refs/heads/b"), waits=True),
    Many("inspection", _inspections, comparisons_are_scheduled, ("production", "staging"), waits=True),
)
