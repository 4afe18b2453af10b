"""The story of a deployment, and of a plan, which is the same without the writing. The page to read first.

A removal has a story of its own, in `removal.py`; how it ends is decided here all the same.
"""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from pushboat import machine
from pushboat.errors import (
    Cancelled,
    ClusterRefused,
    DeploymentFailed,
    ForgeRefused,
    GateSilent,
    GaveWay,
    LeaseLost,
    NotConfigured,
    Stopping,
    StoreUnavailable,
    Unavailable,
    VerificationRefused,
)
from pushboat.logs import about
from pushboat.model.changeset import ChangeSet
from pushboat.model.state import Kind, State
from pushboat.store import forge_deployments
from workers.cluster import inventory
from workers.cluster.client.connection import Cluster
from workers.cluster.masking import tokens_of
from workers.cluster.planning.alone import left_alone
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan
from workers.cluster.reading.live import read_live
from workers.cluster.writing.dry_running import dry_run
from workers.cluster.writing.proving import refuse_fixed
from workers.cluster.writing.shutting_out import take_over
from workers.deploying import (
    admitting,
    arranging,
    footing,
    former,
    gates,
    hooks,
    images,
    neighbours,
    schemas,
    shared,
    shown,
    signed,
    sources,
    sparing,
    summaries,
)
from workers.deploying.announcing import announcing, cause_of
from workers.deploying.carrying_out import carry_out, following, remove
from workers.deploying.claimed import Claimed, claimed
from workers.deploying.ending_apis import ending
from workers.deploying.held import held, with_the_rest
from workers.deploying.itinerary import itinerary
from workers.deploying.removal import remove as remove_all
from workers.deploying.same_tree import end_if_the_same
from workers.deploying.sources import Wanted
from workers.deploying.too_early import refuse_too_early
from workers.deploying.verifying import foretold, verify
from workers.deploying.waves import Parts
from workers.manifests.words import Unread
from workers.tools import Tools

logger = logging.getLogger(__name__)

AT_FAULT = (DeploymentFailed, ForgeRefused, ClusterRefused, VerificationRefused, GateSilent, NotConfigured)
"""What ends a deployment for good: its revision, or what our operator must mend."""


def deploy(tools: Tools, deployment: int) -> None:
    """Bring one environment to one revision. The only place where an error becomes a status."""
    with about(deployment=deployment), claimed(tools, deployment) as work:
        if work is None:
            return
        try:
            with machine.troubles():
                if work.deployment.kind is Kind.REMOVAL:
                    remove_all(work.tools, work)
                else:
                    bring(work.tools, work)
        except AT_FAULT as failure:
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


def bring(tools: Tools, work: Claimed) -> None:
    """Carry a deployment or a plan out, from its commit to its end."""
    if holds := admitting.not_yet(tools, work):
        work.hold_back(holds)
        return
    if end_if_the_same(tools, work):
        return
    try:
        wanted = prepare(tools, work)
    except sources.NothingThere as nothing:
        work.end(State.SUCCEEDED, f"{nothing}, and deploys nothing there", ChangeSet())
        return
    images.demand(tools, work, wanted)
    cluster = tools.clusters.of(wanted.environment).beside(work.slot.step_aside)
    cluster = cluster.guarded_by(work.lease.may_write)
    plan = make(tools, cluster, work, wanted)
    parts = arranging.parts(tools, work, wanted, plan)
    lines = (*wanted.notes, *ending(cluster, wanted.objects), *itinerary(parts), *foretold(wanted.environment))
    check(cluster, work, plan, parts, lines)
    if work.deployment.kind is Kind.PLAN:
        try_out(cluster, work, plan, parts, lines)
        return
    since = compare(tools, work, plan)
    with following(cluster, work, wanted, plan, parts) as watches:
        healthy = carry_out(watches, work, wanted, plan, parts)
        verified = verify(work, wanted.environment)
        gates.ask_after(tools, work)
    survivors = remove(cluster, work, plan, healthy)
    changes = work.tally.changes
    back = sparing.back(work.deployment, wanted, plan)
    reason = summaries.deployed(changes, replace(healthy, verified=verified), survivors, since.sentence, back)
    left = footing.footprint(wanted, plan, changes, survivors)
    sources.remember(tools, wanted)
    work.end(State.SUCCEEDED, reason, changes, since.details, render=sources.to_keep(tools, wanted), footprint=left)


