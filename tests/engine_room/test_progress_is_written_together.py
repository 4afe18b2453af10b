"""What deployments say on their way is written a few times a second for all of them, in order, and none is lost."""

import threading
from collections.abc import Sequence

import pytest

from pushboat.errors import StoreUnavailable
from tests.until import until
from workers.running.progress_lines import ProgressLines, Said


class Book:
    """A store that takes lines, or does not answer."""

    def __init__(self) -> None:
        self.writes: list[list[str]] = []
        self.away = threading.Event()
        self.asked = 0

    def write(self, said: Sequence[Said]) -> None:
        """Take lines, all or none."""
        self.asked += 1
        if self.away.is_set():
            raise StoreUnavailable("the store does not answer")
        if any("bad" in each.text for each in said):
            raise ValueError("a bug of ours")
        self.writes.append([f"{each.deployment} {each.text}" for each in said])

    def read(self) -> list[str]:
        """Give all lines."""
        return [line for lines in self.writes for line in lines]


@pytest.fixture
def book() -> Book:
    """One that answers."""
    return Book()


def test_many_lines_are_one_write(book: Book) -> None:
    """Two deployments say five things each in one moment, and the store is asked once."""
    lines = ProgressLines(book.write, rest=60.0)
    for number in range(5):
        lines.say(1, "apply", f"line {number}")
        lines.say(2, "apply", f"line {number}")
    lines.write_down()
    assert book.writes == [[f"{each} line {number}" for number in range(5) for each in (1, 2)]]
    lines.write_down()
    assert book.asked == 1, "there was nothing more"


def test_a_line_is_there_soon_though_nothing_else_happens(book: Book) -> None:
    """I watch a deployment that waits for long, and read what it has said last."""
    lines = ProgressLines(book.write)
    lines.say(1, "wait", "waiting for web")
    until(book.read, what="the line")
    lines.say(1, "wait", "still waiting")
    until(lambda: len(book.read()) == 2, what="the next line")


def test_what_cannot_be_written_comes_first_the_next_time(book: Book) -> None:
    """The store is away for a moment: nothing is lost, and nothing comes out of order."""
    lines = ProgressLines(book.write, rest=0.01)
    book.away.set()
    lines.say(1, "apply", "first")
    until(lambda: book.asked, what="a try")
    with pytest.raises(StoreUnavailable):
        lines.write_down()
    book.away.clear()
    lines.say(1, "apply", "second")
    until(lambda: len(book.read()) == 2, what="both lines")
    assert book.read() == ["1 first", "1 second"]


def test_it_is_written_when_the_store_is_back_though_nothing_is_said(book: Book) -> None:
    """The store was away when my deployment said what it waits for, and it has said nothing since: I read it."""
    lines = ProgressLines(book.write, rest=0.01)
    book.away.set()
    lines.say(1, "wait", "waiting for web")
    until(lambda: book.asked > 1, what="a second try")
    book.away.clear()
    until(book.read, what="the line")


def test_a_line_that_cannot_be_written_takes_no_other_with_it(book: Book) -> None:
    """One deployment meets a bug of Pushboat's: what all the others have said is there, in order."""
    lines = ProgressLines(book.write, rest=60.0)
    for text in ("first", "bad", "last"):
        lines.say(1, "apply", text)
    lines.write_down()
    assert book.read() == ["1 first", "1 last"]
    assert book.asked == 4
    lines.write_down()
    assert book.asked == 4, "what cannot be written is not tried for ever"
