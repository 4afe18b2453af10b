"""GitHub's merge queue: groups are built on one another, a failed required check ejects its group and rebuilds those
behind it, and the base is forwarded to a group's head once all that is required of it is green.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes import github_payloads as payloads
from tests.fakes.bare import ZERO
from tests.fakes.nouns import Happened, Project, Sent, Update

if TYPE_CHECKING:
    from tests.fakes.github import FakeGitHub

RED = ("failure", "error")


@dataclass(kw_only=True)
class Group:
    """One entry of the queue, and the commit that was made for it."""

    number: int
    ref: str
    sha: str
    base_sha: str


class MergeQueue:
    """The queue before one branch; what `required` names must be green on a pull request before it may enter, too."""

    def __init__(self, forge: "FakeGitHub", name: str, required: Sequence[str], base: str = "main") -> None:
        self.forge, self.name, self.base, self.required = forge, name, base, list(required)
        self.author = "alice"
        self.groups: list[Group] = []
        self.merged: list[str] = []
        self.made: list[Group] = []
        self.mute: set[str] = set()
        self.kept: list[Sent] = []
        self._lock = threading.RLock()
        forge.queues[name] = self

    @property
    def project(self) -> Project:
        """Give the repository."""
        return self.forge.projects[self.name]

    @property
    def tip(self) -> str:
        """Give the commit that the base holds."""
        return self.project.bare.resolve(f"refs/heads/{self.base}")

    def may_enter(self, number: int) -> bool:
        """Say whether all that is required is green on a pull request's head."""
        return self._is_green(self.project.pull_requests[number].head_sha)

    def enter(self, number: int) -> Happened:
        """Put a pull request at the end of the queue."""
        assert self.may_enter(number), f"#{number} lacks a check that is required: GitHub lets nobody merge it"
        with self._lock:
            sent = self._build(number)
            return Happened(sha=self.groups[-1].sha, number=number, sent=sent)

    def leave(self, number: int) -> Happened:
        """Let somebody take a pull request out of the queue."""
        with self._lock:
            at = [group.number for group in self.groups].index(number)
            return Happened(sent=self._eject(at, "dequeued"))

    def build_anew(self) -> Happened:
        """Build all groups on what the base holds now: somebody has pushed past the queue."""
        with self._lock:
            behind, self.groups = self.groups, []
            sent = [each for group in behind for each in self._destroy(group, "invalidated")]
            return Happened(sent=(*sent, *(each for group in behind for each in self._build(group.number))))

    def checked(self, sha: str, context: str, state: str) -> Happened:
        """Take a status that somebody else reports, such as the tests'."""
        self.project.statuses.append(payloads.status(next(self.forge.numbers), sha, context, state))
        return self.settle()

    def settle(self) -> Happened:
        """Do what follows from the statuses as they are: merge from the front, eject what is red."""
        with self._lock:
            sent: list[Sent] = []
            while self.groups and self.required:
                red = next((at for at, group in enumerate(self.groups) if self._is_red(group.sha)), None)
                if self._is_green(self.groups[0].sha):
                    sent += self._merge()
                elif red is not None:
                    sent += self._eject(red, "invalidated")
                else:
                    break
            return Happened(sent=tuple(sent))

    def _states(self, sha: str) -> dict[str, str]:
        return {one.context: one.state for one in list(self.project.statuses) if one.sha == sha}

    def _is_green(self, sha: str) -> bool:
        states = self._states(sha)
        return all(states.get(each) == "success" for each in self.required)

    def _is_red(self, sha: str) -> bool:
        states = self._states(sha)
        return any(states.get(each) in RED for each in self.required)

    def _build(self, number: int) -> tuple[Sent, ...]:
        bare, pull = self.project.bare, self.project.pull_requests[number]
        base_sha = self.groups[-1].sha if self.groups else self.tip
        branch = f"gh-readonly-queue/{self.base}/pr-{number}-{base_sha}"
        bare.git("update-ref", f"refs/heads/{branch}", base_sha)
        sha = bare.merge(branch, pull.head_sha, "merge")
        group = Group(number=number, ref=f"refs/heads/{branch}", sha=sha, base_sha=base_sha)
        self.groups.append(group)
        self.made.append(group)
        return self._moved(group.ref, ZERO, sha), self._told(group, "checks_requested")

    def _merge(self) -> list[Sent]:
        group = self.groups.pop(0)
        assert self.project.bare.contains(self.tip, group.sha), "a merge is a fast forward to the group's head"
        before, pull = self.tip, self.project.pull_requests[group.number]
        self.project.bare.git("update-ref", f"refs/heads/{self.base}", group.sha)
        pull.state, pull.merged_sha = "merged", group.sha
        self.merged.append(group.sha)
        pushed = self._moved(f"refs/heads/{self.base}", before, group.sha)
        event = self.forge.dialect.pull_request(self.forge, self.project, pull, "merged")
        closed = self._deliver("merged", *event)
        return [pushed, closed, *self._destroy(group, "merged")]

    def _eject(self, at: int, reason: str) -> tuple[Sent, ...]:
        gone, self.groups = self.groups[at:], self.groups[:at]
        sent = [each for group in gone for each in self._destroy(group, reason if group is gone[0] else "invalidated")]
        return (*sent, *(each for group in gone[1:] for each in self._build(group.number)))

    def _destroy(self, group: Group, reason: str) -> list[Sent]:
        self.project.bare.git("update-ref", "-d", group.ref)
        self.project.bare.git("update-ref", f"refs/kept/{group.sha}", group.sha)  # GitHub serves such a commit still
        return [self._told(group, "destroyed", reason), self._moved(group.ref, group.sha, ZERO)]

    def _moved(self, ref: str, before: str, after: str) -> Sent:
        update = Update(ref=ref, before=before, after=after, sha="" if after == ZERO else after, author=self.author)
        return self._deliver("push", *self.forge.dialect.push(self.forge, self.project, update))

    def _told(self, group: Group, action: str, reason: str = "") -> Sent:
        pull = self.project.pull_requests[group.number]
        update = Update(ref=group.ref, before=ZERO, after=group.sha, sha=group.sha, author=self.author)
        payload = payloads.merge_group(self.forge, self.project, pull, update, group.base_sha)
        payload |= {"action": action, **({"reason": reason} if reason else {})}
        return self._deliver(action, "merge_group", payload)

    def _deliver(self, what: str, event: str, payload: dict[str, Any]) -> Sent:
        """Send it, or keep it back where such news are mute."""
        if what not in self.mute:
            return self.forge.deliver(event, payload)
        url, self.forge.hook_url = self.forge.hook_url, ""
        self.kept.append(sent := self.forge.deliver(event, payload))
        self.forge.hook_url = url
        return sent
