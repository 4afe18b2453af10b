"""Job and CronJob: done, failed for good, or still at it."""

from collections.abc import Sequence

from pushboat.model.health import Health, Judgement
from workers.cluster.health.pods import worst
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    number,
    progressing,
    spec,
    status,
    words,
)


def job(live: Object, pods: Sequence[Object]) -> Judgement:
    """Judge a Job; a running one is not healthy yet, because it may still fail."""
    trouble = worst(pods)
    for failed in ("Failed", "FailureTarget"):
        if is_true(live, failed):
            why = words(condition(live, failed)) or "failed"
            return degraded(f"{trouble.reason} ({why})" if trouble else why, certain=True)
    if is_true(live, "Complete"):
        return HEALTHY
    if is_true(live, "SuccessCriteriaMet"):  # a moment, or a pod's grace, before it is complete
        return progressing("has succeeded, and its pods are still ending")
    if spec(live).get("suspend", is_true(live, "Suspended")):  # the condition lags behind one that was let go
        return Judgement(Health.SUSPENDED, "is suspended")
    found = status(live)
    count = f"{number(found, 'succeeded')} of {number(spec(live), 'completions', 1)} completed"
    return progressing(f"{count}: {trouble.reason}" if trouble else count)


def cron_job(live: Object) -> Judgement:
    """Judge a CronJob by its last run; one that was never due is healthy."""
    if spec(live).get("suspend") is True:
        return Judgement(Health.HEALTHY, "is suspended")
    if "status" not in live:
        return progressing("its controller has not seen it yet")
    found = status(live)
    scheduled, succeeded = str(found.get("lastScheduleTime", "")), str(found.get("lastSuccessfulTime", ""))
    if succeeded and not found.get("active") and succeeded < scheduled:  # RFC 3339 in UTC sorts as text
        return degraded(f"its run of {scheduled} did not succeed")
    return HEALTHY
