"""Who pushes: real commits in real repositories, told of in signed deliveries, each written down before and after.

A delivery that nobody took (nobody listened, no answer in time, 503) is sent again as it was until somebody does. So
the ledger of a person is what Pushboat has promised: it has a line for each delivery before it is sent, and one for
each answer.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests

from pushboat.forges.git.signing import signed_headers
from tests.chaos.lanes import Place, files
from tests.chaos.machines import SECRET
from tests.chaos.schedule import Push
from tests.fakes.bare import ZERO, Bare
from tests.fakes.forge import FakeForge
from tests.fakes.nouns import Update

PATIENCE = 15.0
"""Seconds for an answer; forges wait ten, or thirty."""
AGAIN = 0.25
LONGEST = 2000
"""Characters of an answer that are kept."""
BACK = 3
"""How many commits a forced push takes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit of a repository: its number there, and those of its ancestors that are not one less each time."""

    number: int
    sha: str
    parent: int


@dataclass
class History:
    """A repository, and its commits in the order in which its branch stood at them."""

    place: Place
    bare: Bare
    commits: list[Commit] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def commit(self, *, forced: bool) -> Update:
        """Commit on the branch, on its tip or, forced, on an earlier commit, and give what a forge tells of it."""
        with self.lock:
            tip = self.commits[-1] if self.commits else None
            parent = self._ancestor(tip) if tip and forced else tip
            number = tip.number + 1 if tip else 1
            sha = self.bare.commit("main", files(self.place, number), f"Number {number}", parent.sha if parent else "")
            self.commits.append(Commit(number=number, sha=sha, parent=parent.number if parent else 0))
        before = tip.sha if tip else ZERO
        return Update(
            ref="refs/heads/main", before=before, after=sha, sha=sha, author="alice", forced=parent is not tip
        )

    def ancestors(self, number: int) -> Iterable[int]:
        """Give the numbers of a commit's ancestors, itself first."""
        while number:
            yield number
            number = self.commits[number - 1].parent

    def numbers(self) -> dict[str, int]:
        """Give the number of each commit."""
        return {commit.sha: commit.number for commit in self.commits}

    def _ancestor(self, commit: Commit) -> Commit:
        for _ in range(BACK):
            if commit.parent:
                commit = self.commits[commit.parent - 1]
        return commit


@dataclass
class Person:
    """Somebody who pushes to one repository, and the file where it is written down."""

    history: History
    forge: FakeForge | None
    ledger: Path
    urls: list[str]

    def work(self, plan: Iterable[Push], began: float, done: threading.Event) -> None:
        """Push as planned, until the end or until told that it is over."""
        with requests.Session() as session, self.ledger.open("w", buffering=1) as ledger:
            for push in plan:
                if done.wait(max(0.0, began + push.at - time.monotonic())):
                    return
                headers, body, update = self._told(self.history.commit(forced=push.forced))
                for _ in range(1 + push.twice):
                    self._deliver(session, ledger, headers, body, update)

    def _told(self, update: Update) -> tuple[Mapping[str, str], bytes, Update]:
        place = self.history.place
        if self.forge:
            event, payload = self.forge.dialect.push(self.forge, self.forge.projects[place.path], update)
            body = json.dumps(payload).encode()
            return self.forge.dialect.sign(self.forge, event, body), body, update
        said = {"event": "push", "repository": place.path, "ref": update.ref, "before": update.before}
        said |= {"after": update.after, "commit": update.sha, "pusher": "alice", "forced": update.forced}  # type: ignore[dict-item]
        body = json.dumps(said).encode()
        return signed_headers("push", str(uuid.uuid4()), body, SECRET), body, update

    def _deliver(
        self, session: requests.Session, ledger: Any, headers: Mapping[str, str], body: bytes, update: Update
    ) -> None:
        """Send until somebody takes it; the machines in turn, as behind an address that they share."""
        said = {"repository": self.history.place.repository, "sha": update.sha}
        ledger.write(json.dumps({"sent": said}) + "\n")
        turn = 0
        while True:
            url = self.urls[turn % len(self.urls)]
            turn += 1
            try:
                answer = session.post(
                    f"{url}/webhooks/{self.history.place.forge}", data=body, headers=headers, timeout=PATIENCE
                )
                code, words = answer.status_code, answer.text
            except requests.RequestException as error:
                code, words = 0, type(error).__name__
            ledger.write(json.dumps({"answered": code, "words": words[:LONGEST], **said}) + "\n")
            if code in (HTTPStatus.OK, HTTPStatus.ACCEPTED):
                return
            time.sleep(AGAIN)  # as whoever sends again does


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A delivery that was answered 202 (or 200, as known): its number, and the commit that it told of."""

    delivery: int
    repository: str
    sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What all that was sent came to."""

    sent: int
    unanswered: int
    promises: frozenset[Promise]
    odd: tuple[str, ...]
    """Answers that nobody may get here: refused, ignored."""


def read(ledgers: Iterable[Path]) -> Ledger:
    """Read what everybody wrote down."""
    sent, unanswered, promises, odd = 0, 0, set(), list[str]()
    for line in (line for path in ledgers for line in path.read_text().splitlines()):
        said = json.loads(line)
        if "sent" in said:
            sent += 1
        elif said["answered"] in (HTTPStatus.OK, HTTPStatus.ACCEPTED):
            answer = json.loads(said["words"])
            promises.add(Promise(delivery=answer["delivery"], repository=said["repository"], sha=said["sha"]))
            odd += [line] if "ignored" in answer else []
        elif said["answered"] in (0, HTTPStatus.SERVICE_UNAVAILABLE):
            unanswered += 1
        else:
            odd.append(line)
    return Ledger(sent=sent, unanswered=unanswered, promises=frozenset(promises), odd=tuple(odd))
