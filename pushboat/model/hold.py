"""A hold: why something may not start yet. Who put it, on what, until when; what it says stands in routing/holds/."""

from dataclasses import dataclass

from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a hold is put on: one deployment, or an environment of a repository; what is left out means every one."""

    repository: str = ""
    environment: str = ""
    deployment: int = 0

    def covers(self, repository: str, environment: str) -> bool:
        """Say whether all of an environment is meant, and not one deployment."""
        return not self.deployment and self.repository in ("", repository) and self.environment in ("", environment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One reason to wait. Times are seconds since the epoch, by the store's clock; without `until` somebody lifts it.

    `kind` names a row of the table of kinds; `subject` is what the sentence of such a kind is about (an environment,
    a gate), so that one scope may wait for two of them. Plans of pull requests wait only where `plans` says so;
    rollbacks pass where `rollbacks` is not so. Where it stands for a `pull_request` (0: it does not), that one's own
    deployments pass too, and so do those of merge groups, which began before it; `sha` is then the commit of it that
    was deployed last. `begins` is when it starts to bind (0: at once): it may stand here ahead of its time. The
    deployments of the person `spares` pass (empty: nobody's), those that have written already where it is not so for
    `begun` ones, and where it is `breakable` those whose asker broke the glass.
    """

    kind: str
    scope: Scope
    by: str
    reason: str = ""
    subject: str = ""
    since: float = 0.0
    begins: float = 0.0
    until: float | None = None
    plans: bool = False
    rollbacks: bool = True
    pull_request: int = 0
    sha: str = ""
    spares: str = ""
    begun: bool = True
    breakable: bool = False
    id: int = 0

    def binds(self, deployment: Deployment, now: float) -> bool:
        """Say whether a deployment waits for this; the same in SQL is `is_held` in store/waiting.py."""
        scope, lane = self.scope, deployment.lane
        return (
            self.begins <= now
            and (self.until is None or self.until > now)
            and (self.plans or deployment.kind is not Kind.PLAN)
            and (self.rollbacks or not deployment.again)
            and (not self.pull_request or self.pull_request != deployment.pull_request)
            and not (self.pull_request > 0 > deployment.pull_request)
            and (not self.spares or self.spares != deployment.author)
            and (self.begun or not deployment.begun)
            and not (self.breakable and deployment.glass)
            and scope.deployment in (0, deployment.id)
            and scope.repository in ("", lane.repository)
            and scope.environment in ("", lane.environment)
        )
