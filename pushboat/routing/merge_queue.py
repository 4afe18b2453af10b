"""GitHub's merge queue: it makes a commit of the base branch and of what waits before its turn, and asks about that."""

import re

from pushboat.events import Event

REQUESTED, DESTROYED = "checks_requested", "destroyed"
MERGED = "merged"
"""Why a group was destroyed, where it was merged."""

TURN = "turn"
"""Our own word: something has ended where a group waits, which may begin by now."""

BRANCHES = "gh-readonly-queue/"
"""The queue's branches are pushed as well; nothing follows from that."""

_LAST = re.compile(r"/pr-(\d{1,9})-[0-9a-f]+$")
_NUMBERS = 10**9


def number_of(event: Event) -> int:
    """Give the number by which a queue's head is known: that of the pull request it was made for, below zero.

    Its plans queue in lanes of their own, and hold up neither the pull request's nor another group's.
    """
    found = _LAST.search(event.ref)
    return -int(found[1]) if found and int(found[1]) else -(_NUMBERS + int(event.sha[:7] or "0", 16))


def pull_request_of(number: int) -> int:
    """Give the pull request that a group was made for, by the group's own number; 0 where nobody knows."""
    return -number if -_NUMBERS < number < 0 else 0
