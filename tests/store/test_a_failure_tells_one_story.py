"""A failure that a rollback answers is the same story on the commit, on its page, in the conversation and at the
terminal, for whoever shared its fate too; and each sentence stays true, whatever happens later."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pushboat.model import markdown
from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.reading.proposed import Proposed
from pushboat.reading.tried import history
from pushboat.store import ending, mending, stickies
from tests.store.repository import Repository, deploy, time_passes
from tests.store.test_a_failure_is_rolled_back import WROTE, begun, fails
from tests.store.test_outcomes_reach_the_conversation import answers, asked
from tests.store.test_releases import released

RELEASE = "release 1 (a)"


@dataclass
class Failure:
    """What ann deployed from #7, which rita's commit from #8 contained, failed with it: `failed` is the newer one."""

    shop: Repository
    failed: Deployment
    follower: Deployment

    def back(self) -> Deployment:
        """Give the rollback that answers it."""
        made = begun(self.shop, self.failed)
        assert made
        return made

    def ends(self, state: State) -> None:
        """Let the rollback end."""
        ending.finish(self.shop.store, self.shop.claim(self.back()), state, "as it went", counts=WROTE)

    def tells(self, aftermath: str) -> None:
        """Everybody is told this end, everywhere."""
        of_follower, of_failed = answers(self.shop).values()
        for row, told, sha in ((self.failed, of_failed, "c"), (self.follower, of_follower, "b")):
            now = self.shop.row(row)
            assert self.shop.shown(sha)[-1][0] == "failed"
            for surface in (self.shop.shown(sha)[-1][1], now.reason, told[-1].split("`")[-2]):
                assert surface.endswith(f"; {aftermath}"), (sha, surface)


@pytest.fixture
def failure(repository: Repository) -> Failure:
    """Both were asked for in a comment; release 1 ran before."""
    released(repository, repository.push("a"))
    follower = asked(repository, "b", number=7)
    newer = asked(repository, "c", number=8, contains=(follower,))
    failed = fails(repository, repository.claim(newer))
    return Failure(repository, failed, follower)


def cancelled(failure: Failure) -> None:
    """Somebody cancels the rollback as it runs."""
    failure.ends(State.CANCELLED)


def overtaken(failure: Failure) -> None:
    """Somebody pushes before it runs."""
    failure.shop.push("d")


ENDS: dict[str, Callable[[Failure], None]] = {
    f"rolled back to {RELEASE}": lambda failure: failure.ends(State.SUCCEEDED),
    f"rolling back to {RELEASE} failed as well": lambda failure: failure.ends(State.FAILED),
    f"rolling back to {RELEASE} could not be finished": lambda failure: failure.ends(State.ERRORED),
    f"rolling back to {RELEASE} was cancelled": cancelled,
    f"rolling back to {RELEASE} gave way to d": overtaken,
}


@pytest.mark.parametrize("aftermath", ENDS)
def test_everybody_is_told_how_the_rollback_ended(failure: Failure, aftermath: str) -> None:
    """My commit, its page and my comment say what became of the failure; so do those of who went along with it."""
    failure.tells(f"rolling back to {RELEASE}")
    for number in (7, 8):
        settle_stickies(failure.shop)
        assert number not in due(failure.shop)
    ENDS[aftermath](failure)
    failure.tells(aftermath)
    assert due(failure.shop) >= {7, 8}, "the comments on both pull requests are written anew"


def due(shop: Repository) -> set[int]:
    """Number the pull requests whose comment is to be looked at."""
    time_passes(shop.store, stickies.QUIET + stickies.SPACING)
    return {each.number for each in stickies.due(shop.store)}


def settle_stickies(shop: Repository) -> None:
    """Look at each comment."""
    time_passes(shop.store, stickies.QUIET + stickies.SPACING)
    for each in stickies.due(shop.store):
        stickies.say(shop.store, each, "as it is", "marker")


def test_the_answer_is_told_although_the_commit_is_tried_once_more(failure: Failure) -> None:
    """I deploy it again at once: the commit shows that try, and the first answer says how the first one ended."""
    claim = failure.shop.claim(failure.back())
    failure.shop.route(deploy("c", trigger=Trigger.COMMAND))
    ending.finish(failure.shop.store, claim, State.SUCCEEDED, "healthy")
    told = f"web crashes; rolled back to {RELEASE}"
    assert failure.shop.shown("c")[-1][0] == "queued"
    assert failure.shop.row(failure.failed).reason == told
    assert answers(failure.shop).popitem()[1][-1] == f"`c` failed in `staging`: `{told}`"


@pytest.mark.parametrize("then", [State.SUCCEEDED, State.FAILED, State.CANCELLED])
def test_what_was_waiting_stays_true_whatever_becomes_of_it(repository: Repository, then: State) -> None:
    """d waited when c failed, and did not get through either: c's word promises nothing that did not happen."""
    released(repository, repository.push("a"))
    running = repository.claim(asked(repository, "c"))
    newer = repository.push("d")
    failed = fails(repository, running)
    ending.finish(repository.store, repository.claim(newer), then, "as it went")
    told = "web crashes; not rolled back: d was waiting to be deployed instead"
    assert repository.shown("c")[-1] == ("failed", told)
    assert repository.row(failed).reason == told
    assert answers(repository).popitem()[1][-1] == f"`c` failed in `staging`: `{told}`"


def test_a_replay_has_a_story_of_its_own(repository: Repository) -> None:
    """I replay what failed and was taken back: it fails again, is taken back again, and each page tells its own."""
    released(repository, repository.push("a"))
    first = fails(repository, repository.claim(repository.push("b")))
    back = begun(repository, first)
    assert back
    released(repository, back, "a")
    (again,) = repository.route(deploy("b", trigger=Trigger.REPLAY))
    assert repository.shown("b")[-1][0] == "queued"
    second = fails(repository, repository.claim(again))
    back = begun(repository, second)
    assert back
    ending.finish(repository.store, repository.claim(back), State.FAILED, "no", counts=WROTE)
    assert repository.row(first).reason == f"web crashes; rolled back to {RELEASE}"
    told = "web crashes; rolling back to release 2 (a) failed as well"
    assert repository.row(second).reason == told
    assert repository.shown("b")[-1] == ("failed", told)
    assert mending.answered_by(repository.store, second.id)


def test_a_long_cause_leaves_room_for_what_became_of_it_in_the_comment_too(repository: Repository) -> None:
    """The pull request's history cuts the cause, and not its end."""
    released(repository, repository.push("a"))
    failed = fails(repository, repository.claim(repository.push("b")), reason="web crashes " * 40)
    (piece,) = history(Proposed(head="b", tried=(failed,)), "").pieces
    assert piece.text.endswith(f"…`; {markdown.sentence(f'rolling back to {RELEASE}', 100)}")
    assert "web crashes web crashes" in piece.text
