"""GitLab's commit statuses: external jobs with a state machine, as its create_commit_status_service has them."""

from dataclasses import dataclass, replace

EVENTS = {
    "pending": ("enqueue", ("created",)),
    "running": ("run", ("created", "pending")),
    "success": ("success", ("created", "pending", "running")),
    "failed": ("drop", ("created", "pending", "running")),
    "canceled": ("cancel", ("created", "pending", "running")),
    "skipped": ("skip", ("created", "pending")),
}
"""The event that leads to a state, and the states that it leads from."""
_GOING_ON = ("created", "pending", "running")


@dataclass(kw_only=True)
class Job:
    """One external job of a project; only one that has not ended is ever found again."""

    project: int
    sha: str
    ref: str
    name: str
    user: str
    state: str = "created"


class CannotTransition(Exception):
    """The job is not in a state from which the event leads on."""


def transition(jobs: list[Job], wanted: Job, state: str) -> Job:
    """Move the unfinished job of this name, ref and user, or begin a new one."""
    same = [job for job in jobs if replace(wanted, state=job.state) == job and job.state in _GOING_ON]
    job = same[-1] if same else wanted
    event, sources = EVENTS[state]
    if job.state not in sources:
        raise CannotTransition(
            f"Cannot transition status via :{event} from :{job.state} "
            f'(Reason(s): Status cannot transition via "{event}")'
        )
    job.state = state
    if not same:
        jobs.append(job)
    return job
