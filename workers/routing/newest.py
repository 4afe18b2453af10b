"""What an environment would run by itself: the newest commit of the branch or of the tags that it follows."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cmp_to_key

from pushboat.errors import CheckoutFailed, CommandRefused, ForgeRefused, InvalidRepositoryFile, Unavailable
from pushboat.model.deployment import Lane, short
from pushboat.model.refs import TAGS
from pushboat.model.wording import printable
from pushboat.routing import Newest
from pushboat.routing.versions import is_older
from pushboat.store import heads, looks, routing_jobs
from workers.routing.revisions import follows
from workers.source.environments import environments_at, fetched
from workers.source.git.tips import Tips, tips
from workers.tools import Tools


def newest(tools: Tools, repository: str, environment: str) -> Newest:
    """Find it out, or why there is none.

    Raises:
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    limits = tools.project(repository).environments.get(environment)
    if limits is None:
        return Newest(environment=environment, why="the operator's file has it no more")
    listing = fetched(tools, repository, lambda remote: tips(remote, tools.scratch))
    try:
        branch, tag = follows(tools, repository, environment, limits, listing)
    except (CommandRefused, CheckoutFailed) as refused:
        return Newest(environment=environment, why=refused.summary)
    if not branch and not tag:
        return Newest(environment=environment, why="it follows no branch and no tags")
    lane = Lane(repository=repository, environment=environment)
    ref = f"refs/heads/{branch}" if branch else _tag(tools, lane, tag, listing)
    if ref not in listing.commits:
        what = f"branch {printable(branch, 80)}" if branch else f"tag like {printable(tag, 80)}"
        return Newest(environment=environment, why=f"there is no {what}")
    sha = listing.commits[ref]
    why = _missing(tools, repository, environment, sha)
    return Newest(environment=environment, why=why) if why else Newest(environment=environment, ref=ref, sha=sha)


def untold(tools: Tools, repository: str, environment: str) -> tuple[Newest, ...]:
    """Give the newest commit of what an environment follows where no delivery has told of it: a look will find it.

    None where nobody says so now: whoever asks must not wait for a forge that is away.
    """
    if not any(each.repository == repository and each.covered for each in looks.listed(tools.store)):
        return ()  # the first look deploys nothing
    try:
        found = newest(tools, repository, environment)
    except (Unavailable, ForgeRefused):
        return ()
    known = heads.known(tools.store, repository).get(found.ref)
    return (found,) if found.sha and (known is None or known.sha != found.sha) else ()


def _missing(tools: Tools, repository: str, environment: str, sha: str) -> str:
    """Say why a commit cannot be deployed there; nothing where it can."""
    try:
        if environment in environments_at(tools, repository, sha)[0]:
            return ""
    except InvalidRepositoryFile as invalid:
        return f"the file of {short(sha)} has mistakes: {printable(invalid.summary, 120)}"
    except CheckoutFailed as failure:
        return failure.summary
    return f"{short(sha)} does not have it"


def _tag(tools: Tools, lane: Lane, pattern: str, listing: Tips) -> str:
    """Choose the tag that won when it was pushed, as far as we know of one; else the newest version."""
    there = [ref for ref in listing.commits if ref.startswith(TAGS) and fnmatchcase(ref.removeprefix(TAGS), pattern)]
    known = routing_jobs.newest_by_itself(tools.store, lane, TAGS)
    return known.ref if known and known.ref in there else _highest(there)


def _highest(refs: Iterable[str]) -> str:
    def compare(one: str, other: str) -> int:
        older, newer = (is_older(*(each.removeprefix(TAGS) for each in pair)) for pair in ((one, other), (other, one)))
        return newer - older

    return max(sorted(refs), key=cmp_to_key(compare), default="")
