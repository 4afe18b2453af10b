"""Hooks are no objects of an environment, and are shown beside them: which, by whose word, and how each went."""

import pytest

from pushboat.model.hook import Hook
from pushboat.model.state import Kind, State
from pushboat.store import hook_runs, lanes, progress_lines
from pushboat.store.ending import finish
from pushboat.store.progress_lines import Line
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import text_of
from tests.receiving.front_door import FrontDoor

MIGRATE = Hook(key="before Job/shop/migrate", said="PreSync", group="batch", run="1-a-0-before")
NOTIFY = Hook(key="after Job/shop/notify", said="post-upgrade", group="batch", run="1-a-0-after")
ALARM = Hook(key="on_failure Job/shop/alarm", said="SyncFail", group="batch", run="1-a-0-on_failure")


@pytest.mark.proves("hooks-shown")
def test_hooks_stand_beside_the_objects(front_door: FrontDoor, ledger: Ledger) -> None:
    """The page and the API say where each hook stands and why one failed; what never had its turn says so."""
    made = ledger.queued()
    claim = lanes.claim(ledger.store, made.id, "worker")
    assert claim
    hook_runs.due(ledger.store, claim, [MIGRATE, NOTIFY, ALARM])
    hook_runs.began(ledger.store, claim, MIGRATE.key)
    form = front_door.get(f"/api/v1/deployments/{made.id}").json()
    assert [each["state"] for each in form["hooks"]] == ["running", "due", "due"]
    hook_runs.ended(ledger.store, claim, MIGRATE.key, "failed", "Job/shop/migrate: no such table")
    finish(ledger.store, claim, State.FAILED, "hook PreSync failed")
    form = front_door.get(f"/api/v1/deployments/{made.id}").json()
    first = form["hooks"][0]
    assert first.pop("began_at") <= first.pop("ended_at")
    assert first == {
        "ref": "Job/shop/migrate",
        "phase": "before",
        "hook": "PreSync",
        "state": "failed",
        "reason": "Job/shop/migrate: no such table",
    }
    assert [each["state"] for each in form["hooks"]] == ["failed", "not_run", "not_run"]
    page = text_of(front_door, made.path)
    assert "Hooks 3, run beside the objects" in page
    assert "failed PreSync Job/shop/migrate" in page
    assert "no such table" in page
    assert "not run SyncFail Job/shop/alarm" in page


def test_a_plan_that_only_runs_hooks_says_so(front_door: FrontDoor, ledger: Ledger) -> None:
    """It changes no object, and is not nothing."""
    made = ledger.queued(kind=Kind.PLAN, number=7)
    claim = lanes.claim(ledger.store, made.id, "worker")
    assert claim
    hook_runs.due(ledger.store, claim, [MIGRATE, ALARM])
    finish(ledger.store, claim, State.SUCCEEDED, "0 to create, 0 to change, 0 to delete, 1 hook to run")
    page = text_of(front_door, made.path)
    assert "Merging runs 1 hook in staging and changes no object" in page
    assert "due PreSync Job/shop/migrate" in page


def test_what_a_running_deployment_waits_for_is_said_everywhere(front_door: FrontDoor, ledger: Ledger) -> None:
    """Lists, the environment's line and the deployment itself name the object that everything else waits for."""
    made = ledger.queued()
    claim = lanes.claim(ledger.store, made.id, "worker")
    assert claim
    said = "waiting for hook PreSync Job/shop/migrate: 1 of 1 pods run; waited 12 s of 10m"
    progress_lines.record(ledger.store, [Line(deployment=made.id, phase="wait", text=said)])
    for path in ("/", made.path):
        assert said in text_of(front_door, path)
    listed = front_door.get("/api/v1/deployments").json()["items"][0]
    assert (listed["waits"], listed["reason"]) == (said, said)
    assert front_door.get("/api/v1/environments").json()["items"][0]["latest"]["waits"] == said
    progress_lines.record(ledger.store, [Line(deployment=made.id, phase="apply", text="wave 2 of 2: 1 object")])
    assert front_door.get(f"/api/v1/deployments/{made.id}").json()["waits"] == ""
