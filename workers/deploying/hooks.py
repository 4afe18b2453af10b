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
from pushboat.model.hook import Hook, HookState
from pushboat.store import hook_runs
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import Answered
from workers.cluster.health import assess
from workers.cluster.hooks.ending import finish, leave
from workers.cluster.hooks.words import RUN, Outcome, Run
from workers.cluster.planning.order import place_of
from workers.cluster.planning.rules import Rules
from workers.cluster.waiting.waiting import wait
from workers.cluster.waiting.watches import Watches
from workers.cluster.writing.parking import webhook_away
from workers.deploying.beginning import LONGEST_RUN, begin
from workers.deploying.claimed import Claimed
from workers.deploying.waves import Parts


def run(
    watches: Watches,
    work: Claimed,
    hooks: Sequence[Run],
    rules: Rules,
    deadline: float,
    meanwhile: Callable[[], None] | None = None,
    behind: str = "",
) -> None:
    """Run the hooks of one wave and wait until all have ended; `meanwhile` is done again and again while they run.
    `behind` names the wave that waits for them.

    Raises:
        Unhealthy: one failed, or did not end in time; names it, with its container's words.
        ApplyRejected: the API server refused one.
    """
    known = {each.key: each for each in hook_runs.listed(work.store, work.deployment.id)} if hooks else {}
    known = {key: each for key, each in known.items() if each.state in hook_runs.OVER}
    if failed := [one for one in hooks if one.key in known and known[one.key].state is HookState.FAILED]:
        raise DeploymentFailed(f"{failed[0].called} failed: {known[failed[0].key].reason or failed[0].ref}")
    if left := sorted((one for one in hooks if one.key not in known), key=lambda one: (place_of(one.ref), one.ref)):
        _run(watches, work, left, rules, deadline, meanwhile or work.go_on, behind)


def note(work: Claimed, parts: Parts) -> None:
    """Write down which hooks there are, in their order, for everybody who looks."""
    runs = (*parts.runs, *parts.on_failure)
    if runs:
        hook_runs.due(
            work.store,
            work.claim,
            [Hook(key=one.key, said=one.said, group=one.ref.group, run=one.id) for one in runs],
        )


def clean_up(cluster: Cluster, work: Claimed, hooks: Sequence[Run], *, over: bool = False) -> None:
    """Delete what ran where its tool would: at the end of a phase, since later hooks may use what earlier ones made.

    `over`: nobody comes back for what has not ended.
    """
    known = hook_runs.outcomes(work.store, work.deployment.id) if hooks else {}
    for one in hooks:
        if one.key in known:
            finish(cluster, one, Outcome(known[one.key]), work.lease.may_write)
        elif over and _left(cluster, work, one):
            hook_runs.left(work.store, work.deployment.id, one.key)


def _left(cluster: Cluster, work: Claimed, one: Run) -> bool:
    """Leave a run; False where a webhook that nobody brings up is in the way: it is let go once that is there.

    What failed is told meanwhile, for the webhook may be the very reason.
    """
    try:
        leave(cluster, one.ref, one.id, work.lease.may_write, one.propagation)
    except Answered as answered:
        if webhook_away(answered, one.ref, one.body) is None:
            raise
        return False
    return True


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


def _run(
    watches: Watches,
    work: Claimed,
    hooks: Sequence[Run],
    rules: Rules,
    deadline: float,
    meanwhile: Callable[[], None],
    behind: str,
) -> None:
    cluster = watches.cluster
    begin(watches, work, hooks, rules, deadline or LONGEST_RUN, meanwhile)
    work.slot.leave()
    waited = work.waited()
    try:
        with work.nudges.waking(watches.wake), work.step("wait"):
            wait(
                watches,
                [one.manifest for one in hooks],
                deadline=deadline or LONGEST_RUN,
                waited=waited,
                give_way=meanwhile,
                say=lambda text: work.say("wait", f"{_as_hook(text, hooks)}{f'; then comes {behind}' * bool(behind)}"),
                labels=f"{RUN}={hooks[0].id}",
                to_the_end=True,
                written={one.ref for one in hooks},
            )
    except Unhealthy as unhealthy:
        _end(cluster, work, hooks, failed=unhealthy.summary)
        raise Unhealthy(
            f"{_named(hooks, unhealthy)}{unhealthy.summary}", unhealthy.details, logs=unhealthy.logs
        ) from unhealthy
    _end(cluster, work, hooks)


def _end(cluster: Cluster, work: Claimed, hooks: Sequence[Run], failed: str = "") -> None:
    """Write down how hooks ended; `failed` says what went wrong with some of them."""
    with work.step("apply"):
        for one in hooks:
            outcome = Outcome.FAILED if failed and not _succeeded(cluster, one) else Outcome.SUCCEEDED
            why = failed if outcome is Outcome.FAILED and str(one.ref) in failed else ""
            hook_runs.ended(work.store, work.claim, one.key, outcome.value, why)


def _succeeded(cluster: Cluster, one: Run) -> bool:
    kind = cluster.kinds.preferred(one.ref.group, one.ref.kind)
    live = cluster.find(kind.path(one.ref.namespace, one.ref.name)) if kind else None
    return live is not None and assess(live, (), cluster.rules).health is Health.HEALTHY


def _as_hook(text: str, hooks: Sequence[Run]) -> str:
    """Say of what is waited for which hook it is."""
    for one in hooks:
        if text.startswith(f"waiting for {one.ref}:"):
            return text.replace("waiting for ", f"waiting for {one.called} ", 1)
    return text


def _named(hooks: Sequence[Run], failure: PushboatError) -> str:
    called = next((one.called for one in hooks if str(one.ref) in failure.summary), "a hook")
    return f"{called} failed: "
