"""The story of a deployment, and of a plan, which is the same without the writing. The page to read first."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

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
from pushboat.model.state import Kind, State
from workers.cluster import inventory
from workers.cluster.client.connection import Cluster
from workers.cluster.planning.alone import left_alone
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan, Stale
from workers.cluster.pruning import prune
from workers.cluster.reading.live import read_live
from workers.cluster.waiting.waiting import followed
from workers.cluster.waiting.watches import Watches
from workers.cluster.writing.applying import apply, make_room, take_over
from workers.cluster.writing.dry_running import dry_run
from workers.cluster.writing.parking import Parking
from workers.deploying import (
    arranging,
    former,
    hooks,
    neighbours,
    outside,
    parked,
    schemas,
    sources,
    sparing,
    summaries,
)
from workers.deploying.announcing import announcing, cause_of
from workers.deploying.awaiting import await_health
from workers.deploying.claimed import Claimed, claimed
from workers.deploying.itinerary import itinerary
from workers.deploying.sources import Wanted
from workers.deploying.tallying import WRITES
from workers.deploying.waves import Part, Parts
from workers.manifests.directives.checking import directed
from workers.manifests.directives.expecting import refuse_elsewhere
from workers.review import limits
from workers.tools import Tools

logger = logging.getLogger(__name__)


def deploy(tools: Tools, deployment: int) -> None:
    """Bring one environment to one revision. The only place where an error becomes a status."""
    with claimed(tools, deployment) as work:
        if work is None:
            return
        try:
            wanted = prepare(tools, work)
            cluster = (
                tools.clusters.of(wanted.environment).beside(work.slot.step_aside).guarded_by(work.lease.may_write)
            )
            plan = make(tools, cluster, work, wanted)
            parts = arranging.parts(tools, work, wanted, plan)
            check(cluster, work, plan, parts)
            if work.deployment.kind is Kind.PLAN:
                with work.step("apply"):
                    changes = dry_run(cluster, plan)
                work.end(State.SUCCEEDED, summaries.planned(changes), changes, summaries.listed(itinerary(parts)))
                return
            with following(cluster, work, wanted, plan, parts) as watches:
                healthy = carry_out(watches, work, wanted, plan, parts)
            survivors = remove(cluster, work, plan)
            changes = work.tally.changes
            said = summaries.deployed(changes, healthy, survivors, again=work.deployment.again)
            work.end(State.SUCCEEDED, said, changes, render=sources.to_keep(tools, wanted))
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


def prepare(tools: Tools, work: Claimed) -> Wanted:
    """Check out and render, or take what a release stores, and hold the manifests against the operator's limits."""
    deployment = work.deployment
    work.say("checkout", summaries.begun(deployment))
    with work.step("checkout"), tempfile.TemporaryDirectory(dir=tools.scratch) as folder:
        wanted = sources.wanted(tools, deployment, Path(folder))
    work.say("render", f"{summaries.objects(len(wanted.manifests))} from {wanted.origin}")
    with work.step("check"):
        cluster = tools.clusters.of(wanted.environment).beside(work.slot.step_aside)
        checked = limits.check(wanted.manifests, wanted.environment, cluster.kinds)
        objects = directed(checked, recreate=wanted.environment.recreate)
        refuse_elsewhere(objects, wanted.environment.namespaces)
        return replace(wanted, directed=objects)


def make(tools: Tools, cluster: Cluster, work: Claimed, wanted: Wanted) -> Plan:
    """Compare with the cluster; first shut out the worker that held this lane before us, where there was one."""
    deployment, environment, manifests = work.deployment, wanted.environment, wanted.objects
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
        alone = tuple(left_alone(wanted.directed, live))
        kept = sparing.spared(wanted, live)
        plan = make_plan(
            sparing.without(manifests, {*kept, *(each.ref for each in alone)}),
            live,
            rules_of(environment, cause),
            prune=environment.prune,
            prune_many=deployment.prune_many,
            sharing=sparing.keeping(neighbours.sharing(tools, deployment, environment, manifests, live), kept),
            release=deployment.again,
            apart=wanted.hooks,
            alone=alone,
        )
    work.say("plan", summaries.planned(plan.changeset))
    work.announcements.tell = announcing(cluster, plan.inventory.parent, deployment, cause)
    return plan


def check(cluster: Cluster, work: Claimed, plan: Plan, parts: Parts) -> None:
    """Name every mistake in what would change or run, before the first of it is written; then say the order of it."""
    for line in itinerary(parts):
        work.say("plan", line)
    with work.step("check"):
        for unchecked in schemas.refuse_mistakes(cluster, plan, (*parts.runs, *parts.on_failure)):
            work.say("plan", unchecked)


@contextmanager
def following(cluster: Cluster, work: Claimed, wanted: Wanted, plan: Plan, parts: Parts) -> Iterator[Watches]:
    """Watch what may be gone before it is waited for, and let the hooks run that are for a failure, and go."""
    environment = wanted.environment
    awaited = [each for part in parts.waves for each in part.awaited] if environment.wait else []
    with (
        followed(cluster, awaited, plan.inventory.parent.id) as watches,
        hooks.ending(watches, work, parts, rules_of(environment), environment.wait),
    ):
        yield watches


def carry_out(watches: Watches, work: Claimed, wanted: Wanted, plan: Plan, parts: Parts) -> summaries.Healthy:
    """Write wave after wave, run what each brings to run, and wait until it is healthy before the next one."""
    cluster, environment = watches.cluster, wanted.environment
    work.set_out(plan.changeset)
    touched = sum(change.action in WRITES for change in plan.changeset.changes)
    if touched:
        work.say("apply", f"applying {summaries.objects(touched)} …")
    with work.step("apply"):
        make_room(
            cluster,
            plan,
            fence=work.claim.fence,
            may_write=work.may_write,
            say=lambda text: work.say("apply", text),
        )
    found = summaries.Healthy(seconds=None, findings=())
    for part in parts.waves:
        outside.await_others(watches.cluster, work, part.needs, environment.wait)
        parking = write(cluster, work, plan, part)
        hooks.run(watches, work, part.hooks, rules_of(environment), environment.wait)
        parked.bring_in(watches, work, environment, part.plan, parking)
        found = found.and_then(await_health(watches, work, part, environment.wait))
        if part.ends_phase:
            with work.step("apply"):
                hooks.clean_up(cluster, work, parts.of(part.phase))
    return found


def write(cluster: Cluster, work: Claimed, plan: Plan, part: Part) -> Parking:
    """Apply what changed in one wave; give what has to wait until the rest is up."""
    parking = Parking(plan)
    if part.name:
        work.say("apply", f"{part.name}: {summaries.objects(len(part.plan.steps))}")
    with work.step("apply"):
        apply(
            cluster,
            part.plan,
            fence=work.claim.fence,
            may_write=work.may_write,
            say=lambda text: work.say("apply", text),
            made=work.tally.made.append,
            parking=parking,
        )
    return parking


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
