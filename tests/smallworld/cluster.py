"""The cluster of a small world: one object, as an API server keeps it (docs/adr/0005).

Each write gives the object another version, and carries the version that was read: where the object has another one by
now, it is refused. So is the fence that a take-over puts.
"""

from typing import NamedTuple


class Live(NamedTuple):
    """The object as it stands; `writer` is the fence of the claim that wrote its content, or found it right."""

    version: int = 1
    fence: int = 0
    content: int = 0
    writer: int = 0


class Packet(NamedTuple):
    """A request on its way: commit `number`'s content over the `version` that was read; without a number, a fence."""

    fence: int
    version: int
    number: int = 0


def content_of(number: int) -> int:
    """Say what a commit wants: each second one what was there before, as a revert does."""
    return number % 2


def arrive(live: Live, packet: Packet, *, checked: bool) -> Live | None:
    """Give the object after a request, or None where it is refused; `checked`: versions are compared."""
    if checked and packet.version != live.version:
        return None
    if not packet.number:
        return live._replace(version=live.version + 1, fence=packet.fence)
    return live._replace(version=live.version + 1, content=content_of(packet.number), writer=packet.fence)


def is_stale(live: Live, packet: Packet) -> bool:
    """Say whether a write that is let through undoes what a later claim has seen to."""
    return bool(packet.number) and packet.fence < live.writer and content_of(packet.number) != live.content
