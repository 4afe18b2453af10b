"""What deployments say is kept with the moment at which it was said, and nothing of it comes after their end."""

import threading

from pushboat.model.state import State
from pushboat.reading import single
from pushboat.store import cancelling, ending, progress_lines
from pushboat.store.database.engine import Store
from pushboat.store.progress_lines import Line
from tests.store.looking import LANE
from tests.store.repository import Repository
from tests.until import until


def line(deployment: int, text: str, ago: float = 0.0) -> Line:
    """Say something while objects are applied."""
    return Line(deployment=deployment, phase="apply", text=text, ago=ago)


def texts(store: Store, number: int) -> list[str]:
    """Read what a deployment has said."""
    return [each.text for each in progress_lines.listed(store, number)]


def test_nothing_is_said_after_the_end(store: Store, repository: Repository) -> None:
    """I have read that it failed, and all that led there: what a straggler says a moment later changes nothing."""
    made = repository.push("a")
    claim = repository.claim(made)
    progress_lines.record(store, [line(made.id, "applying 2 objects")])
    ending.finish(store, claim, State.FAILED, "web crashes")
    next_one = repository.push("b")
    gone = next_one.id + 1
    progress_lines.record(store, [line(made.id, "late"), line(gone, "nobody's"), line(next_one.id, "begins")])
    assert texts(store, made.id) == ["applying 2 objects"]
    assert texts(store, next_one.id) == ["begins"], "what cannot be kept of the others takes nothing with it"


def test_its_moment_is_when_it_was_said(store: Store, repository: Repository) -> None:
    """The store is busy, and a line waits for its turn: the next one, which waits for nobody, is not of before it."""
    made, called = repository.push("a"), threading.Event()

    def say() -> None:
        called.set()
        progress_lines.record(store, [line(made.id, "waits")])

    waiting = threading.Thread(target=say)
    with store.writing():
        waiting.start()
        assert called.wait(60)
        said = store.now()
        until(lambda: not waiting.is_alive() or store.now() > said + 0.5, what="the line, or its turn to be waited for")
        released = store.now()
    waiting.join(60)
    (kept,) = progress_lines.listed(store, made.id)
    assert kept.at < released


def test_what_ended_is_told_in_the_order_in_which_it_was_said(store: Store, repository: Repository) -> None:
    """I cancel: that stands after what was said before it, whoever came to write first."""
    made = repository.push("a")
    claim = repository.claim(made)
    with store.writing() as tx:
        cancelling.cancel(tx, LANE, "ann")
    progress_lines.record(store, [line(made.id, "applying 2 objects", ago=60.0)])
    ending.finish(store, claim, State.CANCELLED, "cancelled by ann")
    shown = single.find(store, made.id)
    assert shown
    assert [each.text for each in shown.lines] == ["applying 2 objects", "told to stop: cancelled by ann"]
