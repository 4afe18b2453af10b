"""Is a commit the repository's own? A forge serves a fork's commits too, under the name of what was forked."""

from collections.abc import Iterator, Mapping, Sequence

from pushboat.errors import CommandRefused, ForgeRefused
from pushboat.events import EventKind
from pushboat.model.ask import Ask
from pushboat.model.deployment import short
from pushboat.model.wording import code
from pushboat.routing import Commit
from pushboat.routing.forge_deployments import REF
from pushboat.store import deliveries
from workers.source.environments import fetched, remote
from workers.source.git.ancestry import parted_at
from workers.source.git.tips import Tips, tips
from workers.tools import Tools, split

_OWN = ("refs/heads/", "refs/tags/")
MOST_ASKED = 50
"""Refs that are asked whether they contain a commit: first the likely ones, then the repository's first branch."""


def of_forge_deployment(tools: Tools, ask: Ask) -> Commit:
    """Give the commit of a deployment at the forge, with a branch or tag of the repository that has it.

    Raises:
        CommandRefused: no branch and no tag has it, as far as we looked.
        CheckoutFailed: the forge has it no more.
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    listing = fetched(tools, ask.repository, lambda remote: tips(remote, tools.scratch))
    named = [prefix + ask.arguments.get(REF, "") for prefix in _OWN]
    return Commit(sha=ask.sha, ref=own_ref(tools, ask.repository, ask.sha, listing, named))


def own_ref(tools: Tools, repository: str, sha: str, listing: Tips, likely: Sequence[str] = ()) -> str:
    """Give a branch or tag of the repository itself that has a commit; `likely` ones are asked first.

    Raises:
        CommandRefused: none has it, as far as we looked.
        CheckoutFailed: the forge has it no more.
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    own = {ref: tip for ref, tip in listing.commits.items() if ref.startswith(_OWN)}
    first = [ref for ref in (*likely, listing.default) if ref in own]
    at = next((ref for ref in (*first, *sorted(own)) if own[ref] == sha), "")
    if at:
        return at
    order = list(dict.fromkeys((*first, *_pushed_to(tools, repository, sha, own), *sorted(own))))
    for ref in order[:MOST_ASKED]:
        if contains(tools, repository, sha, own[ref]):
            return ref
    raise CommandRefused(_nowhere(sha, listing.commits, len(order)))


def contains(tools: Tools, repository: str, sha: str, tip: str) -> bool:
    """Ask the forge, or git where a token may not compare: whoever may clone can always find out."""
    forge, path = split(repository)
    try:
        return tools.client(forge).contains(path, sha, tip)
    except ForgeRefused:
        return parted_at(tools.scratch, remote(tools, repository), sha, tip) == sha


def _pushed_to(tools: Tools, repository: str, sha: str, own: Mapping[str, str]) -> Iterator[str]:
    """List the refs that a commit was pushed to, as deliveries told."""
    for row in deliveries.listed(tools.store, repository=repository, sha=sha):
        if row.event.kind is EventKind.PUSH and row.event.ref in own:
            yield row.event.ref


def _nowhere(sha: str, commits: Mapping[str, str], number: int) -> str:
    """Say that the repository does not have a commit, where it was found instead, and what to do."""
    named = code(short(sha))
    proposed = next((ref for ref in sorted(commits) if commits[ref] == sha and not ref.startswith(_OWN)), "")
    if proposed:
        return (
            f"{named} is in no branch and no tag of this repository, only in {code(proposed)}: what is proposed is "
            "planned there, and deployed once it is merged or in a branch of this repository."
        )
    if number > MOST_ASKED:
        return (
            f"{named} is in none of the {MOST_ASKED} branches and tags that were asked, of {number} of this "
            "repository: put a tag on it, then ask for it again."
        )
    return f"{named} is in no branch and no tag of this repository: push it to one, then ask for it again."
