"""A script reads from the exit code whether all is back: 0 only then."""

import pytest

from cli.recovering.asking import End, Ended
from cli.recovering.targets import Left, Target
from cli.recovering.to_cluster import code
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Ref
from pushboat.model.release import Release

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
