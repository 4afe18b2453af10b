"""Wait for what a push defines: a CRD is established, and what it defines is served, before any object of it comes."""

import time
from collections.abc import Callable, Iterable, Iterator

from pushboat.errors import ApplyRejected, ClusterUnavailable
from pushboat.model.changeset import Action
from pushboat.model.health import Health
from workers.cluster.client.connection import Cluster
from workers.cluster.health import assess
from workers.cluster.planning.words import Plan, Step

DEFINITIONS_READY_WITHIN = 30.0
"""Seconds for a CRD to be established and its kind to be served; a healthy API server needs less than one."""


def await_definitions(cluster: Cluster, stage: Iterable[Step], plan: Plan, say: Callable[[str], None]) -> None:
    """Wait until new definitions are established and what they define can be asked for."""
    definitions = [step for step in stage if step.manifest.ref.kind == "CustomResourceDefinition"]
    pending = [step for step in definitions if step.action is not Action.UNCHANGED]
    if not pending:
        if definitions and _first_unknown(cluster, plan):  # one that the push of a moment ago brought
            cluster.kinds.refresh()
        return
    brought = {(step.manifest.ref.group, step.manifest.ref.kind) for step in plan.steps}
    for step in pending:
        spec = step.body["spec"]
        is_used = (spec["group"], spec["names"]["kind"]) in brought
        cluster.lags.changes(step.manifest.ref.name, step.live if is_used else None)
    say(
        f"waiting for {len(pending)} CustomResourceDefinition{'s' * (len(pending) > 1)} to be established, "
        f"for {DEFINITIONS_READY_WITHIN:.0f} s at most"
    )
    deadline = time.monotonic() + DEFINITIONS_READY_WITHIN
    while pending := [step for step in pending if not _established(cluster, step)]:
        _give_up_after(deadline, f"{pending[0].manifest.ref} was not established")
    while unknown := _first_unknown(cluster, plan):
        _give_up_after(deadline, f"the kind of {unknown} is not served")
        cluster.kinds.refresh()


def _established(cluster: Cluster, step: Step) -> bool:
    ref = step.manifest.ref
    kind = cluster.kinds.find(ref.group, step.manifest.version, ref.kind)
    live = cluster.find(kind.path("", ref.name)) if kind else None
    judgement = assess(live) if live else None
    if judgement is not None and judgement.certain:
        raise ApplyRejected(f"{step.manifest.place}: {ref}: {judgement.reason}")
    return judgement is not None and judgement.health is Health.HEALTHY


def _first_unknown(cluster: Cluster, plan: Plan) -> str:
    """Find an object whose kind is not served although a definition of the push says that it is."""
    defined = {each for step in plan.steps for each in _defined_by(step)}
    for step in plan.steps:
        ref = step.manifest.ref
        if (ref.group, step.manifest.version, ref.kind) in defined and cluster.kinds.find(
            ref.group, step.manifest.version, ref.kind
        ) is None:
            return str(ref)
    return ""


def _defined_by(step: Step) -> Iterator[tuple[str, str, str]]:
    if step.manifest.ref.kind == "CustomResourceDefinition":
        spec = step.body["spec"]
        for version in spec["versions"]:
            if version.get("served"):
                yield spec["group"], version["name"], spec["names"]["kind"]


def _give_up_after(deadline: float, what: str) -> None:
    if time.monotonic() > deadline:
        raise ClusterUnavailable(f"{what} within {DEFINITIONS_READY_WITHIN:.0f} s")
    time.sleep(0.05)
