"""Bring a base from another repository: its locked commit, fetched as ours are, and of it what a render reads."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pushboat.config.sources import Source, allowing, canonical
from pushboat.errors import RenderFailed
from pushboat.model.deployment import short
from pushboat.model.outside import Locked, Outside
from pushboat.model.remote import Remote
from workers.registries.asking import basic
from workers.source import checkout
from workers.source.closure import References
from workers.source.outside.fetching import demand_allowed
from workers.source.outside.words import LOCK
from workers.source.planted import Plant, Planted


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A repository of a forge that the operator has: its name (`github/acme/base`), and how it is fetched there.

    `caches` is where that forge's commits are kept.
    """

    name: str
    remote: Callable[[], Remote]
    caches: Path


Known = Callable[[str], Ours | None]
"""Says which of our repositories has an address."""


def nobody(_address: str) -> None:
    """Know no forge."""


def planting(lock: Mapping[Outside, Locked], sources: Iterable[Source], caches: Path, known: Known = nobody) -> Plant:
    """Plant what a lock file pins, from where the operator lists it.

    What lies on a forge of the operator's may be listed by its name there, and is fetched with that forge's own token.
    Other commits are kept in `caches`, apart by the login that they came with: an entry without one lets nobody read
    from the disk what the host would not have given.
    """
    allowed = tuple(sources)

    def plant(outside: Outside, folder: str, target: Path, references: References) -> Planted:
        locked = lock.get(outside)
        if locked is None:
            raise RenderFailed(f"{outside} is not locked: {LOCK}")
        kept, remote = _whence(locked, allowed, known(outside.address), caches)
        out = checkout.check_out(kept, remote, outside.address, locked.digest, folder, target, references)
        shown = f"{outside.address.partition('://')[2]}@{short(locked.digest)}"
        return Planted(shown=shown, left_out=out.left_out)

    return plant


def _whence(locked: Locked, allowed: Sequence[Source], ours: Ours | None, caches: Path) -> tuple[Path, Remote]:
    """Say where a base's commits are kept, and where they are fetched from."""
    if ours is not None and allowing(ours.name, allowed):
        return ours.caches, ours.remote()
    outside, at = locked.outside, locked.at or locked.outside.address
    demand_allowed(outside, outside.address, allowed)
    login = basic(demand_allowed(outside, canonical(at), allowed))
    apart = hashlib.sha256(login.encode()).hexdigest()[:16]
    return caches / apart, Remote(url=at, headers={"Authorization": login} if login else {})
