"""The story of a deployment, and of a plan, which is the same without the writing. The page to read first."""

import logging
import tempfile
import time
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.errors import (
    Cancelled,
    ClusterRefused,
    DeploymentFailed,
    ForgeRefused,
    GaveWay,
    LeaseLost,
    NotConfigured,
    Stopping,
    StoreUnavailable,
    Unavailable,
)
from pushboat.model.manifest import Manifest
from pushboat.model.state import Kind, State
from workers.cluster import inventory
from workers.cluster.client.connection import Cluster
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan, Stale
from workers.cluster.pruning import prune
from workers.cluster.reading.live import read_live
from workers.cluster.waiting.waiting import followed, wait
from workers.cluster.waiting.watches import Watches
from workers.cluster.writing.applying import apply, take_over
from workers.cluster.writing.dry_running import dry_run
from workers.deploying import former, neighbours, schemas, sources, summaries
from workers.deploying.announcing import announcing, cause_of
from workers.deploying.claimed import Claimed, claimed
from workers.deploying.tallying import WRITES
from workers.review import limits
from workers.tools import Tools

logger = logging.getLogger(__name__)


def deploy(tools: Tools, deployment: int) -> None:
    """Bring one environment to one revision. The only place where an error becomes a status."""
    with claimed(tools, deployment) as work:
        if work is None:
            return
        try:
            environment, manifests = prepare(tools, work)
            cluster = tools.clusters.of(environment).beside(work.slot.step_aside)
            plan = make(tools, cluster, work, environment, manifests)
            check(cluster, work, plan)
            if work.deployment.kind is Kind.PLAN:
                with work.step("apply"):
                    changes = dry_run(cluster, plan)
                work.end(State.SUCCEEDED, summaries.planned(changes), changes)
                return
            with followed(cluster, manifests if environment.wait else (), plan.inventory.parent.id) as watches:
                write(cluster, work, plan)
                healthy = await_health(watches, work, environment, manifests, plan)
            survivors = remove(cluster, work, plan)
            changes = work.tally.changes
            work.end(State.SUCCEEDED, summaries.deployed(changes, healthy, survivors), changes)
        except (DeploymentFailed, ForgeRefused, ClusterRefused, NotConfigured) as failure:
            work.fail(failure)
        except (GaveWay, Cancelled) as stop:
            work.step_back(stop)
        except Stopping as stopping:
            work.hand_over(stopping)
        except StoreUnavailable as trouble:
            logger.warning("deployment %s is left to its lease: %s", deployment, trouble.summary)
        except Unavailable as trouble:
            work.try_again(trouble)
        except LeaseLost as lost:
            logger.warning("deployment %s: %s", deployment, lost.summary)
        except Exception as bug:  # the last door: a bug of ours must not hold the lane until the lease ends
            logger.exception("deployment %s met a bug", deployment)
            work.stumble(bug)


def prepare(tools: Tools, work: Claimed) -> tuple[Environment, tuple[Manifest, ...]]:
    """Check out, render, and hold the manifests against the operator's limits."""
    deployment = work.deployment
    work.say("checkout", f"checking out {deployment.sha[:7]}")
    with work.step("checkout"), tempfile.TemporaryDirectory(dir=tools.scratch) as folder:
        environment, rendered = sources.rendered(tools, deployment, Path(folder))
    work.say("render", f"{summaries.objects(len(rendered.manifests))} from {environment.path} ({rendered.engine})")
    with work.step("check"):
        cluster = tools.clusters.of(environment).beside(work.slot.step_aside)
        return environment, limits.check(rendered.manifests, environment, cluster.kinds)


def make(
    tools: Tools, cluster: Cluster, work: Claimed, environment: Environment, manifests: tuple[Manifest, ...]
) -> Plan:
    """Compare with the cluster; first shut out the worker that held this lane before us, where there was one."""
    deployment = work.deployment
    with work.step("plan"):
        environment = former.with_former_names(tools, deployment.lane.repository, environment)
        known = inventory.locate(cluster, deployment.lane.repository, environment, tools.operator.canonical)
        former.let_the_former_end(tools, deployment, known)
        if work.claim.took_over and deployment.kind is Kind.DEPLOY:
            take_over(cluster, known, work.claim.fence, work.lease.may_write)
            known = inventory.read(cluster, known)
        elsewhere = neighbours.namespaces(tools, deployment, environment)
        cause = cause_of(tools, deployment)
        live = read_live(cluster, known, manifests, environment, elsewhere)
        plan = make_plan(
            manifests,
            live,
            rules_of(environment, cause),
            prune=environment.prune,
            prune_many=deployment.prune_many,
            sharing=neighbours.sharing(tools, deployment, environment, manifests, live),
        )
    work.say("plan", summaries.planned(plan.changeset))
    work.announcements.tell = announcing(cluster, plan.inventory.parent, deployment, cause)
    return plan


def check(cluster: Cluster, work: Claimed, plan: Plan) -> None:
    """Name every mistake in what would change, before the first of it is written."""
    with work.step("check"):
        for unchecked in schemas.refuse_mistakes(cluster, plan):
            work.say("plan", unchecked)


def write(cluster: Cluster, work: Claimed, plan: Plan) -> None:
    """Apply what changed."""
    work.set_out(plan.changeset)
    touched = sum(change.action in WRITES for change in plan.changeset.changes)
    if touched:
        work.say("apply", f"applying {summaries.objects(touched)} …")
    with work.step("apply"):
        apply(
            cluster,
            plan,
            fence=work.claim.fence,
            may_write=work.may_write,
            say=lambda text: work.say("apply", text),
            made=work.tally.made.append,
        )


def await_health(
    watches: Watches, work: Claimed, environment: Environment, manifests: tuple[Manifest, ...], plan: Plan
) -> summaries.Healthy:
    """Give the slot to the next one and wait until everything runs, the deadline passes, or a newer commit waits."""
    work.slot.leave()
    if not environment.wait:
        return summaries.Healthy(seconds=None, findings=())
    waited, started = work.waited(), time.monotonic()
    # Like the plan it only looks: where that works again, an outage is over, as long as there is time to wait.
    with work.nudges.waking(watches.wake), work.step("plan" if waited < environment.wait else "wait"):
        findings = wait(
            watches,
            manifests,
            deadline=environment.wait,
            waited=waited,
            give_way=work.give_way(),
            say=lambda text: work.say("wait", text),
            part_of=plan.inventory.parent.id,
            written=work.tally.written,
        )
    return summaries.Healthy(seconds=waited + time.monotonic() - started, findings=findings)


def remove(cluster: Cluster, work: Claimed, plan: Plan) -> tuple[Stale, ...]:
    """Delete what left the repository, now that the new revision is healthy; give what stays, and why."""
    deployment = work.deployment
    moved = work.tally.changes.counts.changes_something or bool(plan.to_prune)
    with work.step("prune"):
        pruned = prune(
            cluster,
            plan,
            fence=work.claim.fence,
            may_write=work.may_write,
            say=lambda text: work.say("prune", text),
            recorded=inventory.Recorded(sha=deployment.sha, release=str(deployment.id)) if moved else None,
        )
    work.tally.made += [*pruned.deleted, *pruned.stayed]
    return pruned.survivors
