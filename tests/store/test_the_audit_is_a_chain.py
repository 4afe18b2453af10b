"""What was decided stays as it was written: whoever changes it in the store is found out, and by which entry."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from pushboat.errors import StoreUnavailable
from pushboat.model.ask import Ask, Source
from pushboat.model.chain import Link, Soundness, words_of
from pushboat.model.state import WRITING, State
from pushboat.sealing import Key
from pushboat.store import audit, chaining, ending, stamping
from pushboat.store.database.ask_tables import audit as entries
from pushboat.store.database.ask_tables import audit_stamps
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Transaction
from tests.store.filled import fill
from tests.store.repository import NAME, Repository, deploy

KEY, ANOTHER = Key("a key of thirty-two characters …"), Key("another key of so many characters")
OURS = (KEY.public(),)
DAY = 24 * 3600.0


def ask(word: str = "lock") -> Ask:
    """Wendy wants something."""
    return Ask(word=word, who="wendy", source=Source.COMMENT, repository=NAME, environment="staging")


def decide(store: Store, *words: str) -> None:
    """Refuse as many asks, each in a transaction of its own."""
    for word in words:
        with store.writing() as tx:
            audit.refuse(tx, [ask(word)], 0, f"no {word} today")


def tamper(store: Store, statement: sa.Executable, **values: object) -> None:
    """Do what somebody does who can write into the database, and has no key."""
    with store.engine.begin() as connection:
        connection.execute(statement, values)


def found(store: Store, noted: Link | None = None) -> Soundness:
    """Verify with our key."""
    return stamping.verify(store, OURS, noted)


def test_every_decision_is_bound_and_what_was_written_is_sound(store: Store, repository: Repository) -> None:
    """I push and ask, and each decision is there with who, what and why, one after the other."""
    decide(store, "lock")
    (made,) = repository.route(deploy("a", "staging"))
    ending.finish(store, repository.claim(made), State.FAILED, "web crashes")
    said = [(each.word, each.source, each.verdict, each.reason) for each in reversed(audit.listed(store))]
    assert said == [
        ("lock", "comment", "refused", "no lock today"),
        ("begin", "pushboat", "done", "deploy of a (refs/heads/main), because of: push"),
        ("end", "pushboat", "refused", "failed: web crashes"),
    ]
    assert [each.deployment for each in audit.listed(store)][:2] == [made.id, made.id]
    sound = found(store)
    assert (sound.broken, sound.entries, sound.unstamped, sound.unbound) == ("", 3, 3, 0)


def test_what_never_began_has_an_end_too(store: Store, repository: Repository) -> None:
    """A newer push overtakes what waits, and a plan that writes nothing is no decision."""
    repository.route(deploy("a", "staging"))
    repository.route(deploy("b", "staging"))
    said = [each.reason for each in audit.listed(store) if each.word == "end"]
    assert len(said) == 1
    assert said[0].startswith("superseded: ")


CHANGES = {
    "at": 1.5,
    "who": "mallory",
    "source": "nowhere",
    "repository": "github/acme/cart",
    "environment": "production",
    "word": "unlock",
    "verdict": "done",
    "reason": "",
    "ask_id": 77,
    "delivery_id": 77,
    "deployment_id": 77,
    "link": "0" * 64,
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_entry_is_named(store: Store, column: str) -> None:
    """Somebody changes any word of one entry, and I am told which one."""
    decide(store, "one", "two", "three")
    tamper(store, sa.update(entries).where(entries.c.word == "two").values({column: CHANGES[column]}))
    sound = found(store)
    assert sound.broken.startswith("it is not what was written")
    assert sound.at
    assert (sound.at.id, sound.entries) == (2, 1)


def _take_one_out(_store: Store) -> sa.Executable:
    return sa.delete(entries).where(entries.c.word == "two")


def _take_the_first(_store: Store) -> sa.Executable:
    return sa.delete(entries).where(entries.c.word == "one")


def _take_the_last(_store: Store) -> sa.Executable:
    return sa.delete(entries).where(entries.c.word == "three")


def _close_the_gap(store: Store) -> sa.Executable:
    tamper(store, _take_one_out(store))
    return sa.update(entries).where(entries.c.word == "three").values(position=2)


def _unbind(_store: Store) -> sa.Executable:
    return sa.update(entries).where(entries.c.word == "two").values(position=None)


def _take_all(_store: Store) -> sa.Executable:
    return sa.delete(entries)


@pytest.mark.parametrize("change", [_take_one_out, _take_the_first, _take_the_last, _close_the_gap, _unbind, _take_all])
def test_entries_that_are_gone_are_missed(store: Store, change: Callable[[Store], sa.Executable]) -> None:
    """Somebody takes entries out, from wherever, and the stamp remembers; also when others were written since."""
    decide(store, "one", "two", "three")
    stamping.stamp(store, KEY)
    tamper(store, change(store))
    assert found(store).broken
    decide(store, "four")
    assert found(store).broken


def rewrite(store: Store, change: Callable[[Transaction], object]) -> None:
    """Change something and bind everything anew, as whoever knows our code can."""
    with store.writing() as tx:
        change(tx)
        tx.change(sa.update(entries).values(position=None, link=""))
        hidden = tx.rows(sa.select(audit_stamps))
        tx.change(sa.delete(audit_stamps))
        chaining.bind(tx)
        for stamp in hidden:
            tx.change(sa.insert(audit_stamps), **stamp)


def test_a_chain_written_anew_contradicts_its_stamps(store: Store) -> None:
    """Who knows how links are made and has no key is found out at the next stamp; without a stamp, by what I noted."""
    decide(store, "one", "two")
    stamping.stamp(store, KEY)
    noted = stamping.newest(store, OURS)
    assert noted
    decide(store, "three")
    assert not found(store, noted.link).broken
    rewrite(store, lambda tx: tx.change(sa.update(entries).where(entries.c.word == "one").values(who="mallory")))
    sound = found(store)
    assert "a stamp says otherwise" in sound.broken
    assert sound.at
    assert sound.at.word == "two"
    tamper(store, sa.delete(audit_stamps))
    assert not found(store).broken, "nothing is left that knows better"
    assert "what you noted says otherwise" in found(store, noted.link).broken


def test_a_seal_of_another_key_is_no_stamp(store: Store) -> None:
    """Somebody makes a key and stamps what they wrote: it is not ours; a key of before counts where I name it."""
    decide(store, "one")
    stamping.stamp(store, ANOTHER)
    assert "another key" in found(store).broken
    assert not stamping.verify(store, (*OURS, ANOTHER.public())).broken
    tamper(store, sa.update(audit_stamps).values(signature="no hexadecimal digits"))
    assert "another key" in stamping.verify(store, (*OURS, ANOTHER.public())).broken


def test_what_is_old_goes_up_to_a_stamp(store: Store) -> None:
    """Retention takes what is older, and the rest still stands on the stamp that it left; also halfway through."""
    many = [f"word-{number}" for number in range(stamping.FEW + 20)]
    decide(store, *many)
    stamping.stamp(store, KEY)
    decide(store, "later")
    assert stamping.let_go(store, KEY, DAY, lambda: False) == 0
    assert stamping.let_go(store, KEY, -DAY, lambda: True) == stamping.FEW, (
        "the first round, and then others want the store"
    )
    assert (found(store).broken, found(store).entries) == ("", 1)
    assert stamping.let_go(store, KEY, -DAY, lambda: False) == 20
    sound = found(store)
    assert (sound.broken, sound.entries) == ("", 1)
    assert sound.begins
    assert sound.begins.link.position == len(many)
    decide(store, "after")
    stamping.stamp(store, KEY)
    assert (found(store).broken, found(store).entries) == ("", 2)


def test_the_newest_entry_stays(store: Store) -> None:
    """Everything is old, and no number is given out twice."""
    decide(store, "one", "two")
    stamping.stamp(store, KEY)
    assert stamping.let_go(store, KEY, -DAY, lambda: False) == 1
    assert not found(store).broken
    decide(store, "three")
    assert [each.id for each in audit.listed(store)] == [3, 2]
    assert not found(store).broken


def test_retention_is_signed_for(store: Store) -> None:
    """Somebody takes the first entries up to a stamp, and says that retention did: with another key, or our stamp's."""
    decide(store, "one", "two")
    stamping.stamp(store, KEY)
    decide(store, "three")
    tamper(store, sa.delete(entries).where(entries.c.word != "three"))
    assert found(store).broken
    stamp = stamping.newest(store, OURS)
    assert stamp
    for until in ("", ANOTHER.sign(words_of(stamp.link, stands=True)).hex(), KEY.sign(words_of(stamp.link)).hex()):
        tamper(store, sa.update(audit_stamps).values(until=until))
        assert found(store).broken
    tamper(store, sa.update(audit_stamps).values(until=KEY.sign(words_of(stamp.link, stands=True)).hex()))
    assert not found(store).broken


