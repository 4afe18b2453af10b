"""Only signed commits come where they are wanted so: asked once a commit is here, before anything is made of it.

What a release stores was asked when it was deployed: rollbacks and heals bring it without a commit (ADR 34).
"""

from collections.abc import Callable

from pushboat.config.environment import Environment
from pushboat.config.kinds import KINDS
from pushboat.config.operator import Operator
from pushboat.config.signers import THE_FORGE, Signer, Sort
from pushboat.errors import DeploymentFailed
from pushboat.model.deployment import Deployment, Lane
from workers.deploying import committed
from workers.deploying.claimed import Claimed
from workers.deploying.committed import raw_commit
from workers.source.signatures.judging import judge
from workers.source.signatures.saying import nobody, refusal, who
from workers.source.signatures.words import Outcome, Signers, Verdict
from workers.tools import Tools, split


def knowing(tools: Tools, work: Claimed) -> Callable[[Environment], None]:
    """Give what is to be told the environment of a deployment: its aims, and who asks about its commit."""

    def know(environment: Environment) -> None:
        work.aims.know(environment)
        if by := demand(tools, work.deployment, environment):
            work.say("checkout", by)
        for line in committed.judged(tools, work.deployment, environment):
            work.say("checkout", line)

    return know


def demand(tools: Tools, deployment: Deployment, environment: Environment) -> str:
    """Say who signed a deployment's commit, where its environment wants that; empty where it does not.

    Raises:
        DeploymentFailed: nobody did who may, with who must do what.
        ForgeUnavailable, ForgeRefused: the commit cannot be had, or the forge does not say what it signed itself.
    """
    if not environment.signed:
        return ""
    lane, sha = deployment.lane, deployment.sha
    signers = known_signers(tools.operator, lane)
    if not signers.here:
        raise DeploymentFailed(nobody(lane.environment))
    verdict = _with_the_forges(tools, lane, sha, judge(raw_commit(tools, lane, sha), sha, signers), signers.here)
    if not verdict.is_good:
        forge = tools.operator.forges.get(split(lane.repository)[0])
        raise DeploymentFailed(
            refusal(verdict, lane.environment, signers, KINDS[forge.kind].signs_own if forge else "")
        )
    return who(verdict)


def known_signers(operator: Operator, lane: Lane) -> Signers:
    """List who may sign here, and who may elsewhere in the operator's file."""
    limits = operator.limits(lane.repository, lane.environment)
    here = limits.signers if limits else ()
    everywhere = (
        signer
        for project in operator.projects.values()
        for one in project.environments.written.values()
        for signer in one.signers
    )
    return Signers(here=here, elsewhere=tuple(dict.fromkeys(one for one in everywhere if one not in here)))


def _with_the_forges(tools: Tools, lane: Lane, sha: str, verdict: Verdict, here: tuple[Signer, ...]) -> Verdict:
    """Ask the forge whether a signature that none of the keys made is its own, where its word counts."""
    if verdict.outcome is not Outcome.UNKNOWN_KEY or not any(one.sort is Sort.FORGE for one in here):
        return verdict
    forge, path = split(lane.repository)
    said = tools.client(forge).signature(path, sha)
    if said.good and said.own:
        return Verdict(outcome=Outcome.GOOD, signer=THE_FORGE, key=verdict.key)
    return verdict
