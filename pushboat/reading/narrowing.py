"""Which of all environments somebody wants to see, and in which groups: those of one repository stand together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pushboat.model.refs import short_name
from pushboat.reading.environments import Overview

MOST_SHOWN = 60
"""Environments on one page: each is a card, and a page is to stay below 100 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The environments of one repository."""

    repository: str
    environments: Sequence[Overview]


def narrowed(environments: Iterable[Overview], *, state: str = "", words: str = "") -> list[Overview]:
    """Choose those whose latest deployment is in a state, and of which some name or text has each of these words."""
    wanted = words.casefold().split()
    return [
        one
        for one in environments
        if (not state or (one.latest is not None and one.latest.state == state))
        and all(word in text for text in [_text(one)] for word in wanted)
    ]


def grouped(environments: Iterable[Overview]) -> list[Group]:
    """Put those of one repository together, in the order in which the first of each comes."""
    found: dict[str, list[Overview]] = {}
    for one in environments:
        found.setdefault(one.repository, []).append(one)
    return [Group(repository=repository, environments=rows) for repository, rows in found.items()]


def _text(one: Overview) -> str:
    """Give all that one is found by: names, commits, refs, people, subjects."""
    found = [one.repository, one.environment]
    for each in (one.latest, one.runs):
        if each is not None:
            found += [each.sha, short_name(each.ref), each.author, each.caption.subject, each.caption.author]
    return "\n".join(found).casefold()
