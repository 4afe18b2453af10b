"""Run the hooks of one wave: each once in a deployment, whatever dies in between, and named where it fails.

A deployment does not give way to a newer commit while its hooks run: a migration is not to be torn in half.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

from pushboat.errors import DeploymentFailed, PushboatError, Unhealthy
from pushboat.model.health import Health
from pushboat.store import hook_runs
from workers.cluster.client.connection import Cluster
from workers.cluster.health import assess
from workers.cluster.hooks.ending import finish
from workers.cluster.hooks.starting import start
from workers.cluster.hooks.words import RUN, Outcome, Run
from workers.cluster.planning.order import place_of
from workers.cluster.planning.rules import Rules
from workers.cluster.waiting.waiting import wait
from workers.cluster.waiting.watches import Watches
from workers.deploying.claimed import Claimed

LONGEST_RUN = 600.0
"""Seconds, where the environment does not wait for health: what a hook prepares must be there all the same."""


def run(watches: Watches, work: Claimed, hooks: Sequence[Run], rules: Rules, deadline: float) -> None:
    """Run hooks and wait until all have ended.

    Raises:
        Unhealthy: one failed, or did not end in time; names it, with its container's words.
        ApplyRejected: the API server refused one.
    """
    known = hook_runs.outcomes(work.store, work.deployment.id)
    for one in hooks:
        if one.key in known:
            with work.step("apply"):
                finish(watches.cluster, one, Outcome(known[one.key]), work.may_write)
    if failed := [one for one in hooks if known.get(one.key) == Outcome.FAILED.value]:
        raise DeploymentFailed(f"{failed[0].ref} ({failed[0].said}) failed")
    left = sorted((one for one in hooks if one.key not in known), key=lambda one: (place_of(one.ref), one.ref))
    for alone, several in groupby(left, key=lambda one: one.alone):
        for group in ([one] for one in several) if alone else (list(several),):
            _run(watches, work, group, rules, deadline)


@contextmanager
def on_failure(watches: Watches, work: Claimed, hooks: Sequence[Run], rules: Rules, deadline: float) -> Iterator[None]:
    """Run hooks that are for a failure, should there be one, before it is told."""
    try:
        yield
    except DeploymentFailed as failure:
        try:
            run(watches, work, hooks, rules, deadline)
        except DeploymentFailed as another:
            failure.details = f"{failure.details}\n\nafter that: {another.summary}\n{another.details}".strip()
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
                written={one.ref for one in hooks},
            )
    except Unhealthy as unhealthy:
        _end(cluster, work, hooks, failed=True)
        raise Unhealthy(
            f"{_named(hooks, unhealthy)}{unhealthy.summary}", unhealthy.details, logs=unhealthy.logs
        ) from unhealthy
    _end(cluster, work, hooks, failed=False)


def _end(cluster: Cluster, work: Claimed, hooks: Sequence[Run], *, failed: bool) -> None:
    """Write down how hooks ended, then clean up after them."""
    with work.step("apply"):
        for one in hooks:
            outcome = Outcome.FAILED if failed and not _succeeded(cluster, one) else Outcome.SUCCEEDED
            hook_runs.ended(work.store, work.claim, one.key, outcome.value)
            finish(cluster, one, outcome, work.may_write)


def _succeeded(cluster: Cluster, one: Run) -> bool:
    kind = cluster.kinds.preferred(one.ref.group, one.ref.kind)
    live = cluster.find(kind.path(one.ref.namespace, one.ref.name)) if kind else None
    return live is not None and assess(live, (), cluster.rules).health is Health.HEALTHY


def _named(hooks: Sequence[Run], failure: PushboatError) -> str:
    said = next((one.said for one in hooks if str(one.ref) in failure.summary), "")
    return f"hook {said} failed: " if said else "a hook failed: "


def _saying(work: Claimed) -> Callable[[str], None]:
    return lambda text: work.say("apply", text)
