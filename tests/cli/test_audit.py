"""`pushboat audit`: who decided what, whether it stands as it was written, and a stamp to keep elsewhere."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.model.ask import Ask, Source
from pushboat.model.release import Render
from pushboat.model.state import State
from pushboat.sealing import Key
from pushboat.store import audit, ending, release_records, stamping
from pushboat.store.database.ask_tables import audit as entries
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.cli.test_doctor import lines
from tests.fresh_store import fresh_store
from tests.our_key import our_key
from tests.store.repository import Repository, deploy

SHOP = "github/acme/shop"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """A store with two refused asks, the first under a stamp."""
    (home / "var").mkdir()
    opened = fresh_store(home / "var")
    refuse(opened, "wendy", "no \x1b[31m lock")
    stamping.stamp(opened, our_key(home / "var"))
    refuse(opened, "walt", "no lock either")
    yield opened
    opened.close()


def refuse(store: Store, who: str, why: str) -> None:
    """Refuse somebody a lock."""
    with store.writing() as tx:
        audit.refuse(
            tx, [Ask(word="lock", who=who, source=Source.COMMENT, repository=SHOP, environment="staging")], 0, why
        )


def test_decisions_are_listed_and_stand_as_they_were_written(pushboat: Pushboat, store: Store) -> None:
    """I see who wanted what, page by page, and that nobody touched it since."""
    del store
    lines = pushboat("audit", "list").stdout.splitlines()
    assert [line.partition(" UTC ")[2] for line in lines] == [
        f"walt by comment: lock {SHOP} staging: refused. no lock either",
        f"wendy by comment: lock {SHOP} staging: refused. no \\x1b[31m lock",
    ]
    page = json.loads(pushboat("audit", "list", SHOP, "--limit", "1", "--json").stdout)
    assert ([each["who"] for each in page["items"]], page["next"]) == (["walt"], 2)
    page = json.loads(pushboat("audit", "list", "--before", "2", "--json").stdout)
    assert [each["who"] for each in page["items"]] == ["wendy"]
    verified = pushboat("audit", "verify")
    assert verified.returncode == 0
    assert "2 decisions, each as it was written" in verified.stderr
    assert "1 decision since the newest stamp" in verified.stderr
    told = json.loads(pushboat("audit", "verify", "--json").stdout)
    assert (told["sound"], told["entries"], told["unstamped"]) == (True, 2, 1)


def test_a_filter_that_finds_nothing_is_not_an_empty_audit(pushboat: Pushboat, store: Store) -> None:
    """A mistyped name says that nothing fits; a cut list says how it goes on; what cannot be meant is refused."""
    del store
    assert "no entry fits" in pushboat("audit", "list", f"{SHOP}x").stderr
    assert "older ones: --before 2" in pushboat("audit", "list", "--limit", "1").stderr
    assert "older ones" not in pushboat("audit", "list").stderr
    assert (
        pushboat("audit", "list", "--verdict", "refused", "--source", "comment", "--since", "1d").stdout.count("\n")
        == 2
    )
    for wrong in (("--since", "yesterday"), ("--verdict", "accepted"), ("--source", "sky")):
        assert pushboat("audit", "list", *wrong).returncode == 2


def test_the_first_broken_entry_is_named(pushboat: Pushboat, store: Store) -> None:
    """Somebody rewrote one, also to what is no time: exit code 1, its line, and what to do."""
    with store.writing() as tx:
        tx.change(sa.update(entries).where(entries.c.who == "wendy").values(who="nobody I know", at=1e300))
    broken = pushboat("audit", "verify")
    assert broken.returncode == 1
    assert "nobody I know by comment: lock" in broken.stdout
    assert "not what was written" in broken.stderr
    told = json.loads(pushboat("audit", "verify", "--json").stdout)
    assert (told["sound"], told["entry"]["id"]) == (False, 1)
    assert "[not as it was written" in pushboat("audit", "list").stdout.splitlines()[1]


def test_a_noted_stamp_finds_what_was_written_anew(pushboat: Pushboat, store: Store) -> None:
    """I keep a stamp elsewhere; a store that was begun anew does not have it, whatever key it has."""
    noted = pushboat("audit", "stamp").stdout.strip()
    assert pushboat("audit", "verify", "--noted", noted).returncode == 0
    assert pushboat("audit", "verify", "--noted", f"1:{'0' * 64}").returncode == 1
    assert pushboat("audit", "verify", "--noted", f"7:{'0' * 64}").returncode == 1
    assert pushboat("audit", "verify", "--noted", "nonsense").returncode == 2
    assert pushboat("audit", "verify", "--key", "nonsense").returncode == 2
    with store.writing() as tx:
        tx.change(sa.delete(entries))
        tx.change(sa.text("DELETE FROM audit_stamp"))
    assert pushboat("audit", "verify").returncode == 0
    assert pushboat("audit", "verify", "--noted", noted).returncode == 1
    assert pushboat("audit", "stamp").returncode == 1


def test_a_release_has_a_signed_record(pushboat: Pushboat, store: Store, home: Path) -> None:
    """I print it; what another key signed, or somebody changed, is printed and refused."""
    repository = Repository(store)
    (made,) = repository.route(deploy("a"))
    assert pushboat("audit", "record", str(made.id)).returncode == 1
    render = Render(contents={}, packed=b"")
    ending.finish(store, repository.claim(made), State.SUCCEEDED, "healthy", render=render)
    waits = pushboat("audit", "record", str(made.id))
    assert (waits.returncode, "not signed yet" in waits.stderr) == (1, True)
    ours, another = our_key(home / "var"), Key("another key of so many characters")
    release_records.sign_due(store, another)
    told = pushboat("audit", "record", str(made.id))
    assert (told.returncode, json.loads(told.stdout)["payloadType"]) == (1, "application/vnd.in-toto+json")
    assert pushboat("audit", "record", str(made.id), "--key", another.public().hex()).returncode == 0
    with store.writing() as tx:
        tx.change(sa.text("UPDATE release_record SET envelope = ''"))
    release_records.sign_due(store, ours)
    assert pushboat("audit", "record", str(made.id)).returncode == 0
    with store.writing() as tx:
        tx.change(sa.text("UPDATE release_record SET envelope = '{}'"))
    assert pushboat("audit", "record", str(made.id)).returncode == 1


def test_a_machine_with_another_key_is_told(pushboat: Pushboat, home: Path, store: Store) -> None:
    """A second machine made a key of its own: Secrets of one cannot be opened by the other, and stamps contradict."""
    ours, theirs = our_key(home / "var"), Key("the key that another machine made")
    assert lines(pushboat("doctor", "--json"))["encryption key"]["result"] == "PASS"
    stamping.stamp(store, theirs)
    found = lines(pushboat("doctor", "--json"))["encryption key"]
    assert (found["result"], "another key" in found["sentence"]) == ("FAIL", True)
    assert "encryption_key" in found["fix"]
    refuse(store, "wendy", "no")
    stamping.stamp(store, ours)  # both go on: the newest is ours, and the other is still at work
    assert lines(pushboat("doctor", "--json"))["encryption key"]["result"] == "FAIL"


def test_a_key_that_took_the_place_of_a_lost_one_is_no_trouble(pushboat: Pushboat, home: Path, store: Store) -> None:
    """The old key is gone for good: once the new one has stamped, all is said to be well."""
    (home / "var" / "encryption-key").unlink()
    assert lines(pushboat("doctor", "--json"))["encryption key"]["result"] == "FAIL"
    stamping.stamp(store, our_key(home / "var"))
    assert lines(pushboat("doctor", "--json"))["encryption key"]["result"] == "PASS"
