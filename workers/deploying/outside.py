"""Wait for what is not of this push before the wave begins that needs it: nothing is held meanwhile, all is named."""

import time
from collections.abc import Sequence

from pushboat.errors import Unhealthy
from pushboat.model.health import Health
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.examining import judge
from workers.cluster.objects import held_by, is_going
from workers.cluster.writing.parking import LEAST_PATIENCE, SAY_EVERY
from workers.deploying import summaries
from workers.deploying.claimed import Claimed
from workers.manifests.directives.expecting import Need

LOOKS_EVERY = 1.0
_GOOD = (Health.HEALTHY, Health.SUSPENDED, Health.UNVERIFIED)


def await_others(cluster: Cluster, work: Claimed, needs: Sequence[Need], wait: float) -> None:
    """Wait until everything that a wave needs from elsewhere is there, and ready where that is asked for.

    Raises:
        Unhealthy: something did not come in time; names it, and who waits for it.
        ClusterRefused: it may not be read.
        GaveWay, LeaseLost, Cancelled: as while it waits for health.
    """
    patience, over, began = wait or LEAST_PATIENCE, work.waited() if needs else 0.0, time.monotonic()
    give_way, said_at, lacking = work.give_way(), float("-inf"), _lacking(cluster, needs)
    if not lacking:
        return
    work.slot.leave()
    with work.step("wait"):
        while lacking:
            give_way()
            lasted = over + time.monotonic() - began
            if lasted > patience:
                raise _never_came(lacking, summaries.span(patience))
            if time.monotonic() - said_at >= SAY_EVERY:
                work.say("wait", f"waiting for {lacking[0]}{_more(lacking)}; waited {lasted:.0f} s of {patience:.0f} s")
                said_at = time.monotonic()
            time.sleep(LOOKS_EVERY)
            lacking = _lacking(cluster, needs)


def _lacking(cluster: Cluster, needs: Sequence[Need]) -> list[str]:
    return [f"{need.sentence}: it {why}" for need in needs if (why := _why(cluster, need))]


def _why(cluster: Cluster, need: Need) -> str:
    """Say what is wrong with what is needed; nothing where it is as it should be."""
    wanted, kind = need.dependency, _kind(cluster, need)
    if kind is None:
        return "is of a kind that the cluster does not serve"
    space = wanted.namespace or need.manifest.ref.namespace
    live = cluster.find(kind.path(space if kind.namespaced else "", wanted.name or ""))
    if live is None:
        return "is not there"
    if is_going(live):
        return f"is {held_by(live)}"
    live = {**live, "apiVersion": f"{kind.group}/{kind.version}" if kind.group else kind.version, "kind": kind.kind}
    judgement = judge(cluster, live)[0] if wanted.ready else None
    return "" if judgement is None or judgement.health in _GOOD else f"is not ready ({judgement.reason})"


def _kind(cluster: Cluster, need: Need) -> Kind | None:
    """Find the kind by whatever of its names is written."""
    wanted = need.dependency
    word = ".".join(filter(None, (wanted.kind, wanted.group)))
    found = cluster.kinds.called(word)
    return found if found is None or wanted.group is None or found.group == wanted.group else None


def _more(lacking: Sequence[str]) -> str:
    return f" (and {len(lacking) - 1} more)" if len(lacking) > 1 else ""


def _never_came(lacking: Sequence[str], patience: str) -> Unhealthy:
    details = "\n".join(f"- {each}" for each in lacking)
    return Unhealthy(f"not there after {patience}: {lacking[0]}{_more(lacking)}", details)
