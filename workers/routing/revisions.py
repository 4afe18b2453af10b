"""Which commit an ask is about: the head that a comment's writer saw, or what the command line names or leaves open."""

import re

from pushboat.config.kinds import KINDS
from pushboat.config.project import Limits
from pushboat.errors import CommandRefused, InvalidRepositoryFile
from pushboat.events import ZERO_SHA, EventKind
from pushboat.model.ask import Ask
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import short
from pushboat.model.state import Kind
from pushboat.model.wording import code, printable
from pushboat.routing import Commit, PullRequest
from pushboat.store import asks, deliveries, deployments
from workers.routing import reachable
from workers.source.environments import environments_at, fetched
from workers.source.git.tips import Tips, tips
from workers.tools import Tools, split

_SHA = re.compile(r"[0-9a-f]{4,64}")
_FULL = (40, 64)


def of_comment(tools: Tools, row: DeliveryRow, ask: Ask, pull_request: PullRequest) -> Commit:
    """Give the head that the writer of a comment saw, never one that arrived after it.

    Raises:
        CommandRefused: nobody told us of a head before the comment; from now on we know one.
    """
    ref = f"refs/heads/{pull_request.head_ref}"
    seen = ask.sha or _replaced_since(tools, row, ref, pull_request)
    if seen:
        return Commit(sha=seen, ref=ref)
    head, number = pull_request.head_sha, pull_request.number
    asks.remember_head(tools.store, ask.repository, number, head, fork=pull_request.fork)
    raise CommandRefused(
        f"Which commit of #{number} you saw is not known: Pushboat was told of none before this comment. "
        f"Its head is {code(short(head))} now; comment again to deploy that."
    )


def moved(tools: Tools, row: DeliveryRow, ask: Ask, commit: Commit, pull_request: PullRequest) -> str:
    """Say where people see what came after the head that the asker saw; a replay means the commit of then."""
    if row.replayed or commit.sha == pull_request.head_sha:
        return ""
    forge = tools.operator.forges[split(ask.repository)[0]]
    path = split(ask.repository)[1]
    return KINDS[forge.kind].compare_url(forge.url, path, commit.sha, pull_request.head_sha)


def of_command_line(tools: Tools, ask: Ask, limits: Limits | None) -> Commit:
    """Give the commit or the tag that the ask names, or else the head of the branch that the environment follows.

    Raises:
        CommandRefused: there is no such commit, or more than one, or no ref of the repository itself has it.
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    listing = fetched(tools, ask.repository, lambda remote: tips(remote, tools.scratch))
    tag = f"refs/tags/{ask.sha}"
    if tag in listing.commits and not _SHA.fullmatch(ask.sha.lower()):  # no tag may pass for somebody's commit
        return Commit(sha=listing.commits[tag], ref=tag)
    if ask.sha:
        sha = _in_full(tools, ask, listing)
        reachable.own_ref(tools, ask.repository, sha, listing)
        return Commit(sha=sha)
    branch = _followed(tools, ask, limits, listing)
    ref = f"refs/heads/{branch}"
    if ref not in listing.commits:
        raise CommandRefused(
            f"{ask.environment} follows {code(branch)}, and there is no such branch: name a commit with --sha."
        )
    return Commit(sha=listing.commits[ref], ref=ref)


def _replaced_since(tools: Tools, row: DeliveryRow, ref: str, pull_request: PullRequest) -> str:
    """Find the head of before the first push that came after the comment; empty where none came."""
    for later in deliveries.accepted_since(tools.store, row):
        event = later.event
        updated = (event.kind, event.action, event.number) == (EventKind.PULL_REQUEST, "updated", pull_request.number)
        pushed = event.kind is EventKind.PUSH and event.ref == ref and not pull_request.fork
        if (updated or pushed) and event.before not in ("", ZERO_SHA):
            return event.before
    return ""


def _in_full(tools: Tools, ask: Ask, listing: Tips) -> str:
    """Complete the beginning of a sha from the refs' commits and from those that we have seen."""
    wanted = ask.sha.lower()
    if not _SHA.fullmatch(wanted):
        raise CommandRefused(
            f"{code(ask.sha)} is no commit and no tag: give at least four hexadecimal digits of a sha."
        )
    if len(wanted) in _FULL:
        return wanted
    store, repository = tools.store, ask.repository
    known = {
        *listing.commits.values(),
        *(row.event.sha for row in deliveries.listed(store, repository=repository, sha=wanted)),
        *(one.sha for one in deployments.listed(store, kinds=tuple(Kind), repository=repository, sha=wanted)),
    }
    found = sorted(sha for sha in known if sha.startswith(wanted))
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandRefused(f"{code(wanted)} begins {len(found)} commits of {ask.repository}: give more of it.")
    raise CommandRefused(
        f"{code(wanted)} begins no commit that a branch or tag of {ask.repository} points to or that was pushed "
        "here before: give the whole sha."
    )


def follows(tools: Tools, repository: str, environment: str, limits: Limits | None, listing: Tips) -> tuple[str, str]:
    """Say which branch or tags an environment follows: by the operator's word, else by the file on the first branch.

    Raises:
        CommandRefused: that file has mistakes.
    """
    if limits and ("branch" in limits.fixed or "tag" in limits.fixed):
        return str(limits.fixed.get("branch", "")), str(limits.fixed.get("tag", ""))
    if not listing.default:
        return "", ""
    try:
        found = environments_at(tools, repository, listing.commits[listing.default])[0].get(environment)
    except InvalidRepositoryFile as invalid:
        first = printable(invalid.summary, 200)
        raise CommandRefused(f"{listing.default}: {first}; mend it, or name a commit with --sha.") from invalid
    return (found.branch, found.tag) if found else ("", "")


def _followed(tools: Tools, ask: Ask, limits: Limits | None, listing: Tips) -> str:
    branch, tag = follows(tools, ask.repository, ask.environment, limits, listing)
    if branch:
        return branch
    instead = f"follows tags {code(tag)}" if tag else f"follows no branch, says {listing.default or 'nobody'}"
    raise CommandRefused(f"{ask.environment} {instead}: name a commit with --sha.")
