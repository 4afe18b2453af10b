"""What was rendered once is not rendered again: kept on this machine by all that decided it, as releases are stored.

The name of a file follows from the roots of the commit and the settings, with this version of Pushboat and its renderer
among them; its content is packed as a release's, with the values of Secrets sealed, and signed: what somebody else has
written there, or another key, counts for nothing. What was used longest ago goes first.
"""

import json
import os
import tempfile
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.model.footprint import Footprint
from pushboat.sealing import Key
from workers.deploying.packing import pack, unpack
from workers.render.choosing import Rendered

MOST_BYTES = 256 << 20
LARGEST = 8 << 20
"""Bytes, compressed: of all together, and of one that is kept."""
ADDED = 4 << 20
"""Bytes by which all together may be more until they are counted again."""
_SIGNATURE = 40
"""Characters."""


class _Added:
    """How many bytes this process has added to each cache since it looked how much there is in all."""

    def __init__(self) -> None:
        self._bytes: dict[Path, int] = {}

    def is_much(self, cache: Path, more: int) -> bool:
        """Count what was added; whether all must be looked at again, which takes long where there are thousands."""
        self._bytes[cache] = self._bytes.get(cache, ADDED) + more
        if self._bytes[cache] < ADDED:
            return False
        self._bytes[cache] = 0
        return True


_added = _Added()


def find(cache: Path, key: Key, footprint: Footprint) -> Rendered | None:
    """Give what was rendered of a footprint, where all of it can be read."""
    file = cache / _name(key, footprint)
    try:
        content = file.read_bytes()
        os.utime(file)
    except OSError:
        return None
    signature, said = content[:_SIGNATURE], content[_SIGNATURE:]
    if signature.decode("ascii", "replace") != key.digest(file.name.encode() + said):
        return None
    head, _, packed = said.partition(b"\n")
    engine, *notes = json.loads(head)
    found = unpack(packed, key)
    if found.locked:
        return None
    return Rendered(manifests=found.manifests, engine=engine, notes=tuple(notes), roots=footprint.roots)


def keep(cache: Path, key: Key, footprint: Footprint, environment: Environment, made: Rendered) -> None:
    """Keep what was rendered of a footprint; where that fails, it is rendered again."""
    file = cache / _name(key, footprint)
    said = json.dumps([made.engine, *made.notes]).encode() + b"\n" + pack(made.manifests, environment, key).packed
    if len(said) > LARGEST:
        return
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cache, delete=False) as unfinished:
            unfinished.write(key.digest(file.name.encode() + said).encode("ascii") + said)
        Path(unfinished.name).rename(file)
        if _added.is_much(cache, len(said)):
            _make_room(cache)
    except OSError:
        return


def _name(key: Key, footprint: Footprint) -> str:
    """Name a footprint so that nobody without the key can tell what was deployed."""
    return key.digest(f"render {footprint.settings}\n{footprint.text}".encode())


def _make_room(cache: Path) -> None:
    """Remove what was used longest ago, half of all at once where it has become too much."""
    found = [(each.stat().st_mtime, each.stat().st_size, each) for each in cache.iterdir()]
    if sum(size for _, size, _ in found) <= MOST_BYTES:
        return
    left = MOST_BYTES // 2
    for _, size, each in sorted(found, reverse=True):
        left -= size
        if left < 0:
            each.unlink(missing_ok=True)
