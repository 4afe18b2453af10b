"""What a fake forge remembers: projects, pull requests, comments, statuses, and what it sent."""

import time
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.fakes.bare import Bare


@dataclass(kw_only=True)
class PullRequest:
    """A pull or merge request."""

    number: int
    title: str
    author: str
    head: str
    base: str
    head_project: "Project"
    head_sha: str
    state: str = "open"
    merged_sha: str = ""
    body: str = ""


@dataclass(kw_only=True)
class Comment:
    """A comment in a pull request's conversation, on an issue, or on a commit."""

    id: int
    number: int
    author: str
    body: str
    sha: str = ""
    reactions: list[tuple[str, str]] = field(default_factory=list)
    """Who reacted, and how; each the same only once."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """A commit status as it was posted."""

    id: int
    sha: str
    context: str
    state: str
    description: str
    target_url: str
    ref: str = ""


@dataclass(kw_only=True)
class Project:
    """One repository and everything around it."""

    name: str
    id: int
    bare: Bare
    permissions: dict[str, str] = field(default_factory=lambda: {"alice": "write", "rita": "read"})
    pull_requests: dict[int, PullRequest] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    hooks: list[dict[str, Any]] = field(default_factory=list)
    memberships: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the API says of a member beside the permission, by name: blocked, expired, not yet accepted."""
    required: list[str] = field(default_factory=list)
    """The statuses that the default branch's rules demand."""

    def react(self, comment_id: int, reaction: tuple[str, str]) -> bool | None:
        """Add a reaction, and say whether it is new; None where there is no such comment."""
        found = next((one for one in self.comments if one.id == comment_id), None)
        if found is None:
            return None
        new = reaction not in found.reactions
        found.reactions += [reaction] if new else []
        return new


@dataclass(kw_only=True)
class Sent:
    """One delivery and the answer to it; None where nobody listened."""

    headers: dict[str, str]
    body: bytes
    response: requests.Response | None = None
    at: float = field(default_factory=time.time)


@dataclass(frozen=True, kw_only=True)
class Update:
    """A ref that moved; `sha` is the commit that a tag leads to."""

    ref: str
    before: str
    after: str
    sha: str
    author: str
    forced: bool = False


@dataclass(frozen=True, kw_only=True)
class Happened:
    """What a person did, and the deliveries that followed from it."""

    sha: str = ""
    number: int = 0
    comment_id: int = 0
    sent: tuple[Sent, ...] = ()

    @property
    def response(self) -> requests.Response:
        """Give the answer to the last delivery."""
        answer = self.sent[-1].response
        assert answer is not None, "nobody listened at the webhook's address"
        return answer


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a forge says of a commit's signature; without somebody it is the forge's own."""

    good: bool
    by: str = ""
