"""What is too much for one page is cut where it is stored, with a word about the rest."""

from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.store import change_sets, change_texts, ending
from pushboat.store.database.engine import Store
from tests.store.repository import Repository


def test_hundreds_of_notes_say_how_many_are_not_shown(store: Store, repository: Repository) -> None:
    """An object of which many fields belong to others has a note for each: I see fifty lines, the last one counts."""
    notes = tuple(f"spec.field{number} is left to hpa" for number in range(200))
    change = Change(ref=Ref("", "ConfigMap", "shop", "a"), action=Action.UNCHANGED, diff="", notes=notes)
    pushed = repository.push("a")
    assert ending.finish(store, repository.claim(pushed), State.SUCCEEDED, "done", changes=(change,))
    (kept,) = change_sets.listed(store, pushed.id)
    assert len(kept.notes) == change_texts.MOST_NOTES
    assert kept.notes[:-1] == notes[: change_texts.MOST_NOTES - 1]
    assert kept.notes[-1] == "and 151 notes like these"
