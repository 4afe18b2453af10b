"""What a removal runs before and after it deletes, and what becomes of everything that hooks left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from pushboat.config.environment import Environment
from pushboat.config.operator import Operator
from pushboat.errors import ClusterRefused, DeploymentFailed
from pushboat.model.deployment import Lane
from pushboat.reading import known
from pushboat.store import hook_runs
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import Cluster
from workers.cluster.hooks.leftovers import clear as clear_away
from workers.cluster.hooks.leftovers import leftovers
from workers.cluster.inventory import Inventory, formerly, owner_of
from workers.cluster.objects import held_by, ref_of
from workers.cluster.planning.removal import Removal
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan, Stale
from workers.cluster.removing.namespaces import Candidates
from workers.cluster.waiting.watches import Watches
from workers.deploying import hooks, schemas
from workers.deploying.claimed import Claimed
from workers.deploying.last_release import LastRelease
from workers.deploying.runs import name_of
from workers.deploying.waves import Parts, parts_of
from workers.manifests.directives.checking import directed
from workers.manifests.directives.waves import arrange
from workers.manifests.directives.words import Occasion, Phase
from workers.review import limits

LOOKS_EVERY = 0.2
WAY_ON = "`pushboat destroy … --skip-hooks` removes the environment without them."


def parts(cluster: Cluster, work: Claimed, last: LastRelease, removal: Removal) -> Parts:
    """Put the hooks of a removal in their order, checked; none are due where nothing of it is there.

    Raises:
        InvalidManifest: one is not allowed here any more, or wrong.
    """
    plan = Plan(inventory=removal.inventory)
    if not removal.inventory.exists:
        return Parts(waves=())
    with _or_skip():
        checked = limits.check(last.hooks, last.environment, cluster.kinds)
        objects = directed(checked, recreate=last.environment.recreate)  # no Job that verifies is among these
        found = parts_of(plan, arrange(objects, Occasion.REMOVAL), name_of(work.deployment), with_hooks=True)
        schemas.refuse_mistakes(cluster, plan, found.runs)
    begun = hook_runs.outcomes(work.store, work.deployment.id)
    if removal.to_delete or removal.namespaces or begun:
        return found
    return Parts(waves=tuple(each for each in found.waves if each.phase is not Phase.BEFORE))


def run(watches: Watches, work: Claimed, parts: Parts, phase: Phase, environment: Environment) -> None:
    """Run the hooks of one phase, wave after wave.

    Raises:
        Unhealthy: one failed; says what is deleted by then, and the way on.
    """
    runs = parts.of(phase)
    if not runs:
        return
    with _or_skip("nothing was deleted" if phase is Phase.BEFORE else "its objects are deleted, its inventory is not"):
        for part in parts.waves:
            if part.phase is phase:
                hooks.run(watches, work, part.hooks, rules_of(environment), environment.wait)
    with work.step("apply"):
        hooks.clean_up(watches.cluster, work, runs)


def clear(cluster: Cluster, work: Claimed, last: LastRelease, inventory: Inventory, within: float) -> tuple[Stale, ...]:
    """Delete what hooks left, of this removal and of all deployments before; give what does not go."""
    found = leftovers(cluster, inventory, last.ran, last.environment.namespaces)
    if found:
        work.say("prune", f"deleting what hooks left: {ref_of(found[0])}{' …' if len(found) > 1 else ''}")
    clear_away(cluster, found, work.go_on)
    deadline = time.monotonic() + within
    while found and time.monotonic() < deadline:
        found = leftovers(cluster, inventory, last.ran, last.environment.namespaces)
        if found:
            work.go_on()
            time.sleep(LOOKS_EVERY)
    return tuple(Stale(ref=ref_of(each), live=each, kept=held_by(each)) for each in found)


def spaces_of(operator: Operator, store: Store, lane: Lane, environment: Environment, removal: Removal) -> Candidates:
    """Name the namespaces that may go, and the environments that have them too."""
    owners = (owner_of(lane.repository, environment), *formerly(lane.repository, environment))
    shared: dict[str, str] = {}
    for repository, environments in known.everywhere(store, operator).items():
        for allowed in environments.values():
            ours = (repository, allowed.environment) == (lane.repository, lane.environment)
            if not ours and allowed.cluster == environment.cluster:
                who = f"environment {allowed.environment} of {repository} has it too"
                shared |= dict.fromkeys(allowed.namespaces, who)
    return Candidates(
        named=environment.namespaces,
        members=tuple(each.ref.name for each in removal.namespaces),
        owners={str(each) for each in owners},
        shared=shared,
    )


@contextmanager
def _or_skip(state: str = "") -> Iterator[None]:
    """Say how it goes on without the hooks."""
    try:
        yield
    except (DeploymentFailed, ClusterRefused) as failure:
        failure.summary = f"{failure.summary}; {state}" if state else failure.summary
        failure.details = f"{failure.details}\n\n{WAY_ON}".strip()
        raise
