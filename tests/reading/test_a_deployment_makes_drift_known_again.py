"""What keeps drift from being known, and a deployment ends: it is not said over the one that just got through."""

import pytest

from pushboat.model.deployment import Deployment, Kind, Lane
from pushboat.model.inspection import Inspection, Seen
from pushboat.model.state import State
from pushboat.reading.drifted import drifted
from pushboat.reading.environments import Overview
from pushboat.routing.drifting import ends_with_a_deployment, incomparable
from workers.checks.standing import of_drift
from workers.checks.words import Line, Result

LANE = Lane(repository="local/shop", environment="staging")
NEVER = incomparable(Seen(fence=0, running=None, release=None, runs=None, latest=None, halfway=None, destroyed=False))
KEY = "the encryption_key is another one"
LOOKED = 100.0


def line(trouble: str, ended: float) -> Line:
    """Say what the doctor does, after a look that had this trouble and a deployment that ended then."""
    runs = Deployment(
        id=2, kind=Kind.DEPLOY, lane=LANE, ref="refs/heads/main", sha="1" * 40, state=State.SUCCEEDED, finished_at=ended
    )
    known = Inspection(lane=LANE, trouble=trouble, trouble_since=LOOKED)
    found = drifted(known, runs, runs, 600.0, LOOKED + 60)
    (said,) = of_drift(
        [Overview(repository=LANE.repository, environment=LANE.environment, latest=runs, runs=runs, drift=found)]
    )
    return said


def test_a_first_deployment_is_not_told_to_be_done_once_more() -> None:
    """Nothing had been deployed when the timer came by; now something is, and the next look is on its way."""
    assert ends_with_a_deployment(NEVER)
    said = line(NEVER, LOOKED + 30)
    assert (said.result, said.sentence) == (Result.SKIP, "what runs now was not compared yet")


def test_the_doctor_names_what_helps() -> None:
    """To ask for drift again would say the same once more: a deployment is what stores a release."""
    said = line(NEVER, LOOKED - 30)
    assert (said.result, said.fix) == (Result.UNKNOWN, "pushboat deploy local/shop staging")


@pytest.mark.parametrize("ended", [LOOKED - 30, LOOKED + 30])
def test_a_trouble_that_no_deployment_ends_stays(ended: float) -> None:
    """A lost key is lost after a deployment too."""
    said = line(KEY, ended)
    assert (said.result, said.fix) == (Result.UNKNOWN, "pushboat drift local/shop staging")
