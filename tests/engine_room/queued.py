"""acme/shop with a merge queue before main, whose groups are deployed before they merge; ended and reported by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pushboat.model.hold import Hold
from pushboat.model.merge_group import MERGE_GROUP
from pushboat.model.state import State
from pushboat.store import deliveries, holds
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.proposed import Proposed
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.fakes.github_queue import MergeQueue
from tests.fakes.nouns import Happened
from tests.written import config_map, repository_file
from workers.routing.story import route_repository

NAME = "acme/shop"
WORDS = {State.SUCCEEDED: "success", State.FAILED: "failure", State.ERRORED: "error", State.CANCELLED: "error"}


@dataclass
class Shop(Proposed):
    """Its pull requests are 1, 2, 3 …, each of which changes a file of its own."""

    queue: MergeQueue = field(kw_only=True)

    def open(self, number: int, more: Mapping[str, str] | None = None) -> int:
        """Open a pull request."""
        files = {f"deploy/{number}.yaml": config_map(f"of-{number}"), **(more or {})}
        self.forge.push(NAME, f"fix-{number}", files, deliver=False)
        opened = self.forge.open_pull_request(NAME, f"fix-{number}")
        assert opened.number == number
        self.take(opened)
        for each in self.queue.required:
            self.queue.checked(opened.sha, each, "success")
        return number

    def require(self, context: str) -> None:
        """Let another check be required as well; so far it is green everywhere."""
        self.queue.required.append(context)
        for pull in self.queue.project.pull_requests.values():
            self.queue.checked(pull.head_sha, context, "success")

    def enter(self, *numbers: int) -> list[str]:
        """Let pull requests enter the queue; give the groups' commits."""
        shas = []
        for number in numbers:
            entered = self.queue.enter(number)
            self.take(entered)
            shas.append(entered.sha)
        return shas

    def through(self, sha: str, state: State = State.SUCCEEDED, environment: str = "staging") -> None:
        """End a deployment, report that to GitHub, and route what follows there."""
        self.ends(sha, state, environment=environment)
        self.route()
        self.take(self.queue.checked(sha, f"pushboat/{environment}", WORDS[state]))

    def take(self, happened: Happened, *, backwards: bool = False) -> Any:
        """Route what something led to, if anything, without what is kept back."""
        sent = tuple(each for each in happened.sent if each not in self.queue.kept)
        return super().take(replace(happened, sent=sent), backwards=backwards) if sent else None

    def tell(self) -> None:
        """Send what was kept back."""
        kept, self.queue.kept = tuple(self.queue.kept), []
        self.take(Happened(sent=kept))

    def route(self) -> None:
        """Route what is of our own making."""
        route_repository(self.tools, self.name)

    def held(self) -> list[Hold]:
        """List what belongs to a group."""
        return [hold for hold in holds.listed(self.store) if hold.kind == MERGE_GROUP]

    def said(self) -> list[str]:
        """List what was said of each delivery, the oldest first."""
        return [row.reason for row in reversed(deliveries.listed(self.store))]


@contextmanager
def queued(
    state: Path, store: Store, forge: FakeGitHub, *, runs: bool = True, file: str = "", **more: Any
) -> Iterator[Shop]:
    """Begin with main's own commit on staging, where something `runs`."""
    limits = {"staging": replace(STAGING, merge_queue="deploy"), **more}
    first = forge.push(NAME, "main", {".pushboat.yaml": file or repository_file()})
    queue = MergeQueue(forge, NAME, [f"pushboat/{name}" for name in limits])
    with at_work(state, store, forge.configured(), {f"github/{NAME}": limits}) as tools:
        shop = Shop("github", forge, tools, queue=queue)
        if runs:
            shop.take(first)
            for environment in limits:
                shop.ends(first.sha, environment=environment)
        yield shop
