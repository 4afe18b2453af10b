"""Carries out a promotion by pull request, between the decision and its answer: a branch is pushed, then proposed.

Each step finds what an earlier try left, so a worker that dies between two costs nothing but the second look. A branch
is only ever moved from one commit of ours to another one, and only if it still stands there at that moment.
"""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from pushboat.config.kinds import KINDS
from pushboat.errors import CommandRefused, ForgeRefused
from pushboat.model.ask import Source
from pushboat.model.pin import PinRequest
from pushboat.model.remote import Remote
from pushboat.routing import Decision, pin_requests
from pushboat.routing.pin_acts import RequestPins
from pushboat.store import pushers
from workers.source import checkout
from workers.source.environments import fetched
from workers.source.git import committing
from workers.source.git.committing import MovedOn, Wanted
from workers.tools import Tools, split

TRIES = 3
"""Looks at a branch that moves while we look; whoever moves it so often has it."""


def requested(tools: Tools, name: str, decision: Decision) -> Decision:
    """Open or update the pull request that a decision wants, and say how that went.

    Raises:
        CommandRefused: the branch is somebody else's by now, or our token may not.
        ForgeUnavailable: the forge does not answer.
    """
    act = next((each for each in decision.acts if isinstance(each, RequestPins)), None)
    if act is None:
        return decision
    forge, path = split(name)
    kind = KINDS[tools.operator.forges[forge].kind]
    try:
        sha = _pushed(tools, name, act)
        opened = tools.client(forge).open_pull_request(path, act.request)
    except ForgeRefused as refusal:
        raise pin_requests.not_allowed(refusal.summary, kind.proposes) from refusal
    if opened and act.ask.source is Source.COMMENT:
        # The forge names us as its opener; whoever asked for it is behind it all the same.
        pushers.remember(tools.store, name, sha, act.ask.who, opened.number)
    said = pin_requests.told(act, opened)
    return replace(said, acts=(*(each for each in decision.acts if each is not act), *said.acts))


def _pushed(tools: Tools, name: str, act: RequestPins) -> str:
    """Bring the branch to what is wanted, if it is ours or nobody's, and give its commit."""
    wanted, caches = act.request, tools.git_caches
    commit = Wanted(parent=wanted.tip, files=wanted.files, message=wanted.message, at=int(act.ask.at))
    for _ in range(TRIES):
        before = _standing(tools, name, wanted)
        with suppress(MovedOn):
            return fetched(tools, name, partial(_put, caches, commit, wanted.branch, before))
    raise CommandRefused(f"{wanted.branch} is being pushed to by somebody else at this moment: ask again.")


def _put(caches: Path, commit: Wanted, branch: str, before: str, remote: Remote) -> str:
    """Make the commit and push it, unless the branch holds the same already; give what it holds then."""
    sha = committing.made(caches, remote, commit)
    if before and committing.are_same(caches, remote, before, sha, commit.parent):
        return before
    committing.pushed(caches, remote, sha, branch, before, commit.parent)
    return sha


def _standing(tools: Tools, name: str, wanted: PinRequest) -> str:
    """Say where the branch is; empty where there is none.

    Raises:
        CommandRefused: its commit is not ours.
    """
    forge, path = split(name)
    before = tools.client(forge).head(path, f"refs/heads/{wanted.branch}")
    if not before:
        return ""
    commit = fetched(tools, name, lambda remote: checkout.commit_object(tools.git_caches, remote, before))
    if not committing.is_ours(commit):
        raise pin_requests.taken(wanted.branch, before, committing.committer(commit))
    return before
