"""However large a plan is and whoever wrote what it shows: the comment fits its forge, and nothing breaks out of it."""

from random import Random

import pytest

from pushboat.model.fitting import Part, Piece, fitted, size
from pushboat.model.markdown import diff_lines
from pushboat.reading import sticky
from tests.reading.hostile_words import proposed, words
from tests.reading.rendered import mentions, rendered

URL = "https://pushboat.example.com"
ROOMS = (1_500, 4_000, 20_000, 65_336, 199_800)
OURS = {
    "p",
    "strong",
    "b",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
    "details",
    "summary",
    "ul",
    "li",
    "code",
    "pre",
}


@pytest.mark.parametrize("seed", range(40))
def test_nothing_that_others_wrote_breaks_out(seed: int) -> None:
    """Names, diffs, reasons and branches by an attacker: no element, link, mention or hidden word is theirs."""
    room = ROOMS[seed % len(ROOMS)]
    text = sticky.write(proposed(seed), URL, room).body

    assert size(text) <= room
    page = rendered(text)
    assert not page.unbalanced
    assert not page.open
    assert set(page.seen) <= OURS
    assert not page.comments
    assert all(each.startswith(f"{URL}/") for each in page.addresses)
    assert not list(mentions(page.outside))
    assert not any(line.startswith("/") for line in text.splitlines())


@pytest.mark.parametrize("seed", range(40))
def test_objects_are_whole_or_cut_between_lines(seed: int) -> None:
    """What is left out is counted, what is there is as it was, and the last words always stand there."""
    chance = Random(seed)
    pieces = tuple(
        Piece(text=f"object {number}", lines=diff_lines("\n".join(f"+{words(chance)}" for _ in range(30))))
        for number in range(12)
    )
    parts = [
        Part(head="<details>\n<summary>all</summary>", pieces=pieces, end="</details>", rest="… {number} left out")
    ]
    room = chance.choice((300, 2_000, 9_000, 500_000))
    text = fitted(parts, "the end", room)

    assert size(text) <= room
    assert text.endswith("the end")
    assert text.count("\n</details>") == 1
    there = [piece for piece in pieces if f"\n{piece.text}\n" in text]
    missing = len(pieces) - len(there)
    assert (f"… {missing} left out" in text) == bool(missing)
    known = {line for piece in pieces for line in piece.lines}
    shown = [line for line in text.splitlines() if line.startswith("+")]
    assert set(shown) <= known


def test_small_plans_are_not_cut_for_a_large_one() -> None:
    """One environment changes a thousand objects and another one two: those two are shown."""
    many = Part(
        head="many", pieces=tuple(Piece(text=f"many {n}", lines=("+x" * 100,) * 9) for n in range(99)), end="end"
    )
    few = Part(
        head="few", pieces=(Piece(text="one", lines=("+y",) * 9), Piece(text="two", lines=("+z",) * 9)), end="end"
    )
    text = fitted([many, few], "last", 5_000)
    assert "one\n" in text
    assert "two\n" in text
    assert "more" in text.partition("few")[0]


def test_a_large_diff_is_cut_in_front_of_a_hunk() -> None:
    """What I read of an object ends with a whole field."""
    hunks = tuple(line for n in range(20) for line in (f"@@ spec.field{n} @@", *(["+line"] * 9)))
    text = fitted([Part(pieces=(Piece(text="object", lines=hunks),))], "last", 900)
    last = [line for line in text.splitlines() if line.startswith(("@@", "+", "…"))]
    assert last[-1].startswith("… ")
    assert last[-1].endswith("more lines")
    assert last[-11].startswith("@@")
