"""The operator learns how much room Pushboat takes, and can give back what it does not need."""

from pathlib import Path

from pushboat.store import processes
from pushboat.store.database.engine import open_store
from tests.cli.conftest import Pushboat
from tests.cli.test_doctor import lines


def test_the_doctor_says_how_much_room_everything_takes(pushboat: Pushboat, home: Path) -> None:
    """One line names store, git caches, broker and what is left."""
    assert pushboat("db", "upgrade").returncode == 0
    found = lines(pushboat("doctor", "--json"))["disk"]
    assert found["result"] in ("PASS", "WARN")
    for word in ("store ", "git caches 0.0 MiB", "broker 0.0 MiB", " free in "):
        assert word in found["sentence"]


def test_vacuum_says_what_it_gave_back_and_refuses_while_pushboat_runs(pushboat: Pushboat, home: Path) -> None:
    """Stopped: the sizes before and after. Running: a sentence that says to stop it first, and exit code 1."""
    assert pushboat("db", "upgrade").returncode == 0
    done = pushboat("db", "vacuum")
    assert done.returncode == 0, done
    assert "MiB and takes" in done.stdout + done.stderr
    (file,) = home.rglob("pushboat.sqlite3")
    store = open_store("", file.parent)
    processes.beat(store, "worker", 1)
    store.close()
    refused = pushboat("db", "vacuum")
    assert refused.returncode == 1, refused
    assert "stop it" in refused.stderr
