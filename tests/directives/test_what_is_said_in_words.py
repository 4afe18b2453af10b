"""What an annotation does here is said in words: in plans, on pages, in the documents."""

import pytest

from tests.directives.documented import how, page
from tests.directives.drawing import HOOK, WAVE, waiting
from tests.directives.objects import all_of, body
from tests.directives.row import Row
from tests.directives.rows import ROWS
from workers.manifests.directives.reading import directives_in
from workers.manifests.directives.telling import blocked, told
from workers.manifests.directives.waves import arrange
from workers.manifests.directives.words import NOTHING, Occasion


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_meaning_has_words(row: Row) -> None:
    """Nothing that an annotation changes happens without a word, and what changes nothing makes none."""
    assert bool(told(row.means)) == (row.means != NOTHING)
    assert all(words.isprintable() and len(words) < 160 for words in told(row.means))


def test_no_two_meanings_have_the_same_words() -> None:
    """Who reads the words knows which of the annotations is meant, up to the tool that said it."""
    said: dict[tuple[str, ...], set[object]] = {}
    for row in ROWS:
        meaning = directives_in(body(row.kind, annotations={row.key: row.value})) if not row.says else NOTHING
        what = (meaning.hooks, meaning.mode, meaning.recreate, meaning.waited, meaning.order, meaning.propagation)
        said.setdefault(told(meaning), set()).add(what)
    assert all(len(each) == 1 for each in said.values())


def test_why_something_waits_is_one_sentence() -> None:
    """Which wave waits for which, and for which object of it."""
    found = arrange(
        all_of(
            body(name="migrate", annotations={HOOK: "PreSync", WAVE: "3"}),
            waiting("web"),
            body(name="x", annotations={WAVE: "1"}),
        ),
        Occasion.LATER,
    ).waves
    why = "Job/shop/migrate is still running"
    assert blocked(found[1], found[0], why) == f"wave 0 waits for wave 3 before the deployment: {why}"
    assert blocked(found[2], found[1], "Job/shop/web failed") == "wave 1 waits for wave 0: Job/shop/web failed"


def test_the_page_of_all_annotations_has_every_row_that_is_one() -> None:
    """What is supported, better or refused stands in it with how or why; what is only misspelt does not."""
    written = page()
    for row in ROWS:
        if row.verdict != "refused":
            assert f"`{row.key}" in written
            assert how(row)
    assert "Validate=false` | refused | " in written
    assert "Prun=false" not in written
    assert all(each.count(" | ") == 3 for each in written.splitlines() if each.startswith("| `"))
