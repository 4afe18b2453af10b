"""What a deployment did is said in the same words in a status, on a page and in the terminal."""

from pathlib import Path

from pushboat.model import wording
from pushboat.model.changeset import Action
from pushboat.model.deployment import Counts

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("pushboat", "webhook", "dashboard", "workers", "cli")


def test_a_deployment_is_counted_in_the_words_of_the_api() -> None:
    """created, configured, deleted and unchanged, and nothing that did not happen."""
    counts = Counts(created=3, configured=1, deleted=2, unchanged=9)
    assert wording.did(counts) == "3 created, 1 configured, 2 deleted, 9 unchanged"
    counts = Counts(created=3, configured=1, deleted=2, unchanged=9, recreated=1, refused=1)
    assert wording.did(Counts(unchanged=9)) == "9 unchanged"
    assert wording.did(Counts()) == "none"
    assert all(action.value in wording.did(counts) for action in Action)


def test_nobody_else_writes_these_sentences() -> None:
    """There is one place where "3 to create" is written, so that no surface says it otherwise."""
    sources = [file for room in PRODUCT for file in (ROOT / room).rglob("*") if file.suffix in (".py", ".html")]
    writing = {str(file.relative_to(ROOT)) for file in sources if "} to create" in file.read_text()}
    assert writing == {"pushboat/model/wording.py"}


def test_what_was_recreated_is_said_where_there_is_any() -> None:
    """An object that was deleted and made anew is no mere change: it has its own word and counts as an object."""
    counts = Counts(created=1, configured=2, recreated=1, unchanged=3)
    assert wording.did(counts) == "1 created, 2 configured, 1 recreated, 3 unchanged"
    assert wording.would_do(counts) == "1 to create, 2 to change, 1 to recreate, 0 to delete"
    assert (counts.total, counts.changes_something) == (7, True)
    assert Counts(recreated=1).changes_something
    assert wording.would_do(Counts(created=3)) == "3 to create, 0 to change, 0 to delete"
