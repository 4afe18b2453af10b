"""Run the hooks of one wave: each once in a deployment, whatever dies in between, and named where it fails.

A deployment does not give way to a newer commit while its hooks run: a migration is not to be torn in half.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from pushboat.errors import (
    Cancelled,
    ClusterRefused,
    DeploymentFailed,
    GaveWay,
    PushboatError,
    Unhealthy,
    VerificationRefused,
)
from pushboat.model.health import Health
from pushboat.store import hook_runs
from workers.cluster.client.connection import Cluster
from workers.cluster.health import assess
from workers.cluster.hooks.ending import finish, leave
from workers.cluster.hooks.starting import start
from workers.cluster.hooks.words import RUN, Outcome, Run
from workers.cluster.planning.order import place_of
from workers.cluster.planning.rules import Rules
from workers.cluster.waiting.waiting import wait
from workers.cluster.waiting.watches import Watches
from workers.deploying.claimed import Claimed
from workers.deploying.waves import Parts

LONGEST_RUN = 600.0
"""Seconds, where the environment does not wait for health: what a hook prepares must be there all the same."""


def run(watches: Watches, work: Claimed, hooks: Sequence[Run], rules: Rules, deadline: float) -> None:
    """Run the hooks of one wave and wait until all have ended.

    Raises:
        Unhealthy: one failed, or did not end in time; names it, with its container's words.
        ApplyRejected: the API server refused one.
    """
    known = hook_runs.outcomes(work.store, work.deployment.id) if hooks else {}
    if failed := [one for one in hooks if known.get(one.key) == Outcome.FAILED.value]:
        raise DeploymentFailed(f"{failed[0].called} failed: {failed[0].ref}")
    if left := sorted((one for one in hooks if one.key not in known), key=lambda one: (place_of(one.ref), one.ref)):
        _run(watches, work, left, rules, deadline)


def clean_up(cluster: Cluster, work: Claimed, hooks: Sequence[Run], *, over: bool = False) -> None:
    """Delete what ran where its tool would: at the end of a phase, since later hooks may use what earlier ones made.

    `over`: nobody comes back for what has not ended.
    """
    known = hook_runs.outcomes(work.store, work.deployment.id) if hooks else {}
    for one in hooks:
        if one.key in known:
            finish(cluster, one, Outcome(known[one.key]), work.lease.may_write)
        elif over:
            leave(cluster, one, work.lease.may_write)


@contextmanager
def ending(watches: Watches, work: Claimed, parts: Parts, rules: Rules, deadline: float) -> Iterator[None]:
    """Run the hooks that are for a failure, should there be one, before it is told; leave nothing of hooks behind."""
    hooks = (*parts.runs, *parts.on_failure)
    try:
        try:
            yield
        except (DeploymentFailed, ClusterRefused, VerificationRefused) as failure:
            try:
                run(watches, work, parts.on_failure, rules, deadline)
            except (DeploymentFailed, ClusterRefused) as another:
                failure.details = f"{failure.details}\n\nafter that: {another.summary}\n{another.details}".strip()
            with work.step("apply"):
                clean_up(watches.cluster, work, hooks, over=True)
            raise
    except (GaveWay, Cancelled):
        clean_up(watches.cluster, work, hooks, over=True)
        raise


def _run(watches: Watches, work: Claimed, hooks: Sequence[Run], rules: Rules, deadline: float) -> None:
    cluster, say = watches.cluster, _saying(work)
    with work.step("apply"):
        for one in hooks:
            start(cluster, one, rules, work.may_write, say)
    work.slot.leave()
    waited = work.waited()
    try:
        with work.nudges.waking(watches.wake), work.step("wait"):
            wait(
                watches,
                [one.manifest for one in hooks],
                deadline=deadline or LONGEST_RUN,
                waited=waited,
                give_way=work.go_on,
                say=lambda text: work.say("wait", text),
                labels=f"{RUN}={hooks[0].id}",
                to_the_end=True,
                written={one.ref for one in hooks},
            )
    except Unhealthy as unhealthy:
        _end(cluster, work, hooks, failed=True)
        raise Unhealthy(
            f"{_named(hooks, unhealthy)}{unhealthy.summary}", unhealthy.details, logs=unhealthy.logs
        ) from unhealthy
    _end(cluster, work, hooks, failed=False)


def _end(cluster: Cluster, work: Claimed, hooks: Sequence[Run], *, failed: bool) -> None:
    """Write down how hooks ended."""
    with work.step("apply"):
        for one in hooks:
            outcome = Outcome.FAILED if failed and not _succeeded(cluster, one) else Outcome.SUCCEEDED
            hook_runs.ended(work.store, work.claim, one.key, outcome.value)


def _succeeded(cluster: Cluster, one: Run) -> bool:
    kind = cluster.kinds.preferred(one.ref.group, one.ref.kind)
    live = cluster.find(kind.path(one.ref.namespace, one.ref.name)) if kind else None
    return live is not None and assess(live, (), cluster.rules).health is Health.HEALTHY


def _named(hooks: Sequence[Run], failure: PushboatError) -> str:
    called = next((one.called for one in hooks if str(one.ref) in failure.summary), "a hook")
    return f"{called} failed: "


def _saying(work: Claimed) -> Callable[[str], None]:
    return lambda text: work.say("apply", text)
