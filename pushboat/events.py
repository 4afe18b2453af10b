"""What a delivery means, in the same words for every forge. Past `read()` nobody sees JSON or header names.

A neutral event is frozen data. Where a payload does not say something, the field is empty or None; the worker asks the
forge later. docs/configuration/check-plan-simulate.md has the values in `action`, as `pushboat simulate` prints them.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from pushboat import later_words


class EventKind(StrEnum):
    """The kinds that we tell apart; `other` is verified, recorded and ignored, `ask` comes from no forge."""

    PUSH = "push"
    PULL_REQUEST = "pull_request"
    COMMENT = "comment"
    MERGE_GROUP = "merge_group"
    RERUN = "rerun"
    DEPLOYMENT = "deployment"
    REVIEW = "review"
    ASK = "ask"
    PING = "ping"
    OTHER = "other"


ZERO_SHA = "0" * 40
"""What forges send in place of a commit that does not exist: before a creation, after a deletion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened in a repository.

    `repository` is the path on the forge (`acme/shop`), without the forge's name; `repository_id` is the forge's own
    id, which a new name does not change. `ref` is full (refs/heads/…) for a push and the head branch's short name for
    a pull request; `base_ref` is the short name of the branch it would merge into. `sha` is the commit concerned: the
    pushed one, or the pull request's head. `merged_sha` is set once merged.
    `comment` is the comment's text, `comment_on` what it stands on (pull_request, issue, commit, other),
    `comment_id` the forge's number for it, `sender` whoever sent it, where that is somebody else than its `author`.
    `bot` says that the forge marks the author as a program. `fork` is None where the payload does not say. `title`
    names what the forge calls an event of kind `other`, and the check that is to run again or whose `button` was
    pressed. `renamed` is the path of today where the operator's file has an earlier one, which `repository` then says.
    `found` is set where no delivery told us, but a look at the repository: `missed` for a push, `first` at the very
    first look.
    `environment` is where somebody wants a commit deployed by a deployment of the forge's own, whose number there is
    `forge_number`. `run` is the forge's number of the workflow's run whose job asks whether it may deploy there.
    """

    kind: EventKind
    action: str = ""
    repository: str = ""
    repository_id: str = ""
    ref: str = ""
    base_ref: str = ""
    sha: str = ""
    before: str = ""
    forced: bool = False
    number: int | None = None
    fork: bool | None = None
    merged_sha: str = ""
    author: str = ""
    bot: bool = False
    comment: str = ""
    comment_on: str = ""
    comment_id: int | None = None
    sender: str = ""
    title: str = ""
    button: str = ""
    renamed: str = ""
    found: str = ""
    environment: str = ""
    forge_number: int = 0
    run: int = 0

    @property
    def branch(self) -> str:
        """Give a pushed branch's short name, or nothing for a tag."""
        return self.ref.removeprefix("refs/heads/") if self.ref.startswith("refs/heads/") else ""

    @property
    def tag(self) -> str:
        """Give a pushed tag's short name, or nothing for a branch."""
        return self.ref.removeprefix("refs/tags/") if self.ref.startswith("refs/tags/") else ""


_FIELDS = tuple(field.name for field in fields(Event))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One POST, as it came: header names are lower case."""

    headers: dict[str, str]
    body: bytes


def to_json(event: Event) -> dict[str, Any]:
    """Turn an event into JSON data for the store."""
    return {name: getattr(event, name) for name in _FIELDS}


def from_json(data: dict[str, Any]) -> Event:
    """Read back an event that `to_json` wrote, also one of an older version that lacked a field."""
    values = {name: value for name, value in data.items() if name in _FIELDS}
    return Event(**{**values, "kind": later_words.read(EventKind, values["kind"])})
