"""Merge groups that were merged or dropped, or whose turn it is, and no delivery has told us: found by a look."""

import hashlib
import logging

from pushboat.events import Event, EventKind
from pushboat.model.merge_group import MergeGroup
from pushboat.routing.merge_queue import DESTROYED, MERGED, TURN
from pushboat.store import deliveries, merge_groups
from workers.naming import renamed
from workers.tools import Tools, split

logger = logging.getLogger(__name__)


def accept_decided(tools: Tools, repository: str) -> None:
    """Ask about the groups that nobody decided about, and accept what we hear as the delivery that was missed.

    Raises:
        ForgeUnavailable, ForgeRefused: the forge does not say.
    """
    known = merge_groups.listed(tools.store, repository)
    taken = {each.environment for each in known if each.begun}
    forge, path = split(repository)
    for group in {(each.ref, each.sha): each for each in known}.values():
        client = tools.client(forge)
        tip = client.head(path, f"refs/heads/{group.base}")
        if client.head(path, group.ref) != group.sha:
            merged = bool(tip) and client.contains(path, group.sha, tip)
            _accept(tools, repository, group, DESTROYED, MERGED if merged else "dropped")
        elif tip == group.base_sha and any(each.sha == group.sha and not _has(each, taken) for each in known):
            _accept(tools, repository, group, TURN, f"{tools.store.now():.0f}")


def _has(group: MergeGroup, taken: set[str]) -> bool:
    return group.environment in taken


def _accept(tools: Tools, repository: str, group: MergeGroup, action: str, why: str) -> None:
    forge, path = split(repository)
    destroyed = action == DESTROYED
    event = Event(
        kind=EventKind.MERGE_GROUP,
        action=action,
        repository=path,
        ref=group.ref if destroyed else "",
        base_ref=group.base,
        sha=group.sha if destroyed else "",
        title=why if destroyed else "",
        renamed=renamed(tools.operator, tools.store, repository),
        found="missed",
    )
    name = hashlib.sha256(f"{repository} {group.ref} {group.sha} {group.environment} {action} {why}".encode())
    if not deliveries.accept(tools.store, forge, f"catch-up-{name.hexdigest()[:32]}", event).duplicate:
        logger.info("%s: no delivery told that %s is %s", repository, group.ref, why if destroyed else "next")
        tools.ring()
