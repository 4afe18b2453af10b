"""A reporter stands still between taking a letter and posting it, and others have told the forge more meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from pushboat.forges.protocol import Client
from pushboat.model.letter import Letter, kind_of
from pushboat.model.state import State
from pushboat.store import ending, outbox
from pushboat.store.database.engine import Store
from tests.fakes.github import FakeGitHub
from tests.store.repository import Repository, time_passes
from workers.reporting import LETTER_LEASE, LETTER_SECONDS, Seats, report
from workers.running.leases import now
from workers.tools import Tools


@dataclass
class Frozen:
    """A reporter that is stopped once, for so many seconds, when it has a letter in hand; `meanwhile` goes on."""

    tools: Tools
    seconds: float
    meanwhile: Callable[[], object]
    slept: float = 0.0

    def clients(self, forge: str) -> Client:
        """Stand still before the first word to the forge."""
        if not self.slept:
            self.slept = self.seconds
            time_passes(self.tools.store, self.seconds)
            self.meanwhile()
        return self.tools.clients(forge)

    def report(self) -> None:
        """Post what is due."""
        report(replace(self.tools, clients=self.clients), Seats(), "github", lambda: now() + self.slept)


def shown(github: FakeGitHub, sha: str) -> list[str]:
    """List what the forge was told of a commit, in its order."""
    return [status[1] for status in github.statuses("acme/shop", sha)]


def test_what_was_said_since_stays_the_last_word(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """My commit is green, and no reporter that wakes up says that it still runs."""
    ending.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    told = list[list[str]]()

    def others_go_on() -> None:
        report(tools, Seats(), "github")
        told.append(shown(github, main))

    Frozen(tools, LETTER_LEASE + 1, others_go_on).report()
    assert told == [["pending", "pending", "success"]]
    assert shown(github, main) == told[0]
    assert outbox.backlog(store) == 0


def test_who_was_away_for_a_moment_posts_what_he_has(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """A pause that others cannot have used delays nothing."""
    ending.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    Frozen(tools, LETTER_SECONDS / 2, lambda: None).report()
    assert shown(github, main) == ["pending", "pending", "success"]
    assert outbox.backlog(store) == 0


def test_also_who_is_told_by_git_alone_hears_nothing_late(
    tools: Tools, store: Store, repository: Repository, main: str
) -> None:
    """There is no request that a deadline could end: whoever is late does not begin."""
    ending.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    posted = list[str]()

    class Told:
        """A forge that is told without HTTP."""

        shows_output, most_statuses, by_owner = False, 0, False

        def post(self, repository: str, letter: Letter, _url: str) -> bool:
            posted.append(kind_of(letter).stream(repository, letter))
            return True

    told = replace(tools, clients=lambda _: cast("Client", Told()))
    Frozen(told, LETTER_LEASE + 1, lambda: None).report()
    assert not any(stream.startswith("status ") for stream in posted), "the oldest letter was in its hands"
    time_passes(store, 60.0)
    report(told, Seats(), "github")
    assert outbox.backlog(store) == 0
