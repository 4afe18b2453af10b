"""Nobody's letters wait for all of another repository's: who has one has it posted next, from both stores."""

import pytest
import sqlalchemy as sa

from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.store import outbox, quieting
from pushboat.store.database.engine import Store
from pushboat.store.putting import put_all
from tests.store.desk import Desk
from tests.store.repository import time_passes


def say(store: Store, repository: str, number: int, state: State = State.FAILED) -> None:
    """Have statuses of as many environments of a repository wait, each behind a first word of its own."""
    with store.writing() as tx:
        for said in (State.QUEUED, state):
            letters = [
                StatusLetter(
                    sha="a" * 40,
                    status=Status(context=f"pushboat/{place}", state=said, description="so", path="/"),
                )
                for place in range(number)
            ]
            put_all(tx, repository, letters)


def taken(store: Store, number: int) -> list[str]:
    """Post as many letters as a reporter would, and name their repositories."""
    found: list[str] = []
    for _ in range(number):
        (each,) = outbox.due_head(store, "poster", "github", limit=1, after=found[-1] if found else "")
        outbox.sent(store, each)
        found.append(each.repository)
    return found


@pytest.mark.parametrize("state", [State.FAILED, State.RUNNING])
@pytest.mark.parametrize("age", [0, 3600])
def test_who_has_one_letter_waits_for_one_of_who_has_thousands(store: Store, state: State, age: int) -> None:
    """A push to 2,000 environments, and one to another's single one: fresh, and after an hour of outage."""
    say(store, "github/acme/flood", 2000, state)
    for name in ("github/acme/before", "github/acme/later", "github/zoo/last"):
        say(store, name, 1, state)
    time_passes(store, age)
    assert sorted(taken(store, 4)) == ["acme/before", "acme/flood", "acme/later", "zoo/last"]
    rest = taken(store, 8)
    assert rest.count("acme/flood") >= (5 if not age else 8)
    assert outbox.backlog(store) > 0


def test_who_pushes_after_an_outage_waits_for_nobodys_backlog(store: Store) -> None:
    """Thousands of ends of one repository go out late: what another one begins now is told in between."""
    say(store, "github/acme/flood", 500)
    time_passes(store, 3600)
    say(store, "github/acme/fresh", 1, State.RUNNING)
    assert taken(store, 4) == ["acme/flood", "acme/fresh", "acme/flood", "acme/fresh"]
    with store.reading() as tx:
        rows = tx.rows(sa.text("SELECT payload FROM outbox WHERE repository = 'acme/flood' AND outcome = 'sent'"))
    assert all('"failed"' in row["payload"] for row in rows)


def test_who_is_quiet_loses_its_turn_and_nobody_elses(store: Store) -> None:
    """The owner of the flood is limited: the others go on among themselves."""
    say(store, "github/acme/flood", 50)
    for name in ("github/bee/one", "github/cat/one"):
        say(store, name, 2)
    quieting.quiet(store, "github/acme", 600)
    assert taken(store, 4) == ["bee/one", "cat/one", "bee/one", "cat/one"]


@pytest.mark.programs
def test_a_reporter_gives_each_repository_its_turn(at_github: Desk) -> None:
    """Thirty statuses wait for one repository, one came later for another: it is the second that GitHub hears."""
    at_github.forge.create_repository("acme/small", {"a": "1"})
    sha = at_github.forge.projects["acme/small"].bare.resolve("refs/heads/main")
    for number in range(30):
        at_github.say(State.FAILED, context=f"pushboat/{number}")
    with at_github.store.writing() as tx:
        status = Status(context="pushboat/a", state=State.FAILED, description="so", path="/")
        put_all(tx, "github/acme/small", [StatusLetter(sha=sha, status=status)])
    at_github.report()
    with at_github.store.reading() as tx:
        rows = tx.rows(sa.text("SELECT repository FROM outbox ORDER BY sent_at, id"))
    assert [row["repository"] for row in rows].index("acme/small") == 1
    posted = [one.path.split("/")[5] for one in at_github.forge.requests if one.method == "POST"]
    assert posted.index("small") == 1
    assert at_github.outcomes() == ["sent"] * 31