def test_nothing_new_is_no_new_stamp(store: Store) -> None:
    """An installation where nothing happens grows by nothing."""
    assert not stamping.stamp(store, KEY)
    decide(store, "one")
    assert stamping.stamp(store, KEY)
    assert not stamping.stamp(store, KEY)


def test_entries_of_an_older_version_are_bound_with_the_next(store: Store) -> None:
    """The version before this one still runs beside it and knows of no chain."""
    decide(store, "one")
    with store.writing() as tx:
        tx.change(
            sa.insert(entries),
            at=tx.now,
            who="wendy",
            word="old",
            source="comment",
            verdict="done",
            ask_id=0,
            delivery_id=0,
        )
    assert (found(store).broken, found(store).unbound) == ("", 1)
    decide(store, "two")
    assert (found(store).broken, found(store).entries, found(store).unbound) == ("", 3, 0)


def test_whatever_writes_to_a_cluster_is_in_the_audit(store: Store) -> None:
    """However a deployment came to be and however it ended: there is an entry of each."""
    fill(store)
    with store.reading() as tx:
        written = sa.select(deployments).where(deployments.c.kind.in_(WRITING), deployments.c.same_as == 0)
        wrote = {row["id"]: row["state"] for row in tx.rows(written)}
        said = {(row["deployment_id"], row["word"]) for row in tx.rows(sa.select(entries))}
    assert set(wrote.values()) == {*State}
    assert [number for number in wrote if (number, "begin") not in said] == []
    ended = [number for number, state in wrote.items() if State(state).ended]
    assert [number for number in ended if (number, "end") not in said] == []
    assert not found(store).broken


def test_a_transaction_that_fails_decides_nothing(store: Store) -> None:
    """What is undone was never written down, and the chain goes on as if it had not been tried."""

    def fail() -> None:
        with store.writing() as tx:
            audit.refuse(tx, [ask()], 0, "no")
            tx.change(sa.text("SELECT nothing FROM nowhere"))

    with pytest.raises(StoreUnavailable):
        fail()
    decide(store, "one")
    assert (found(store).broken, found(store).entries) == ("", 1)


def test_many_decide_at_once(store: Store, url: str, tmp_path: Path) -> None:
    """Eight connections decide at the same time, and it is still one chain."""
    together = Barrier(8)

    def some(number: int) -> None:
        mine = open_store(url, tmp_path)
        together.wait()
        decide(mine, *(f"{number}-{turn}" for turn in range(5)))
        mine.close()

    threads = [Thread(target=some, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found(store).broken, found(store).entries) == ("", 40)
