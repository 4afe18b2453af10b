"""Staging of github/acme/shop with a release, and looks at it as a test wants them to go."""

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.drift import Drift, FieldDrift, Sort
from pushboat.model.hold import Scope
from pushboat.model.inspection import Findings, Inspection, InspectionClaim
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State
from pushboat.store import (
    comparing,
    concluding,
    ending,
    inspections,
)
from pushboat.store.concluding import Conclusion
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, time_passes

REF = Ref("", "ConfigMap", "shop", "a")
WROTE = [Change(ref=REF, action=Action.CONFIGURED)]
LANE = Lane(repository=NAME, environment="staging")
STAGING = Scope(repository=NAME, environment="staging")
EVERY = 600.0


def drift(value: str = "5", name: str = "web") -> Drift:
    """Somebody scaled."""
    field = FieldDrift(path="spec.replicas", release="3", cluster=value, by="kubectl", at="2026-11-27T06:00:00Z")
    return Drift(ref=Ref("apps", "Deployment", "shop", name), sort=Sort.CHANGED, fields=(field,))


SAID = "drift: Deployment web: spec.replicas is 5 instead of 3, by kubectl at 2026-11-27T06:00:00Z"


def release(repository: Repository, deployment: Deployment) -> Deployment:
    """Let a deployment get through, an hour ago."""
    made = Render(contents={Ref("", "ConfigMap", "shop", "a"): deployment.sha}, packed=b"packed")
    assert ending.finish(
        repository.store, repository.claim(deployment), State.SUCCEEDED, f"{deployment.sha} is healthy", render=made
    )
    time_passes(repository.store, 3600)
    return repository.row(deployment)


def claimed(store: Store, cluster: str = "dev") -> InspectionClaim:
    """Take staging to look at it."""
    comparing.schedule(store, {LANE: cluster}, EVERY)
    inspections.wake(store, LANE)
    held = inspections.claim(store, cluster)
    assert held
    return held


def looked(
    store: Store,
    *found: Drift,
    heals: bool = False,
    unknown: str = "",
    unwell: str = "",
    held: InspectionClaim | None = None,
) -> Conclusion | None:
    """Look once, and find this."""
    findings = Findings(found=found, heals=heals, unknown=unknown, unwell=unwell)
    return concluding.conclude(store, held or claimed(store), findings, every=EVERY, pause=EVERY)


def known(store: Store) -> Inspection:
    """Read what is known of staging."""
    return inspections.listed(store)[0]
