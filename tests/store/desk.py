"""A reporter at its desk: with a store, and a forge that speaks real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from pushboat.config.operator import Limits
from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.store import outbox, putting, reading_back
from pushboat.store.database.engine import Store
from tests.engine_room.worker import at_work
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from workers.reporting import Seats, report
from workers.tools import Tools

FAKES = {"github": FakeGitHub, "gitlab": FakeGitLab, "gitea": FakeGitea}
ENDS = {"github": "failure", "gitlab": "failed", "gitea": "failure"}
HOUR = 3600.0
URL = "http://pushboat.example"


@dataclass(frozen=True)
class Desk:
    """A reporter with its forge and store, and the commit that all is about."""

    tools: Tools
    forge: FakeGitHub | FakeGitLab | FakeGitea
    kind: str
    sha: str

    @property
    def store(self) -> Store:
        """Where letters wait."""
        return self.tools.store

    def say(self, state: State, description: str = "as it stands", context: str = "pushboat/a", sha: str = "") -> None:
        """Have a status posted."""
        status = Status(context=context, state=state, description=description, path="/", ref="refs/heads/main")
        with self.store.writing() as tx:
            putting.put(tx, f"{self.kind}/acme/shop", StatusLetter(sha=sha or self.sha, status=status))

    def report(self) -> None:
        """Follow the hints that the dispatcher would give now."""
        for forge in {*outbox.due_forges(self.store), *reading_back.due_forges(self.store)}:
            report(self.tools, Seats(), forge)

    def shown(self, context: str = "pushboat/a") -> list[tuple[str, str]]:
        """The states and sentences that the forge was told, in order."""
        return [(one[1], one[2]) for one in self.forge.statuses("acme/shop", self.sha) if one[0] == context]

    def asked(self, method: str = "") -> int:
        """Count what the forge was asked so far."""
        return sum(one.method == method or not method for one in self.forge.requests)

    def outcomes(self) -> list[str]:
        """How each letter ended, in order."""
        with self.store.reading() as tx:
            return [row["outcome"] for row in tx.rows(sa.text("SELECT outcome FROM outbox ORDER BY id"))]

    def stale(self, state: State) -> None:
        """Let a poster that was frozen wake, whose request arrives late."""
        status = Status(context="pushboat/a", state=state, description="late", path="/", ref="refs/heads/main")
        self.tools.clients(self.kind).post("acme/shop", StatusLetter(sha=self.sha, status=status), URL)


@contextmanager
def at_a_desk(kind: str, store: Store, folder: Path) -> Iterator[Desk]:
    """Open a forge of this kind with one repository, and a desk there."""
    with FAKES[kind](folder / "forge") as forge:
        forge.create_repository("acme/shop", {"a": "1"})
        limits = Limits(environment="a", cluster="dev", namespaces=("shop",))
        with at_work(folder, store, forge.configured(), {f"{kind}/acme/shop": {"a": limits}}) as tools:
            yield Desk(tools, forge, kind, forge.projects["acme/shop"].bare.resolve("refs/heads/main"))
