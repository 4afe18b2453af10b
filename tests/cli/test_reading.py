"""What the store knows, read at a terminal: one thing by its number, and what holds for all that is shown."""

import json
from pathlib import Path

import pytest

from pushboat.model.changeset import Action, Change, FieldChange, PlanWarning, Topic
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.store import ending, lanes
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.cli.what_happened import SHOP, deployed, push, queued

EVIL = "red \x1b[31m text"


def test_what_strangers_wrote_cannot_steer_the_terminal(pushboat: Pushboat, store: Store) -> None:
    """Control characters in reasons and refs are shown, not obeyed."""
    delivery = push(store, "d-1")
    deployed(store, delivery, EVIL)
    for words in (("status",), ("history",), ("deliveries", "show", str(delivery))):
        printed = pushboat(*words).stdout
        assert "\x1b" not in printed
        assert "\\x1b[31m" in printed


def test_a_reader_who_has_read_enough_is_no_error(pushboat: Pushboat, store: Store) -> None:
    """A closed pipe ends the command quietly."""
    delivery = push(store, "d-1")
    deployed(store, delivery, "fine")
    # The command inherits a stdout whose reader is gone already.
    import os
    import subprocess
    import sys

    reader, writer = os.pipe()
    os.close(reader)
    home = store.engine.url.database
    assert home is not None
    finished = subprocess.run(
        [sys.executable, "-m", "cli.main", "history", "--json"],
        cwd=Path(home).parent.parent,
        env={**os.environ, "HOOK_SECRET": "x" * 20, "TOKEN": "x" * 20},
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert (finished.returncode, finished.stderr) == (0, "")


def test_db_upgrade_makes_the_tables_once(pushboat: Pushboat, home: Path) -> None:
    """The first run makes them, the second has nothing to do; before it, commands say what to run."""
    assert "start `pushboat serve`" in pushboat("status").stderr
    assert "the store is upgraded" in pushboat("db", "upgrade").stderr
    assert "nothing to do" in pushboat("db", "upgrade").stderr
    assert pushboat("status").returncode == 0


def test_show_tells_fields_warnings_and_refusals(pushboat: Pushboat, store: Store) -> None:
    """The terminal says of each object what its page says: why, what to beware of, and each field."""
    number = queued(store, push(store, "1"))
    held = lanes.claim(store, number, "test")
    assert held is not None
    web, job = Ref("apps", "Deployment", "shop", "web"), Ref("batch", "Job", "shop", "j")
    zero = PlanWarning(topic=Topic.SCALED_TO_ZERO, sentence="Deployment/shop/web will run nothing")
    fields = tuple(FieldChange(path=f"spec.f{place}", old="3", new=json.dumps("\x1b[31m")) for place in range(12))
    changes = [
        Change(ref=web, action=Action.CONFIGURED, fields=fields, warnings=(zero,)),
        Change(ref=job, action=Action.REFUSED, why="give the Job a new name"),
    ]
    assert ending.finish(store, held, State.FAILED, "refused", changes=changes)
    said = pushboat("show", str(number)).stdout
    for line in ("refused    Job/shop/j", "give the Job a new name", "warning: Deployment/shop/web will run nothing"):
        assert line in said
    assert "spec.f0: 3 → " in said
    assert "and 2 more fields: --json has them all" in said
    assert "\u001b[31m" not in said
    items = json.loads(pushboat("show", str(number), "--json").stdout)["changes"]
    assert [(each["action"], len(each["fields"])) for each in items] == [("refused", 0), ("configured", 12)]


def test_the_newest_is_shown_by_a_word(pushboat: Pushboat, store: Store) -> None:
    """Who has no number at hand says `latest`: of deployments, and of deliveries."""
    assert "nothing was deployed yet" in pushboat("show", "latest").stderr
    assert "nothing came in yet" in pushboat("deliveries", "show", "latest").stderr
    deployed(store, push(store, "1"), "3 objects: 3 created")
    newest = deployed(store, push(store, "2"), "4 objects: 4 created")
    assert json.loads(pushboat("show", "latest", "--json").stdout)["id"] == newest
    assert json.loads(pushboat("show", f"#{newest}", "--json").stdout)["id"] == newest
    assert json.loads(pushboat("deliveries", "show", "latest", "--json").stdout)["delivery"] == "2"


@pytest.mark.parametrize("written", ["web", "0", "-1", "1.5", "٣", "9" * 5000])
def test_what_is_no_number_is_told_where_numbers_stand(pushboat: Pushboat, store: Store, written: str) -> None:
    """Not a bare usage error: the command that lists them; of a commit, the one that lists its own."""
    for command, lists in ((("show",), "pushboat history"), (("deliveries", "show"), "pushboat deliveries list")):
        refused = pushboat(*command, "--", written)
        assert refused.returncode == 2
        assert f"`{lists}` lists them, and `latest` is the newest" in " ".join(refused.stderr.split())


def test_a_commit_is_no_number_and_leads_to_some(pushboat: Pushboat, store: Store) -> None:
    """Whoever pastes a commit is given the command that finds its deployments."""
    assert "`pushboat history --sha 1a2b3c4` lists them" in pushboat("show", "1a2b3c4").stderr


def test_logs_of_a_number_are_those_of_its_environment(pushboat: Pushboat, store: Store) -> None:
    """`pushboat logs 7` reads the pods of that deployment while they are the newest, and else says which are there."""
    first = deployed(store, push(store, "1"), "3 objects: 3 created")
    second = deployed(store, push(store, "2"), "3 objects: 3 created")
    followed = pushboat("logs", str(first))
    assert followed.returncode == 1
    assert f"was followed by {second}, whose pods are there now: pushboat logs {SHOP} staging" in followed.stderr
    assert "no container of the newest deployment's 0 objects" in pushboat("logs", "latest").stderr
    assert f"logs of which environment: staging? pushboat logs {SHOP} …" in pushboat("logs", SHOP).stderr
    assert "`pushboat history` lists them" in pushboat("logs", "staging").stderr
