"""Leaves drift in a store as an inspection does, for whatever shows it."""

from pushboat.model.deployment import Deployment, Lane
from pushboat.model.drift import Drift, FieldDrift, Sort
from pushboat.model.inspection import Findings, InspectionClaim
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State
from pushboat.store import comparing, concluding, ending, inspections, lanes
from pushboat.store.database.engine import Store
from pushboat.store.deployments import find

SCALED = Drift(
    ref=Ref("apps", "Deployment", "shop", "web"),
    sort=Sort.CHANGED,
    fields=(FieldDrift(path="spec.replicas", release="3", cluster="5", by="kubectl", at="2026-11-27T06:00:00Z"),),
)
SAID = "drift: Deployment web: spec.replicas is 5 instead of 3, by kubectl at 2026-11-27T06:00:00Z"


def released(store: Store, queued: Deployment) -> Deployment:
    """Let a deployment get through and leave its release."""
    claim = lanes.claim(store, queued.id, "worker")
    assert claim
    render = Render(contents={Ref("", "ConfigMap", "shop", "a"): queued.sha}, packed=b"packed")
    assert ending.finish(store, claim, State.SUCCEEDED, "healthy", render=render)
    found = find(store, queued.id)
    assert found
    return found


def claimed(store: Store, lane: Lane) -> InspectionClaim:
    """Take an environment to look at it."""
    known = {each.lane: each.cluster for each in inspections.listed(store)}
    comparing.schedule(store, {**known, lane: "dev"}, 600.0)
    inspections.wake(store, lane)
    held = inspections.claim(store, "dev")
    assert held
    return held


def inspected(store: Store, lane: Lane, *found: Drift, unknown: str = "", heals: bool = False) -> None:
    """Look at an environment, and find this."""
    findings = Findings(found=found, unknown=unknown, unwell="a pod crashes" if found else "", heals=heals)
    assert concluding.conclude(store, claimed(store, lane), findings, every=600.0, pause=600.0)
