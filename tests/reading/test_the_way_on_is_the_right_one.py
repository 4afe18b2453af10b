"""What a page and `pushboat show` name as the command that does the same again does the same."""

from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Kind, State, Trigger
from pushboat.reading.headlines import try_again

LANE = Lane(repository="github/acme/shop", environment="staging")


def test_a_rollback_after_a_failure_is_not_tried_again_by_a_replay_of_what_failed() -> None:
    """The world was in the way of bringing release 1 back: I am told how that comes back, and not what failed."""
    made = Deployment(
        id=3,
        kind=Kind.DEPLOY,
        lane=LANE,
        ref="refs/heads/main",
        sha="a" * 40,
        state=State.ERRORED,
        trigger=Trigger.ON_FAILURE,
        delivery=2,
        again=1,
        mends=2,
    )
    assert try_again(made) == "pushboat rollback github/acme/shop staging 1 --until-next-push"
