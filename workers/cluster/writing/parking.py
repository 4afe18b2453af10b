"""What cannot be applied before the rest of its push is up: a kind that nobody serves yet, a webhook that is not there.

It is parked, the rest is applied, and what is parked is tried again and again meanwhile. Nothing of that is the
commit's fault as long as there is time; who must act is said at the end.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, PushboatError
from pushboat.model.manifest import Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import ApiAway, shortened
from workers.cluster.client.together import summed_up, together
from workers.cluster.masking import scrub
from workers.cluster.planning.order import is_custom, may_come_late
from workers.cluster.planning.words import Plan, Step
from workers.cluster.writing.patching import NotServed

FIRST_PAUSE, LONGEST_PAUSE, SLOWER = 0.5, 5.0, 1.5
"""Seconds between two tries, and by how much the next pause is longer."""
SAY_EVERY = 10.0
LEAST_PATIENCE = 30.0
"""Seconds, where the environment does not wait for health: what is parked still has to be written."""
_CALLED = re.compile(
    r'(?:failed calling|failed to call) webhook "(?P<name>[^"]+)"|(?P<conversion>conversion webhook) for'
)
_SERVICE = re.compile(r"https://(?P<name>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)\.svc")
_CAUSE = re.compile(r"\?timeout=[^\"]*\": (?P<why>.+)$|: (?P<last>[^:]+)$", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """One object that waits: for `what`, because of `why`; `webhook` says that it is not for a kind."""

    step: Step
    what: str
    why: str = ""
    webhook: bool = False

    @property
    def ref(self) -> Ref:
        """Name the object."""
        return self.step.manifest.ref

    def is_of(self, group: str, kind: str) -> bool:
        """Say whether it is of a kind."""
        return (self.ref.group, self.ref.kind) == (group, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAway:
    """A webhook that does not answer, in words, and why; `service` is the namespace and name that it has."""

    what: str
    why: str
    service: tuple[str, str] | None = None


def bring_up(cluster: str, what: str, within: str, about: str) -> ClusterRefused:
    """Say who must act where a webhook never came up."""
    return ClusterRefused(
        f"the administrator of cluster {cluster} must bring up {what}, which was not there within {within} — {about}"
    )


def parked(plan: Plan, step: Step, error: PushboatError) -> Parked | None:
    """Say what an object that was refused waits for; nothing where waiting would not help, or break the order.

    What everything else stands on (a ConfigMap, a role) is not left for later on account of somebody else's webhook.
    """
    if isinstance(error, NotServed):
        return Parked(step=step, what=f"kind {step.manifest.ref.kind} of {step.manifest.api_version}")
    called = webhook_away(error, step.manifest.ref, step.body)
    if called is None:
        return None
    service = called.service
    if not may_come_late(step.manifest.ref) and not (service and _brings(plan, *service)):
        return None
    return Parked(step=step, what=called.what, why=called.why, webhook=True)


def webhook_away(error: PushboatError, ref: Ref, body: Mapping[str, Any]) -> WebhookAway | None:
    """Find the webhook that an object was refused for because nobody answers there; None where it is about another
    thing, also where a webhook answered and denied it."""
    answered = error if isinstance(error, ApiAway) else error.__cause__
    if not isinstance(answered, ApiAway) or not (called := _CALLED.search(answered.whole)):
        return None
    service = _SERVICE.search(answered.whole)
    name = called["name"] or f"for the conversion of {ref.kind}"
    where = f" (Service/{service['namespace']}/{service['name']})" if service else ""
    found = _CAUSE.search(scrub(answered.whole, body))
    why = shortened((found["why"] or found["last"]) if found else "")
    place = (service["namespace"], service["name"]) if service else None
    return WebhookAway(what=f"webhook {name}{where}", why=why, service=place)


class Parking:
    """All that is parked in one deployment; tried again by whoever waits meanwhile, a group at a time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._parked: dict[Ref, Parked] = {}
        self._lock = Lock()
        self._began = time.monotonic()
        self._pause, self._due, self._said_at = FIRST_PAUSE, 0.0, float("-inf")

    def __bool__(self) -> bool:
        """Say whether anything is parked."""
        return bool(self._parked)

    @property
    def refs(self) -> set[Ref]:
        """Name what is parked."""
        return set(self._parked)

    def takes(self, step: Step, error: PushboatError) -> bool:
        """Park an object that was refused, where that may help."""
        found = parked(self._plan, step, error)
        if found is not None:
            with self._lock:
                self._parked[found.ref] = found
        return found is not None

    def expects(self, step: Step) -> bool:
        """Park an object whose kind waits for a webhook already, untried: each try may take half a minute.

        Only custom resources: among built-in kinds may be what brings the webhook up.
        """
        ref = step.manifest.ref
        if not is_custom(ref):
            return False
        with self._lock:
            same = [each for each in self._parked.values() if each.webhook and each.is_of(ref.group, ref.kind)]
            if same:
                self._parked[ref] = replace(same[0], step=step)
        return bool(same)

    def try_again(self, cluster: Cluster, send: Callable[[Step], object], say: Callable[[str], None]) -> None:
        """Send what is parked, where a try is due: one object of each group, and the others once that one is through.

        Raises:
            ApplyRejected, ClusterRefused: it is refused for another reason now.
        """
        now = time.monotonic()
        if not self._parked or now < self._due:
            return
        waiting = list(self._parked.values())
        if now - self._said_at >= SAY_EVERY:
            say(f"{_told(waiting)}; waited {now - self._began:.0f} s")
            self._said_at = now
        groups: dict[str, list[Parked]] = {}
        for each in waiting:
            groups.setdefault(each.what, []).append(each)
        for first, *others in groups.values():
            if self._sent(first.step, send):
                together(cluster.pool, others, lambda each: self._sent(each.step, send))
        self._pause = min(LONGEST_PAUSE, self._pause * SLOWER)
        self._due = time.monotonic() + self._pause

    def __str__(self) -> str:
        """Say what is waited for."""
        return _told(list(self._parked.values()))

    def give_up(self, cluster: str, waited: str, behind: str = "") -> PushboatError:
        """Say what never came, and who must act: the commit for a kind, the cluster's administrator for a webhook.

        `behind` is the wave that was not begun: it may have brought the kind.
        """
        return summed_up([_given_up(each, cluster, waited, behind) for each in _one_of_each(self._parked.values())])

    def _sent(self, step: Step, send: Callable[[Step], object]) -> bool:
        try:
            send(step)
        except (NotServed, ClusterUnavailable) as error:
            if not self.takes(step, error):
                raise
            return False
        with self._lock:
            del self._parked[step.manifest.ref]
        return True


def _brings(plan: Plan, namespace: str, name: str) -> bool:
    return any(step.manifest.ref == Ref("", "Service", namespace, name) for step in plan.steps)


def _one_of_each(waiting: Iterable[Parked]) -> list[Parked]:
    return list({each.what: each for each in waiting}.values())


def _told(waiting: list[Parked]) -> str:
    first, more = waiting[0], len(waiting) - 1
    others = f" and {more} more need" if more else " needs"
    why = f": {first.why}" if first.why else ""
    return f"waiting for {first.what}, which {first.ref}{others}{why}"


def _given_up(each: Parked, cluster: str, waited: str, behind: str) -> ApplyRejected | ClusterRefused:
    place = f"{each.step.manifest.place}: {each.ref}"
    if each.webhook:
        within = f"{waited}; so {behind} was not begun" if behind else waited
        return bring_up(cluster, each.what, within, f"{place}: {each.why}")
    if behind:
        return ApplyRejected(
            f"give what defines the kind an earlier wave, or correct the kind: {each.what} was not there within "
            f"{waited}, and {behind} was not begun — {place}"
        )
    return ApplyRejected(
        f"correct the kind or add its CRD: nothing in this push defined {each.what} within {waited} — {place}"
    )
