"""Objects as a wait saw them: a Deployment with its ReplicaSet and pods, well or not."""

from pushboat.model.health import Health
from pushboat.model.manifest import Ref
from pushboat.model.observed import Observed

CRASH = "container app: CrashLoopBackOff (exit 1, restarted 3\u00d7)"


def pod(name: str, health: Health = Health.HEALTHY, reason: str = "") -> Observed:
    """Make a pod as it was seen."""
    return Observed(ref=Ref("", "Pod", "shop", name), health=health, reason=reason)


def web(*pods: Observed, health: Health = Health.HEALTHY, reason: str = "", more: int = 0) -> Observed:
    """Make a Deployment with one ReplicaSet, where it has pods."""
    owner = Ref("apps", "ReplicaSet", "shop", "web-7f9")
    sets = Observed(ref=owner, health=health, reason=reason, note="revision 3", dependents=pods, more=more)
    return Observed(
        ref=Ref("apps", "Deployment", "shop", "web"), health=health, reason=reason, dependents=(sets,) if pods else ()
    )


CACHE = Observed(ref=Ref("apps", "StatefulSet", "shop", "cache"), health=Health.HEALTHY)
FAILING = web(
    pod("web-7f9-abcde"), pod("web-7f9-fghij", Health.DEGRADED, CRASH), health=Health.DEGRADED, reason="1 of 2 ready"
)
