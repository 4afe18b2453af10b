"""Is a commit the repository's own? GitHub shows a fork's commits under the name of the repository that was forked."""

from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask
from pushboat.model.deployment import short
from pushboat.model.wording import code
from pushboat.routing import Commit
from pushboat.routing.forge_deployments import REF
from workers.source.environments import fetched
from workers.source.git.tips import tips
from workers.tools import Tools, split

_OWN = ("refs/heads/", "refs/tags/")
MOST_ASKED = 50
"""Refs that are asked whether they contain a commit: first the one that was named, then the repository's own first."""


def of_forge_deployment(tools: Tools, ask: Ask) -> Commit:
    """Give the commit of a deployment at the forge, with a branch or tag of the repository that has it.

    Raises:
        CommandRefused: no branch and no tag has it, as far as we looked.
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    listing = fetched(tools, ask.repository, lambda remote: tips(remote, tools.scratch))
    own = {ref: sha for ref, sha in listing.commits.items() if ref.startswith(_OWN)}
    named = [prefix + ask.arguments.get(REF, "") for prefix in _OWN]
    first = [ref for ref in (*named, listing.default) if ref in own]
    order = sorted(own, key=lambda ref: (first.index(ref) if ref in first else len(first), ref))
    at = next((ref for ref in order if own[ref] == ask.sha), "")
    if at:
        return Commit(sha=ask.sha, ref=at)
    forge, path = split(ask.repository)
    client = tools.clients(forge)
    for ref in order[:MOST_ASKED]:
        if client.contains(path, ask.sha, own[ref]):
            return Commit(sha=ask.sha, ref=ref)
    raise CommandRefused(
        f"{code(short(ask.sha))} is in no branch and no tag of this repository: push it to one, then deploy it again."
    )
