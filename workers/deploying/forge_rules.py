"""Whether the rules of the forge's own environment let a deployment start: asked anew each time that it would.

They are not kept for later: a reviewer who was taken out of them, or a branch, counts from that moment on.
"""

from collections.abc import Iterable, Sequence

from pushboat.config.kinds import KINDS
from pushboat.config.project import IGNORE
from pushboat.config.values import LEVELS
from pushboat.errors import DeploymentFailed, ForgeUnavailable
from pushboat.forges.answers import Forbidden
from pushboat.forges.protocol import Client
from pushboat.model.deployment import Deployment
from pushboat.model.forge_rules import ForgeRules, Person, Sort, Who
from pushboat.model.hold import Hold, Scope
from pushboat.routing.forge_rules import Answer, Verdict, unreadable, verdict
from pushboat.store import approving
from workers.deploying.claimed import Claimed
from workers.tools import Tools, split

MOST_BRANCHES = 10
"""Of those that may be deployed, which are asked whether they have a commit that was named by itself."""


def by_the_forges_rules(tools: Tools, work: Claimed) -> Iterable[Hold]:
    """Let nothing start that the forge's environment of the same name refuses, or that it wants approved or delayed.

    Raises:
        DeploymentFailed: the rules refuse it, or our token may not read them.
        ForgeUnavailable: nobody knows what they say, and this is no rollback to what they let pass before.
    """
    deployment = work.deployment
    lane, (forge, path) = deployment.lane, split(deployment.lane.repository)
    limits, settings = tools.operator.limits(lane.repository, lane.environment), tools.operator.forges.get(forge)
    if limits is None or settings is None or limits.forge_environments == IGNORE:
        return ()
    scope = KINDS[settings.kind].reads_environments
    if not scope:
        return ()
    try:
        said = judged(tools.client(forge), path, deployment, approving.by(tools.store, deployment), tools.store.now())
    except Forbidden as refusal:
        raise DeploymentFailed(unreadable(lane.environment, scope), refusal.summary) from refusal
    except ForgeUnavailable:
        if deployment.again:
            return ()
        raise
    if said.answer is Answer.REFUSED:
        raise DeploymentFailed(said.sentence)
    return _holds(deployment, said)


def judged(client: Client, path: str, deployment: Deployment, approved_by: Sequence[str], now: float) -> Verdict:
    """Ask the forge for its rules and for whom they name, and judge by them.

    Raises:
        Forbidden: our token may not know.
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    rules = client.environment_rules(path, deployment.lane.environment)
    asker = Person(name=deployment.author)
    if rules.deployers:
        asker = person(client, path, deployment.author, rules)
    approvers = [person(client, path, name, rules) for name in approved_by] if rules.consents else []
    ref = deployment.ref or _branch_with(client, path, deployment.sha, rules)
    return verdict(rules, deployment, asker, approvers, now, ref)


def person(client: Client, path: str, name: str, rules: ForgeRules) -> Person:
    """Find out which of the people whom rules name somebody is."""
    named = rules.named if name else ()
    return Person(name=name, is_among=frozenset(who for who in named if _is(client, path, name, who)))


def _is(client: Client, path: str, name: str, who: Who) -> bool:
    if who.sort is Sort.USER:
        return who.name.casefold() == name.casefold()
    if who.sort is Sort.GROUP:
        return client.is_member(path, who.name, name, level=who.level, direct=who.direct)
    has = client.permission(path, name)
    return who.name in LEVELS and has in LEVELS and LEVELS.index(has) >= LEVELS.index(who.name)


def _branch_with(client: Client, path: str, sha: str, rules: ForgeRules) -> str:
    """Name a branch that may be deployed and has a commit that was named by itself; empty where none is found."""
    exact = [name for name in rules.branches or () if not set(name) & set("*?[")]
    for name in exact[:MOST_BRANCHES]:
        ref = f"refs/heads/{name}"
        tip = client.head(path, ref)
        if tip and client.contains(path, sha, tip):
            return ref
    return ""


def _holds(deployment: Deployment, said: Verdict) -> Iterable[Hold]:
    if said.answer is not Answer.WAITS:
        return ()
    scope = Scope(deployment=deployment.id)
    return (Hold(kind=said.hold, scope=scope, by="the forge", reason=said.sentence, until=said.until),)
