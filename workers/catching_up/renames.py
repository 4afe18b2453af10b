"""A repository that was renamed and has sent nothing since: the forge's own id, which its deliveries told, finds it.

Whoever has its old name now is another one, and gets nothing of what this one was granted.
"""

import logging
from dataclasses import replace

from pushboat.errors import ForgeRefused
from pushboat.model.repository import Identity
from pushboat.routing.recognising import acceptance, called_now
from pushboat.store import repositories
from workers.tools import Tools, split

logger = logging.getLogger(__name__)


def follow(tools: Tools, repository: str) -> bool:
    """Ask the forge what a repository is called now, and say whether that is news; it is remembered.

    Raises:
        ForgeRefused: the forge has no repository of this id any more.
        ForgeUnavailable: it does not answer.
    """
    forge, path = split(repository)
    holder = _holder(tools, repository)
    if holder is None:
        return False  # no delivery has come yet, so the name is all that is known
    try:
        today = tools.clients(forge).name_of(path, holder.id)
    except ForgeRefused as refusal:
        logger.warning("%s: %s", repository, refusal.summary)
        return False
    if not today:
        raise ForgeRefused(
            f"{forge} shows us no repository with the id {holder.id} any more, which {path} had; if another one "
            f"is meant now: {acceptance(repository, 'ID')}"
        )
    if today == holder.path:
        return False
    repositories.keep(tools.store, replace(holder, path=today, rival=""))
    logger.warning("%s: %s", repository, called_now(path, today))
    return True


def renamed(tools: Tools, repository: str) -> str:
    """Give today's path of a repository to which the operator's file gives an earlier one; else nothing."""
    holder = _holder(tools, repository)
    if holder is None or tools.operator.canonical(f"{holder.forge}/{holder.path}") == holder.name:
        return ""
    return holder.path


def _holder(tools: Tools, repository: str) -> Identity | None:
    return repositories.holder(tools.store, tools.operator.canonical(repository))
