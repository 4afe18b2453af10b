"""What a deployment did is said in the same words in a status, on a page and in the terminal."""

from pathlib import Path

from pushboat.model import wording
from pushboat.model.changeset import Action
from pushboat.model.deployment import Counts

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("pushboat", "webhook", "workers", "cli")


def test_a_deployment_is_counted_in_the_words_of_the_api() -> None:
    """created, configured, deleted and unchanged, and nothing that did not happen."""
    counts = Counts(created=3, configured=1, deleted=2, unchanged=9)
    assert wording.did(counts) == "3 created, 1 configured, 2 deleted, 9 unchanged"
    assert wording.did(Counts(unchanged=9)) == "9 unchanged"
    assert wording.did(Counts()) == "none"
    assert all(action.value in wording.did(counts) for action in Action)


def test_nobody_else_writes_these_sentences() -> None:
    """There is one place where "3 to create" is written, so that no surface says it otherwise."""
    sources = [file for room in PRODUCT for file in (ROOT / room).rglob("*") if file.suffix in (".py", ".html")]
    writing = {str(file.relative_to(ROOT)) for file in sources if "} to create" in file.read_text()}
    assert writing == {"pushboat/model/wording.py"}
