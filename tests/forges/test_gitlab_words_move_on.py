"""On GitLab a status changes its words with its state only; what waits for something else says so all the same."""

import pytest

from pushboat.errors import ForgeUnavailable
from pushboat.forges.table import client_of
from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from tests.fakes.gitlab import FakeGitLab

pytestmark = pytest.mark.programs


def say(fake: FakeGitLab, words: str, state: State = State.QUEUED) -> None:
    """Post a status on main."""
    name = next(iter(fake.projects))
    shown = Status(context="pushboat/staging", state=state, description=words, path="/", ref="refs/heads/main")
    sha = fake.projects[name].bare.resolve("refs/heads/main")
    client_of(fake.configured()).post(name, StatusLetter(sha=sha, status=shown), "https://pushboat.example.com")


def told(fake: FakeGitLab) -> list[tuple[str, str]]:
    """All that stood beside the commit, in its order."""
    return [(each.state, each.description) for each in next(iter(fake.projects.values())).statuses]


def test_a_hold_that_begins_later_is_told(gitlab: FakeGitLab) -> None:
    """My push waits for its turn, then for ann's lock: the former status ends, never green, and the next says it."""
    for words in ("waiting for its turn", "locked by ann", "locked by ann"):
        say(gitlab, words)
    assert told(gitlab) == [
        ("pending", "waiting for its turn"),
        ("canceled", "locked by ann"),
        ("pending", "locked by ann"),
    ]
    say(gitlab, "deploying", State.RUNNING)
    say(gitlab, "deploying still", State.RUNNING)
    assert told(gitlab)[3:] == [("running", "deploying")], "what runs is not stopped to say how far it is"


def test_a_hold_that_is_found_after_the_start_is_told(gitlab: FakeGitLab) -> None:
    """My deployment had begun when its gate said wait: from *running* nothing leads to *pending*, so it ends."""
    say(gitlab, "deploying", State.RUNNING)
    say(gitlab, "waits for gate board")
    say(gitlab, "deploying", State.RUNNING)
    assert told(gitlab) == [
        ("running", "deploying"),
        ("canceled", "waits for gate board"),
        ("pending", "waits for gate board"),
        ("running", "deploying"),
    ]


def test_whoever_dies_in_between_leaves_it_to_the_next_try(gitlab: FakeGitLab) -> None:
    """The former one is cancelled when GitLab goes away: tried again, what waits is told."""
    say(gitlab, "waiting for its turn")
    gitlab.fail(503, path="/statuses", after=2)
    with pytest.raises(ForgeUnavailable):
        say(gitlab, "locked by ann")
    say(gitlab, "locked by ann")
    assert told(gitlab)[-1] == ("pending", "locked by ann")
