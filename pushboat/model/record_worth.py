"""What a release's record is worth: whether its signature is right, and whether it speaks of this very release."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pushboat.model.deployment import Deployment
from pushboat.model.release_record import encoded, taken_apart
from pushboat.sealing import is_signed


class Worth(StrEnum):
    """Due is what nobody has signed yet; unknown what was not checked, for want of the key."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    DUE = "due"


About = tuple[int, str, str, str]
"""Which release a record is to speak of: its deployment's number, repository, environment and commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a record says of a release; moments as they are written there.

    Args:
        deployment, release: their numbers, the second in its environment.
        render, plan: digests of what was rendered, and of what changed.
        approvals: who approved, and when.
        images: each with its digest, or nothing.
    """

    deployment: int
    release: int
    repository: str
    environment: str
    sha: str
    author: str
    began: str
    ended: str
    render: str
    plan: str
    approvals: Sequence[tuple[str, str]]
    images: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A record with its worth; `why` is a sentence where that is not good.

    `said` is what it says of the release, None where nobody should rely on that.
    """

    worth: Worth
    why: str = ""
    said: Said | None = None


def about(made: Deployment) -> About:
    """Say of which release the record of a deployment is to speak."""
    return made.id, made.lane.repository, made.lane.environment, made.sha


def judge(written: str, wanted: About, keys: Collection[bytes]) -> Judged:
    """Judge the record that stands at a deployment.

    Args:
        written: the envelope as it is stored; empty where it is due.
        wanted: what it is to speak of.
        keys: the public keys whose signatures count; none: they are not here.
    """
    if not written:
        return Judged(worth=Worth.DUE, why="it is not signed yet: the dispatcher does that")
    payload, signature = taken_apart(written)
    said = _read(payload)
    if said is None:
        return Judged(worth=Worth.BAD, why="what stands there is no record: somebody changed it in the store")
    if keys and not is_signed(encoded(payload), signature, keys):
        return Judged(worth=Worth.BAD, why="it was not signed with this installation's key, or was changed since")
    if (said.deployment, said.repository, said.environment, said.sha) != wanted:
        of = f"deployment {said.deployment}, of {said.repository} to {said.environment}"
        return Judged(worth=Worth.BAD, why=f"it is the record of another one: {of}")
    if not keys:
        why = "the installation's key is not on the machine that was asked, so nobody checked the signature there"
        return Judged(worth=Worth.UNKNOWN, why=why, said=said)
    return Judged(worth=Worth.GOOD, said=said)


def _read(payload: bytes) -> Said | None:
    try:
        said: dict[str, Any] = json.loads(payload)["predicate"]
        return Said(
            deployment=int(said["deployment"]),
            release=int(said["release"]),
            repository=str(said["repository"]),
            environment=str(said["environment"]),
            sha=str(said["sha"]),
            author=str(said["author"]),
            began=str(said["started_at"]),
            ended=str(said["finished_at"]),
            render=str(said["render"]),
            plan=str(said["plan"]),
            approvals=tuple((str(each["who"]), str(each["at"])) for each in said["approvals"]),
            images=tuple((str(each["image"]), str(each["digest"] or "")) for each in said["images"]),
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
