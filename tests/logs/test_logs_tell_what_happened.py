"""The log: one line for each thing that happened, with its ids; nothing that strangers wrote can forge one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PUSH = """
import logging, sys
from pathlib import Path
from pushboat import logs
logs.set_up()
from pushboat.events import Event, EventKind
from pushboat.model.state import State
from pushboat.store import deliveries, ending, lanes, outbox
from pushboat.store.database.engine import open_store
from pushboat.store.database.migrations import upgrade
from tests.cli.what_happened import deployed
store = open_store("", Path(sys.argv[1]))
upgrade(store)
event = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/main", sha="1a2b3c4" * 5)
for _ in range(2):
    number = deliveries.accept(store, "github", "d-1", event).id
deployed(store, number, "fine\\nWARNING forged")
for letter in outbox.due_head(store, "test", "github"):
    outbox.sent(store, letter)
"""
WARNINGS = """
import logging, warnings
from pushboat import logs
logs.set_up()
warnings.simplefilter("always", UserWarning, append=True)  # as urllib3 does for its own
for number in range(5):
    warnings.warn("unverified HTTPS request is being made to host 'x'", UserWarning, stacklevel=1)
    logging.getLogger("urllib3.connectionpool").warning("Retrying (%s)", number)
    logging.getLogger("workers.reporting").warning("github waits")
"""


def logged(script: str, *words: str | Path, **environ: str) -> list[str]:
    """Run a script as a process of its own and give the lines of its log."""
    finished = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return finished.stderr.splitlines()


def test_each_delivery_deployment_and_letter_is_one_line(tmp_path: Path) -> None:
    """At INFO the log follows a push by its ids."""
    lines = logged(PUSH, tmp_path, PUSHBOAT_LOG="INFO")
    assert [line for line in lines if "delivery 1 of github/acme/shop: push 1a2b3c4 accepted" in line]
    assert [line for line in lines if "delivery 1 of github/acme/shop: push 1a2b3c4 duplicate" in line]
    assert [line for line in lines if "deployment 1 of github/acme/shop 1a2b3c4 to staging succeeded after" in line]
    letter = f"letter 1: status github/acme/shop {'1a2b3c4' * 5} pushboat/staging: sent"
    assert [line for line in lines if letter in line]
    assert all(line[:4].isdigit() or line.startswith("    ") for line in lines)


def test_for_programs_each_line_is_an_object(tmp_path: Path) -> None:
    """The ids are keys, also where people's words hold line breaks."""
    rows = [json.loads(line) for line in logged(PUSH, tmp_path, PUSHBOAT_LOG="info", PUSHBOAT_LOG_FORMAT="json")]
    (ended,) = [row for row in rows if "seconds_since_accepted" in row]
    assert (ended["deployment"], ended["delivery"], ended["environment"]) == (1, 1, "staging")
    assert (ended["state"], ended["at"][-1]) == ("succeeded", "Z")
    assert "forged" in ended["message"]
    assert {row["verdict"] for row in rows if "verdict" in row} == {"accepted", "duplicate"}


def test_the_log_is_quiet_until_something_is_wrong(tmp_path: Path) -> None:
    """Without PUSHBOAT_LOG only warnings are logged."""
    assert logged(PUSH, tmp_path) == []


@pytest.mark.parametrize("form", ["", "json"])
def test_what_a_library_warns_of_at_each_request_is_heard_once(form: str) -> None:
    """Our own words come each time; a client's about one request once."""
    lines = logged(WARNINGS, PUSHBOAT_LOG_FORMAT=form)
    assert len([line for line in lines if "UserWarning: unverified HTTPS" in line]) == 1
    assert len([line for line in lines if "Retrying" in line]) == 1
    assert len([line for line in lines if "github waits" in line]) == 5


def test_a_level_that_does_not_exist_is_named() -> None:
    """A typo must not silence the log, nor stop the process."""
    assert "PUSHBOAT_LOG is one of DEBUG, INFO" in logged(WARNINGS, PUSHBOAT_LOG="loud")[0]
