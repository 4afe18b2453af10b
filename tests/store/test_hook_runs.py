"""How hooks ended is written once, by the attempt that holds the deployment, and read by the next one."""

from pushboat.store import ending, hook_runs
from tests.store.repository import Repository, time_passes


def test_the_first_word_stands(repository: Repository) -> None:
    """What was written down before a crash is not written anew after it."""
    made = repository.push("a")
    claim = repository.claim(made)
    hook_runs.ended(repository.store, claim, "before Job/shop/migrate", "failed")
    hook_runs.ended(repository.store, claim, "before Job/shop/migrate", "succeeded")
    assert hook_runs.outcomes(repository.store, made.id) == {"before Job/shop/migrate": "failed"}


def test_an_attempt_that_lost_its_lane_writes_nothing(repository: Repository) -> None:
    """Only the worker that holds the deployment says how its hooks ended."""
    made = repository.push("a")
    old = repository.claim(made, 1.0)
    time_passes(repository.store, 10)
    ending.sweep(repository.store)
    time_passes(repository.store, 60)
    repository.claim(made)
    hook_runs.ended(repository.store, old, "before Job/shop/migrate", "failed")
    assert hook_runs.outcomes(repository.store, made.id) == {}
