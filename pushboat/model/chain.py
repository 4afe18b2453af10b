"""The chain of the audit: each entry is bound to all before it, so that nobody can change one without being found out.

A link is the digest of an entry and of the link before it. Stamps are links that the installation signed: whoever can
write into the store, and has not its key, cannot write the chain anew from an entry that a stamp covers.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from pushboat.model.ask import AuditEntry


@dataclass(frozen=True, slots=True)
class Link:
    """Where an entry stands in the chain, from 1 on, and what binds it to those before it."""

    position: int
    digest: str


BEGINNING = Link(0, "")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A link that was signed, when, whether our key made the signature, and whether retention took all up to it."""

    link: Link
    at: float
    ours: bool
    stands: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry as it is stored, with its link; `link` is None where nobody has bound it yet."""

    entry: AuditEntry
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """What a chain turned out to be.

    Args:
        broken: a sentence on the first thing that is wrong; empty where all is as it was written.
        at: the entry that it is about; None where it is about none.
        entries: how many were looked at and are as they were written.
        begins: the stamp that verifying began from; None: with the first entry that there ever was.
        stamped: the newest stamp of ours; None where there is none.
        unstamped: how many entries came after it.
        unbound: how many entries nobody has bound yet.
    """

    broken: str = ""
    at: AuditEntry | None = None
    entries: int = 0
    begins: Stamp | None = None
    stamped: Stamp | None = None
    unstamped: int = 0
    unbound: int = 0


def is_place(position: object) -> bool:
    """Say whether an entry can stand there: SQLite keeps there whatever somebody puts in."""
    return isinstance(position, int) and position > 0


def after(before: Link, entry: AuditEntry) -> Link:
    """Bind an entry to everything before it."""
    position = before.position + 1
    said = [before.digest, position, entry.id, entry.at, entry.who, entry.source, entry.repository, entry.environment]
    said += [entry.word, entry.verdict, entry.reason, entry.delivery, entry.ask, entry.deployment]
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    return Link(position, hashlib.sha256(text.encode()).hexdigest())


def words_of(link: Link, *, stands: bool = False) -> bytes:
    """Give what a stamp signs; `stands`: that retention takes everything up to it, and it stands for all of that."""
    return f"pushboat audit {'until' if stands else 'stamp'} {link.position} {link.digest}".encode()


def examine(entries: Iterable[Linked], stamps: Iterable[Stamp], noted: Link | None = None) -> Soundness:
    """Follow a chain from its beginning, or from the stamp that retention left, and say where it breaks first.

    Args:
        entries: in the order of their positions, those that nobody has bound at the end.
        stamps: in the order of their positions.
        noted: a link that somebody kept elsewhere; it must be in the chain.
    """
    signed = tuple(stamps)
    if forged := next((stamp for stamp in signed if not stamp.ours), None):
        why = (
            f"the stamp after entry {forged.link.position} was made with another key than this installation's; where "
            "that was one of yours, give its public half with --key"
        )
        return Soundness(broken=why)
    return _Walk(signed, noted).through(entries)


class _Walk:
    """A walk along the chain."""

    def __init__(self, stamps: tuple[Stamp, ...], noted: Link | None) -> None:
        self._stamps, self._noted = stamps, noted
        self._begins = next((stamp for stamp in reversed(stamps) if stamp.stands), None)
        self._here = self._begins.link if self._begins else BEGINNING
        marks = {stamp.link.position: stamp.link for stamp in stamps} | ({noted.position: noted} if noted else {})
        self._marks = {position: link for position, link in marks.items() if position >= self._here.position}
        self._entries = self._unbound = 0

    def through(self, entries: Iterable[Linked]) -> Soundness:
        """Go to the end, or to where it breaks."""
        if self._marks.get(self._here.position, self._here) != self._here:
            return self._come_to("what you noted says otherwise: it, or an entry before it, was written anew")
        begins = self._here.position
        for each in entries:
            if each.link is None:
                self._unbound += 1
            elif not is_place(each.link.position):
                return self._come_to("it stands where no entry can stand", each.entry)
            elif each.link.position > begins and (broken := self._step(each.entry, each.link)):  # else retention's
                return self._come_to(broken, each.entry)
        return self._come_to(self._missing_at_the_end())

    def _step(self, entry: AuditEntry, link: Link) -> str:
        if link.position != self._here.position + 1:
            gone = link.position - self._here.position - 1
            return f"{gone} missing before it" if gone > 0 else "it stands where another one stood"
        if after(self._here, entry) != link:
            return "it is not what was written, or what stood before it is gone"
        if (mark := self._marks.get(link.position)) and mark != link:
            kind = "what you noted" if mark is self._noted else "a stamp"
            return f"{kind} says otherwise: it, or an entry before it, was written anew"
        self._here, self._entries = link, self._entries + 1
        return ""

    def _missing_at_the_end(self) -> str:
        last = max(self._marks, default=0)
        if last <= self._here.position:
            return ""
        kind = "what you noted" if self._noted and self._noted.position == last else "a stamp"
        return f"the newest entries are missing: {kind} covers {last}, and the last one here is {self._here.position}"

    def _come_to(self, broken: str, at: AuditEntry | None = None) -> Soundness:
        newest = self._stamps[-1] if self._stamps else None
        return Soundness(
            broken=broken,
            at=at,
            entries=self._entries,
            begins=self._begins,
            stamped=newest,
            unstamped=max(0, self._here.position - (newest.link.position if newest else 0)),
            unbound=self._unbound,
        )
