"""What the commit that is deployed says of itself, held against the operator's rules for that."""

from collections.abc import Iterator
from functools import partial

from pushboat.config.environment import Environment
from pushboat.errors import Denied
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.remote import Remote
from pushboat.policy import subjects
from pushboat.policy.words import DENY
from workers.source import checkout
from workers.source.environments import fetched
from workers.tools import Tools


def judged(tools: Tools, deployment: Deployment, environment: Environment) -> Iterator[str]:
    """Say what of its message the rules warn of; where there is no rule, nobody reads it.

    Raises:
        Denied: a rule denies it.
        ForgeUnavailable, ForgeRefused: the commit cannot be had.
    """
    rules = environment.policy.commits
    raw = raw_commit(tools, deployment.lane, deployment.sha) if rules else b""
    for rule in rules:
        said = subjects.judged(rule, raw)
        if said.trouble:
            yield f"warning: the commit's message was not evaluated: {said.trouble} ({rule.name})"
        elif said.sentence and rule.verdict == DENY:
            raise Denied(f"the commit's message: {said.sentence} ({rule.name})")
        elif said.sentence:
            yield f"warning: the commit's message: {said.sentence} ({rule.name})"


def raw_commit(tools: Tools, lane: Lane, sha: str) -> bytes:
    """Give a commit as git keeps it, fetched where it is not here."""
    return fetched(tools, lane.repository, partial(_kept, tools, sha))


def _kept(tools: Tools, sha: str, remote: Remote) -> bytes:
    return checkout.commit_object(tools.git_caches, remote, sha)
