"""`pushboat drift`, `status` and `doctor` never take "nobody knows" for "nothing drifted"."""

import json

from pushboat.model.deployment import Lane
from pushboat.store import inspections
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.store.drifted import SAID, SCALED, claimed, inspected, released
from tests.store.repository import Repository

PLACE = ("github/acme/shop", "staging")
LANE = Lane(repository=PLACE[0], environment=PLACE[1])


def test_while_something_is_deployed_there_is_no_answer(pushboat: Pushboat, store: Store) -> None:
    """What runs is neither the old nor the new: exit code 3, and what to do."""
    repository = Repository(store)
    released(store, repository.push("a"))
    running = repository.claim(repository.push("b"))
    asked = pushboat("drift", *PLACE)
    assert (asked.returncode, asked.stdout) == (3, "")
    assert f"deployment {running.deployment.id} is changing staging just now: ask again after it" in asked.stderr


def test_what_the_timer_found_stands_in_status_show_and_doctor(pushboat: Pushboat, store: Store) -> None:
    """Drift is a finding, and so is that nobody knows."""
    made = released(store, Repository(store).push("a"))

    def finding() -> tuple[str, str]:
        lines = json.loads(pushboat("doctor", "--json").stdout)
        (line,) = [each for each in lines if each["check"] == "github/acme/shop staging drift"]
        return line["result"], line["sentence"]

    inspected(store, LANE, SCALED)
    assert finding()[0] == "WARN"
    assert SAID in " ".join(pushboat("status").stdout.split())
    assert SAID in pushboat("show", str(made.id)).stdout
    inspected(store, LANE)
    inspections.troubled(store, claimed(store, LANE), "cluster dev does not answer", 600.0)
    assert finding()[0] == "UNKNOWN"
    assert "drift is not known: cluster dev does not answer, since " in " ".join(pushboat("status").stdout.split())