def prepare(tools: Tools, work: Claimed) -> Wanted:
    """Check out and render, or take what a release stores, and hold the manifests against the operator's limits."""
    deployment = work.deployment
    work.say("checkout", summaries.begun(deployment))
    with work.step("checkout"), tempfile.TemporaryDirectory(dir=tools.scratch) as folder:
        try:
            wanted = sources.wanted(tools, deployment, Path(folder), signed.knowing(tools, work), work.slot.step_aside)
        except Unread as partly:
            environment = work.aims.environment
            assert environment is not None, "it was rendered for one"
            reach = partial(tools.clusters.of, environment)
            raise with_the_rest(lambda: reach().beside(work.slot.step_aside), environment, partly) from partly
    work.say("render", f"{summaries.objects(len(wanted.manifests))} from {wanted.origin}")
    with work.step("check"):
        cluster = tools.clusters.of(wanted.environment).beside(work.slot.step_aside)
        announce(tools, cluster, work, wanted)
        if deployment.kind is Kind.DEPLOY:
            forge_deployments.note_url(tools.store, deployment.id, wanted.environment.url)
        try:
            objects, said = held(
                cluster,
                wanted.environment,
                wanted.manifests,
                ran_before=bool(deployment.again),
                say=lambda text: work.say("render", text),
                go_on=work.go_on,
            )
        except DeploymentFailed as refused:
            work.say("check", refused.summary)
            raise
        return replace(wanted, directed=objects, notes=(*wanted.notes, *said))


def announce(tools: Tools, cluster: Cluster, work: Claimed, wanted: Wanted) -> None:
    """Let the end be told at the environment's inventory too, where it has one by then."""
    deployment = work.deployment

    def parent() -> inventory.Parent:
        repository, environment = deployment.lane.repository, wanted.environment
        return inventory.locate(cluster, repository, environment, tools.operator.canonical).parent

    work.announcements.tell = announcing(cluster, parent, deployment, cause_of(tools, deployment))


def make(tools: Tools, cluster: Cluster, work: Claimed, wanted: Wanted) -> Plan:
    """Compare with the cluster; first shut out the worker that held this lane before us, where there was one."""
    deployment, manifests, repository = work.deployment, wanted.objects, work.deployment.lane.repository
    with work.step("plan"):
        environment = former.with_former_names(tools.operator, tools.store, repository, wanted.environment)
        known = inventory.locate(cluster, repository, environment, tools.operator.canonical)
        former.let_the_former_end(tools, deployment, known)
        if work.claim.took_over and deployment.kind is Kind.DEPLOY:
            take_over(cluster, known, work.claim.fence, work.lease.may_write)
            known = inventory.read(cluster, known)
        elsewhere = shared.namespaces(tools.operator, tools.store, repository, environment)
        cause = cause_of(tools, deployment)
        tokens = tokens_of(tools.encryption_key, f"{repository}/{environment.name}")
        live = read_live(cluster, known, manifests, environment, elsewhere)
        alone = (*left_alone(wanted.directed, live), *neighbours.has_gone(tools, deployment, environment, live, wanted))
        kept = {**neighbours.stays(tools, deployment, wanted), **sparing.spared(wanted, live)}
        plan = make_plan(
            sparing.without(manifests, {*kept, *(each.ref for each in alone)}),
            live,
            rules_of(environment, tokens, cause),
            prune=environment.prune,
            prune_many=deployment.prune_many,
            sharing=sparing.keeping(neighbours.sharing(tools, deployment, environment, manifests, live), kept),
            release=deployment.again,
            apart=wanted.hooks,
            alone=alone,
            show=work.tally.try_out if deployment.kind is Kind.PLAN else None,
        )
    work.say("plan", summaries.planned(plan.changeset))
    work.announcements.tell = announcing(cluster, lambda: plan.inventory.parent, deployment, cause)
    return plan


def check(cluster: Cluster, work: Claimed, plan: Plan, parts: Parts, lines: Sequence[str]) -> None:
    """Name every mistake in what would change or run, before the first of it is written; then say the order of it."""
    for line in lines:
        work.say("plan", line)
    hooks.note(work, parts)
    with work.step("check"):
        refuse_too_early(cluster, parts)
        tries = work.deployment.kind is Kind.PLAN
        runs = (*parts.runs, *parts.on_failure)
        for unchecked in schemas.refuse_mistakes(cluster, plan, runs, work.tally.try_out if tries else None):
            work.say("plan", unchecked)
        if not tries:  # a plan tries everything
            refuse_fixed(cluster, plan)


def try_out(cluster: Cluster, work: Claimed, plan: Plan, parts: Parts, lines: Sequence[str]) -> None:
    """Let the API server say what would come of it, and show that, refusals included."""
    with work.step("apply"):
        changes = dry_run(cluster, plan, work.tally.try_out, lambda text: work.say("plan", text), work.go_on)
    reason = summaries.planned(changes, parts.number_of_hooks)
    work.end(State.SUCCEEDED, reason, changes, summaries.listed(lines))


def compare(tools: Tools, work: Claimed, plan: Plan) -> shown.Moved:
    """Say where this is not the plan that people were shown; what an attempt of ours has written is no news."""
    since = shown.moved(tools.store, work.deployment, plan) if not work.tally.meant else shown.Moved()
    if since.refs:
        work.say("plan", since.sentence)
    return since
