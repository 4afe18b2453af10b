"""Whether a deployment does what was shown: the plan of its commit, beside what is found to do now."""

from dataclasses import dataclass

from pushboat.model import wording
from pushboat.model.changeset import Change
from pushboat.model.deployment import Deployment
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind
from pushboat.store import change_sets, plans
from pushboat.store.database.engine import Store
from workers.cluster.planning.intending import differing
from workers.cluster.planning.words import Plan
from workers.deploying.tallying import WRITES

CLUSTER_MOVED = "the cluster moved since the plan"
MOST_NAMED = 100
"""Objects; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What is not as the plan had it; nothing where no plan was shown, or all is as it was."""

    plan: int = 0
    refs: tuple[Ref, ...] = ()
    merged: int = 0
    """The pull request that it was shown on, where its merge is another commit: then git may have moved, too."""

    @property
    def sentence(self) -> str:
        """Say it on one line."""
        if not self.refs:
            return ""
        differ = "differs" if len(self.refs) == 1 else "differ"
        what = f"the base or the cluster moved since the plan of #{self.merged}" if self.merged else CLUSTER_MOVED
        return f"{what}: {wording.counted(len(self.refs), 'object')} {differ}"

    @property
    def details(self) -> str:
        """Name the objects."""
        if not self.refs:
            return ""
        lines = [f"- {ref}" for ref in self.refs[:MOST_NAMED]]
        if len(self.refs) > MOST_NAMED:
            lines.append(f"- … and {len(self.refs) - MOST_NAMED:,} more")
        return "\n".join((f"Planned anew, because these are not as plan {self.plan} found them:", "", *lines))


def moved(store: Store, deployment: Deployment, plan: Plan) -> Moved:
    """Compare a deployment's plan with the one that was shown of its commit, or of the pull request that it merges."""
    if deployment.kind is not Kind.DEPLOY or deployment.again:  # nobody was shown what a rollback would do
        return Moved()
    shown = plans.shown_plan(store, deployment)
    changes = change_sets.listed(store, shown.id) if shown else ()
    if shown is None or not _can_be_compared(changes):
        return Moved()
    merged = shown.lane.number if shown.sha != deployment.sha else 0
    return Moved(shown.id, differing(changes, plan.changeset.changes), merged)


def _can_be_compared(changes: tuple[Change, ...]) -> bool:
    """Say whether the plan was made by a version that notes what it intends; one without changes needs no note."""
    writes = [each for each in changes if each.action in WRITES]
    return not writes or any(each.intent for each in writes)
