"""What differs between fake forges: their payloads, their signatures and their API."""

from typing import TYPE_CHECKING, Any, Protocol

from flask import Flask

from tests.fakes.nouns import Comment, Project, PullRequest, Update

if TYPE_CHECKING:
    from tests.fakes.forge import FakeForge

Event = tuple[str, dict[str, Any]]
"""The event's name, as the header has it, and the payload."""


class Dialect(Protocol):
    """What a forge's payloads and API look like."""

    def application(self, forge: "FakeForge") -> Flask: ...
    def push(self, forge: "FakeForge", project: Project, update: Update) -> Event: ...
    def pull_request(
        self, forge: "FakeForge", project: Project, pull: PullRequest, action: str, **more: Any
    ) -> Event: ...
    def comment(self, forge: "FakeForge", project: Project, comment: Comment, action: str, **more: Any) -> Event: ...
    def ping(self, forge: "FakeForge", project: Project) -> Event: ...
    def sign(self, forge: "FakeForge", event: str, body: bytes) -> dict[str, str]: ...
