"""I narrow the audit to what I look for, and each entry leads to its commit, deployment and delivery."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.audit_row import row_form
from pushboat.model.state import State
from pushboat.routing import Answer
from pushboat.sealing import Key
from pushboat.store import audit, audit_rows, ending, stamping
from pushboat.store.audit_rows import Sought
from pushboat.store.database.ask_tables import audit as entries
from pushboat.store.database.engine import Store
from tests.fresh_store import fresh_store
from tests.store.repository import NAME, Repository, deploy

KEY = Key("a key of thirty-two characters …")
SHA = "1a2b3c4d" * 5
WENDY = Ask(word="lock", who="Wendy", source=Source.COMMENT, repository=NAME, environment="staging", sha=SHA)
ROOT = replace(WENDY, who="root on the command line", word="unlock", source=Source.COMMAND, environment="live")
LOGS_IN = Ask(word="log in", who="Wendy (sso.example)", source=Source.PAGE, repository="")


def decide(store: Store, *asked: Ask, verdict: AskVerdict = AskVerdict.DONE) -> None:
    """Write down what became of asks."""
    with store.writing() as tx:
        for each in asked:
            audit.append(tx, each, 0, Answer(verdict=verdict, reason="so it is"), None)


def who(store: Store, **sought: object) -> list[str]:
    """Name whose entries are found, newest first."""
    return [row.entry.who for row in audit_rows.listed(store, Sought(**sought))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ({}, "LRW"),
        ({"of_no_repository": False}, "RW"),
        ({"repositories": {NAME}}, "RW"),
        ({"repositories": {NAME, "github/acme/other"}}, "RW"),
        ({"repositories": set()}, ""),
        ({"environment": "live"}, "R"),
        ({"who": "wendy"}, "LW"),
        ({"who": "root"}, "R"),
        ({"who": "wend"}, ""),
        ({"who": "%"}, ""),
        ({"word": "log in"}, "L"),
        ({"source": "command"}, "R"),
        ({"verdict": "refused"}, ""),
        ({"verdict": "done", "limit": 1}, "L"),
        ({"before": 2}, "W"),
    ],
)
def test_a_filter_finds_what_it_says_and_nothing_else(store: Store, sought: dict[str, object], found: str) -> None:
    """By whom, where, what, from where and with which answer; a name is found as forges compare names."""
    decide(store, WENDY, ROOT, LOGS_IN)
    names = {"W": WENDY.who, "R": ROOT.who, "L": LOGS_IN.who}
    assert who(store, **sought) == [names[each] for each in found]


@pytest.mark.parametrize("repositories", [None, {NAME}, {NAME, "github/acme/other", "github/acme/third"}])
def test_no_list_sorts_all_entries_that_there_are(tmp_path: Path, repositories: set[str] | None) -> None:
    """Also who may read several repositories is given the newest ones, however many are behind them."""
    wanted = audit_rows.query(Sought(repositories=repositories))
    with closing(fresh_store(tmp_path)) as opened, opened.reading() as tx:
        written = wanted.compile(opened.engine, compile_kwargs={"literal_binds": True})
        plan = [row["detail"] for row in tx.rows(sa.text(f"EXPLAIN QUERY PLAN {written}"))]
    assert not any("ORDER BY" in each for each in plan), plan
    assert len(plan) == 4, "entries, and what each of them leads to"


def test_since_and_asked_leave_out_what_they_say(store: Store, repository: Repository) -> None:
    """What is older, and what nobody asked for."""
    decide(store, WENDY)
    now = store.now()
    with store.writing() as tx:
        tx.change(sa.update(entries).values(at=now - 100.0))
    repository.route(deploy(SHA))
    assert who(store) == ["ann", "Wendy"]
    assert who(store, since=now - 50.0) == ["ann"]
    assert who(store, asked=True) == ["Wendy"]


def test_an_entry_leads_to_what_it_is_about(store: Store, repository: Repository) -> None:
    """The commit is the deployment's; of what is not kept any more the entry says so, and leads nowhere."""
    (made,) = repository.route(deploy(SHA))
    ending.finish(store, repository.claim(made), State.FAILED, "no")
    with store.writing() as tx:
        audit.append(tx, WENDY, 99, Answer(verdict=AskVerdict.REFUSED, reason="no"), 99)
    gone, ended, begun = audit_rows.listed(store, Sought())
    assert [(row.sha, row.deployed, row.by_account) for row in (ended, begun)] == [(SHA, True, True)] * 2
    assert (gone.sha, gone.deployed, gone.delivered, gone.by_account) == ("", False, False, True)


def test_what_was_tampered_with_is_marked(store: Store) -> None:
    """Somebody changes a word, or puts in what is none: the entry is shown as it stands, and as broken."""
    decide(store, WENDY, ROOT, LOGS_IN)
    assert not any(row.broken for row in audit_rows.listed(store, Sought()))
    with store.writing() as tx:
        tx.change(sa.update(entries).where(entries.c.who == ROOT.who).values(source="heaven", verdict="fine", at=1e300))
    newest, changed, oldest = audit_rows.listed(store, Sought())
    assert [newest.broken, changed.broken, oldest.broken] == [False, True, False]
    assert (changed.entry.source, changed.entry.verdict, changed.at, changed.when) == ("heaven", "fine", None, "1e+300")
    with store.writing() as tx:
        tx.change(sa.delete(entries).where(entries.c.who == ROOT.who))
    assert [row.broken for row in audit_rows.listed(store, Sought())] == [True, False]


@pytest.mark.parametrize(
    ("column", "value"),
    [("position", "nowhere"), ("position", -(2**63)), ("position", 1.5), ("who", b"\xff"), ("delivery_id", b"1")],
)
def test_an_entry_that_is_none_takes_no_list_away(tmp_path: Path, column: str, value: object) -> None:
    """Whoever can write into the store's file hides nothing by it: the entry is shown, and as broken."""
    with closing(fresh_store(tmp_path)) as opened:
        decide(opened, WENDY, ROOT)
        with opened.writing() as tx:
            tx.change(sa.text(f"UPDATE audit SET {column} = :value WHERE id = 2"), value=value)
        rows = audit_rows.listed(opened, Sought())
        assert [row.broken for row in rows] == [True, False]
        assert json.dumps([row_form(row) for row in rows])
        assert stamping.verify(opened, ()).broken


def test_an_entry_that_a_stamp_was_made_of_is_missed_as_well(store: Store) -> None:
    """In a quiet hour each entry has a stamp of its own: somebody takes one out, and the next one says so."""
    for each in (WENDY, ROOT, LOGS_IN):
        decide(store, each)
        stamping.stamp(store, KEY)
    with store.writing() as tx:
        tx.change(sa.delete(entries).where(entries.c.who == ROOT.who))
    assert [row.broken for row in audit_rows.listed(store, Sought())] == [True, False]


def test_what_retention_took_breaks_nothing(store: Store) -> None:
    """The stamp that stands for it is what the oldest entry is bound to, also while entries go."""
    decide(store, *[ROOT] * (stamping.FEW + 2))
    stamping.stamp(store, KEY)
    decide(store, LOGS_IN)
    for rest in (True, False):
        assert stamping.let_go(store, KEY, -100.0, lambda rest=rest: rest)  # type: ignore[misc]
        assert not any(row.broken for row in audit_rows.listed(store, Sought()))
