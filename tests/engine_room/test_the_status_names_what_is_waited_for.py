"""A deployment that waits for long says beside its commit for which object: once for each, and not every second."""

from pathlib import Path

from pushboat.store import announcing
from tests.fresh_store import fresh_store
from tests.store.repository import Repository
from workers.deploying.reminding import Reminder

SAID = "waiting for hook PreSync Job/shop/migrate: 1 of 1 pods run"


def test_the_commit_shows_what_its_deployment_waits_for(tmp_path: Path) -> None:
    """I read the object and why on my commit; how long it took by then would be wrong a moment later."""
    store = fresh_store(tmp_path)
    repository = Repository(store)
    made = repository.push("a")
    claim = repository.claim(made)
    announcing.remind(store, claim, f"{SAID}; waited 31 s of 10m; then comes wave 2 of 3 (ConfigMap/shop/a)")
    assert repository.shown("a")[-1] == ("running", SAID)
    store.close()


def test_a_status_is_posted_for_another_object_only() -> None:
    """A forge is not told every second that the same Job still runs."""
    fresh = Reminder()
    assert not fresh.due(SAID)
    patient = Reminder(first_after=0.0, every=0.0)
    assert patient.due(SAID)
    assert not patient.due(f"{SAID}; waited 40 s of 10m")
    assert patient.due("waiting for Deployment/shop/web: 0 of 2 ready")
