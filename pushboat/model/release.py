"""A release: what a deployment that got through brought to its environment, kept so that it can be brought there again.

Its render is every manifest as it was handed to the plan. What is in it is known by digests, so that two releases are
compared without opening either.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pushboat.model.deployment import Counts, short
from pushboat.model.manifest import Ref

Contents = Mapping[Ref, str]
"""Each object of a render with the digest of its manifest; a hook's begins with RUNS."""
RUNS = "runs "
"""Marks what runs in a deployment and is no part of what it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """A render as it is stored: its contents, and all of it compressed, with the values of Secrets sealed.

    `said` names what the repository's own file said of the environment then, `place` has what the operator's file said
    of where it lies, as JSON. `to` is the repository that it is committed to as well (empty: none); it is not kept.
    """

    contents: Contents
    packed: bytes = field(repr=False)
    said: str = ""
    place: str = ""
    to: str = ""

    @property
    def digest(self) -> str:
        """Name it by what is in it."""
        items = sorted(([*_parts(ref), digest] for ref, digest in self.contents.items()), key=str)
        return hashlib.sha256(json.dumps(items).encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release of an environment, numbered from 1; `at` is when its deployment ended, by the store's clock.

    `again` is the release that it brought back, where its deployment was a rollback; `pull_request` is whose commit it
    is, where that was deployed before its merge. `kept` says that its render is still there to go back to.
    """

    number: int
    deployment: int
    ref: str
    sha: str
    digest: str
    at: float
    again: int = 0
    pull_request: int = 0
    kept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What an environment has by its newest release (nothing where that is not kept), and whether that is the last that
    was heard of it: nothing was asked for since that did not get through."""

    environment: str
    contents: Contents
    settled: bool


def lasting(contents: Contents) -> Contents:
    """Leave out the hooks, which neither come nor go with a release."""
    return {ref: digest for ref, digest in contents.items() if not digest.startswith(RUNS)}


def compared(now: Contents, then: Contents) -> Counts:
    """Count what going from one render to another creates, changes, leaves and deletes."""
    common = now.keys() & then.keys()
    same = sum(now[ref] == then[ref] for ref in common)
    return Counts(
        created=len(then) - len(common),
        configured=len(common) - same,
        unchanged=same,
        deleted=len(now) - len(common),
    )


def contents_text(contents: Contents) -> str:
    """Write contents as they are stored."""
    return json.dumps([[*_parts(ref), digest] for ref, digest in contents.items()])


def read_contents(text: str) -> Contents:
    """Read contents as they were stored."""
    return {Ref(*parts): digest for *parts, digest in json.loads(text or "[]")}


def named(release: Release) -> str:
    """Call a release what people call it."""
    return f"release {release.number} ({short(release.sha)})"


def origin(release: Release, releases: Iterable[Release]) -> int:
    """Say which release was made first of the content that one has: a rollback's is the one that it brought back."""
    known = {each.number: each for each in releases}
    number = release.number
    while number in known and known[number].again:
        number = known[number].again
    return number


def _parts(ref: Ref) -> tuple[str, str, str, str]:
    return ref.group, ref.kind, ref.namespace, ref.name
