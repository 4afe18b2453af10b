"""A script reads from the exit code whether all is back: 0 only then."""

import pytest

from cli.recovering.ends import End, Ended, recovered
from cli.recovering.targets import Left, Target
from cli.recovering.to_cluster import code
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Ref
from pushboat.model.release import Release
from pushboat.model.state import State
from tests.routing.words import deployed

LANE = Lane(repository="github/acme/shop", environment="staging")
RELEASE = Release(number=1, deployment=1, ref="", sha="1" * 40, digest="", at=0.0)
TARGET = Target(lane=LANE, release=RELEASE)
LOCKED = Target(lane=LANE, release=RELEASE, locked=(Ref("", "Secret", "shop", "login"),))


def ended(end: End, target: Target = TARGET) -> Ended:
    """How it went."""
    return Ended(target=target, end=end, sentence="")


@pytest.mark.parametrize(
    ("every", "left", "troubles", "expected"),
    [
        ([ended(End.RECOVERED)], [], [], 0),
        ([], [Left(lane=LANE, why="was destroyed on purpose")], [], 0),
        ([ended(End.RECOVERED)], [Left(lane=LANE, why="not stored", lost=True)], [], 1),
        ([ended(End.RECOVERED, LOCKED)], [], [], 1),
        ([ended(End.RECOVERED)], [], ["a ref is not ours"], 1),
        *(
            ([ended(End.RECOVERED), ended(end)], [], [], 1)
            for end in (End.HELD, End.REFUSED, End.FAILED, End.NOT_ASKED)
        ),
        ([ended(End.UNKNOWN), ended(End.FAILED)], [], [], 3),
    ],
)
def test_all_is_back_or_it_is_not(every: list[Ended], left: list[Left], troubles: list[str], expected: int) -> None:
    """What is without its Secret is not back, nor what nobody waited for to its end."""
    assert code(every, left, troubles) == expected


def test_a_ref_that_nobody_could_read_is_no_no() -> None:
    """The forge that has the renders is away: what it has may come back tomorrow, and nobody said that it is lost."""
    gone = Left(lane=LANE, why="not stored", lost=True)
    assert code([], [gone], ["a ref could not be read"], silent=True) == 3


def test_what_came_instead_is_named_as_what_it_is() -> None:
    """Somebody pushed, or rolled back, while I recovered: I read what runs now, and what it may lack."""
    asked = recovered(LOCKED, deployed(7, again=1, state=State.SUCCEEDED, reason="healthy"))
    assert (asked.sentence, asked.target.locked) == ("release 1 (1a2b3c4): healthy", LOCKED.locked)
    newer = recovered(LOCKED, deployed(8, state=State.SUCCEEDED, reason="healthy"))
    assert (newer.sentence, code([newer], [])) == ("newer 1a2b3c4: healthy", 0)
    back = recovered(LOCKED, deployed(9, again=3, state=State.SUCCEEDED, reason="healthy"))
    assert (back.sentence, code([back], [])) == ("release 3 (1a2b3c4): healthy", 1), "its Secrets may be locked, too"
