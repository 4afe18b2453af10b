"""Carry out a plan: wave after wave, each with what it brings to run, healthy before the next; what has left goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from workers.cluster import inventory
from workers.cluster.client.connection import Cluster
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan, Stale
from workers.cluster.pruning import prune
from workers.cluster.waiting.fleeting import ended
from workers.cluster.waiting.following import followed
from workers.cluster.waiting.watches import Watches
from workers.cluster.writing.applying import apply, make_room
from workers.cluster.writing.parking import Parking
from workers.deploying import hooks, outside, parked, sparing, summaries, verifying
from workers.deploying.awaiting import await_health, not_begun
from workers.deploying.claimed import Claimed
from workers.deploying.itinerary import content
from workers.deploying.sources import Wanted
from workers.deploying.tallying import WRITES
from workers.deploying.waves import Part, Parts


@contextmanager
def following(cluster: Cluster, work: Claimed, wanted: Wanted, plan: Plan, parts: Parts) -> Iterator[Watches]:
    """Watch what may be gone before it is waited for, and let the hooks run that are for a failure, and go."""
    environment = wanted.environment
    awaited = [each for part in parts.waves for each in part.awaited] if environment.wait else []
    with work.step("plan"):
        secrets = list(sparing.secrets(cluster, wanted, plan))
    with (
        followed(cluster, awaited, plan.inventory.parent.id, secrets) as watches,
        hooks.ending(watches, work, parts, rules_of(environment), environment.wait),
    ):
        yield watches


def carry_out(watches: Watches, work: Claimed, wanted: Wanted, plan: Plan, parts: Parts) -> summaries.Healthy:
    """Write wave after wave, run what each brings to run, and wait until it is healthy before the next one."""
    cluster, environment = watches.cluster, wanted.environment
    verifying.look_before(work, environment)
    work.set_out(plan.changeset)
    touched = sum(change.action in WRITES for change in plan.changeset.changes)
    if touched:
        work.say("apply", f"applying {summaries.objects(touched)} …")
    with work.step("apply"):
        make_room(
            cluster,
            plan,
            fence=work.claim.fence,
            may_write=work.go_on,
            say=lambda text: work.say("apply", text),
        )
    found = summaries.Healthy(seconds=None, findings=())
    for part in parts.waves:
        outside.await_others(cluster, work, part.needs, environment.wait)
        parking = write(cluster, work, plan, part)
        meanwhile = parked.trying(watches, work, parking, work.go_on)
        with not_begun(part):
            hooks.run(watches, work, part.hooks, rules_of(environment), environment.wait, meanwhile, part.behind)
        parked.bring_in(watches, work, environment, part, parking)
        found = found.and_then(await_health(watches, work, part, environment.wait))
        if part.ends_phase:
            with work.step("apply"):
                hooks.clean_up(cluster, work, parts.of(part.phase))
    return replace(found, hooks=parts.number_of_hooks)


def write(cluster: Cluster, work: Claimed, plan: Plan, part: Part) -> Parking:
    """Apply what changed in one wave; give what has to wait until the rest is up."""
    parking = Parking(plan)
    if part.name and (brings := content(part)):
        work.say("apply", f"{part.name}: {brings}")
    with work.step("apply"):
        apply(
            cluster,
            part.plan,
            fence=work.claim.fence,
            may_write=work.go_on,
            say=lambda text: work.say("apply", text),
            made=work.tally.made.append,
            parking=parking,
        )
    return parking


def remove(cluster: Cluster, work: Claimed, plan: Plan, healthy: summaries.Healthy) -> tuple[Stale, ...]:
    """Delete what left the repository, now that the new revision is healthy; give what stays, and why."""
    deployment = work.deployment
    moved = work.tally.changes.counts.changes_something or bool(plan.to_prune)
    over = ended(plan, healthy.findings)
    said = inventory.Recorded(sha=deployment.sha, ref=deployment.ref, release=str(deployment.id), ended=over)
    with work.step("prune"):
        pruned = prune(
            cluster,
            plan,
            fence=work.claim.fence,
            may_write=work.go_on,
            say=lambda text: work.say("prune", text),
            recorded=said if moved or over != plan.inventory.recorded.ended else None,
        )
    work.tally.made += [*pruned.deleted, *pruned.stayed]
    return pruned.survivors
