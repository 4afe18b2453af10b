"""Renders as commits: what a deployment brought becomes a commit on the ref of its environment, and comes back from it.

It is a letter: written down with the success, tried until the forge has it, in order, and in nobody's way.
"""

import json
import zlib
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from pushboat.errors import CheckoutFailed, ForgeRefused
from pushboat.model import published
from pushboat.model.deployment import Lane
from pushboat.model.forge_letters import RenderLetter
from pushboat.model.published import Files, Published
from pushboat.model.remote import Remote
from pushboat.model.stored_render import items_of
from pushboat.sealing import is_signed
from pushboat.store import deployments, outbox, releases
from pushboat.store.outbox import Envelope, Settled
from workers.source.git import refs
from workers.source.git.refs import Snapshot
from workers.tools import Tools, split

Result = TypeVar("Result")
NOT_KEPT = "what it was made of is not kept any more"


def publish(tools: Tools, envelope: Envelope, letter: RenderLetter) -> Settled:
    """Commit what a deployment brought, unless the ref has that, or something newer; give how it ended.

    Raises:
        ForgeUnavailable: the forge does not answer; it is tried again.
        ForgeRefused: it does not take it.
    """
    found = _found(tools, letter)
    if found is None:
        return Settled(envelope, outbox.DEAD, NOT_KEPT)
    url = f"{tools.operator.public_url.rstrip('/')}/deployments/{found.deployment}"
    files = published.files_of(found, tools.key.sign)
    wanted = Snapshot(message=published.message_of(found, url), files=files, at=int(found.at))

    def move_on(remote: Remote) -> bool:
        ref = published.ref_of(found.lane)
        return refs.move_on(tools.scratch, remote, ref, wanted, unless=partial(_is_there, tools, found))

    try:
        _reached(tools, f"{envelope.forge}/{envelope.repository}", move_on)
    except CheckoutFailed as error:
        raise ForgeRefused(error.summary, error.details) from error
    return Settled(envelope, outbox.SENT)


def restored(tools: Tools, repository: str, lane: Lane) -> Published | None:
    """Read what was committed last of an environment; None where nothing was.

    Raises:
        NotOurs: another installation wrote it, or somebody changed it.
        CheckoutFailed, ForgeUnavailable, ForgeRefused: it cannot be had.
    """
    ref = published.ref_of(lane)
    there = _reached(tools, repository, lambda remote: refs.read(tools.scratch, remote, ref))
    if there is None:
        return None
    return published.read(there.files, _ours(tools), lane)


def packed(found: Published) -> bytes:
    """Pack what was committed as a release stores it: of its Secrets, which nobody can read, that they are there."""
    return zlib.compress(json.dumps(found.content, separators=(",", ":")).encode())


def _found(tools: Tools, letter: RenderLetter) -> Published | None:
    row = deployments.find(tools.store, letter.deployment)
    lane = Lane(repository=letter.source, environment=letter.environment)
    stored = releases.packed(tools.store, lane, row.release) if row and row.release else None
    if row is None or stored is None:
        return None
    return Published(
        lane=lane, sha=row.sha, ref=row.ref, deployment=row.id, at=row.finished_at or 0.0, content=items_of(stored)
    )


def _is_there(tools: Tools, found: Published, said: str, read: Callable[[], Files]) -> bool:
    """Say whether a ref's newest commit is of this deployment, or of a later one: a frozen poster may come back.

    What it says itself anybody may write: only what we signed keeps ours away. And a store that began anew counts from
    one again, so that a higher number is later only where its deployment ended later, too.
    """
    if published.deployment_in(said) < found.deployment:
        return False
    try:
        number, at = published.place_of(read(), _ours(tools), found.lane)
    except CheckoutFailed:  # far larger than anything of ours
        return False
    return number >= found.deployment and at >= found.at


def _ours(tools: Tools) -> Callable[[bytes, bytes], bool]:
    keys = [tools.key.public()]
    return lambda content, signature: is_signed(content, signature, keys)


def _reached(tools: Tools, repository: str, act: Callable[[Remote], Result]) -> Result:
    """Reach a repository that need not be one that we deploy; once more with a new token, where there can be one."""
    forge, path = split(repository)
    client = tools.client(forge)
    try:
        return act(client.remote(path))
    except ForgeRefused:
        if not client.renew(path):
            raise
        return act(client.remote(path))
