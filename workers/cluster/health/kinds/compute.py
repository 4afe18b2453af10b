"""Spark, Ray, Flink, Kubeflow, KServe and Kueue: computing that somebody waits for.

https://github.com/kubeflow/spark-operator/blob/master/docs/api-docs.md , https://docs.ray.io/en/latest/cluster/kubernetes/
and https://nightlies.apache.org/flink/flink-kubernetes-operator-docs-main/ name the states.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    mapping,
    progressing,
    spec,
    status,
    suspended,
    text,
    unspoken,
    words,
)

_SPARK = Phases(
    well=words_of("COMPLETED", "RUNNING"),
    working=words_of("NEW", "SUBMITTED", "SUCCEEDING", "INVALIDATING", "PENDING_RERUN", "PENDING_SUBMISSION"),
    broken=words_of("FAILING", "SUBMISSION_FAILED", "UNKNOWN"),
    over=words_of("FAILED"),
    held=words_of("SUSPENDED", "SUSPENDING"),
)
_SPARK_SCHEDULE = Phases(
    well=words_of("Scheduled"), working=words_of("Validating", "New"), broken=words_of("FailedValidation")
)
_RAY = Phases(
    well=words_of("ready"),
    working=words_of("updating"),
    broken=words_of("failed", "unhealthy"),
    held=words_of("suspended"),
)
_RAY_JOB = Phases(
    well=words_of("SUCCEEDED"),
    working=words_of("PENDING", "RUNNING"),
    over=words_of("FAILED", "STOPPED"),
)
_RAY_DEPLOYMENT = Phases(
    well=words_of("Complete"),
    working=words_of("Initializing", "Running", "Waiting", "Retrying", "Suspending"),
    over=words_of("Failed", "ValidationFailed"),
    held=words_of("Suspended"),
)
_FLINK = Phases(
    well=words_of("STABLE"),
    working=words_of("CREATED", "DEPLOYED", "UPGRADING", "ROLLING_BACK", "DELETING"),
    broken=words_of("FAILED", "ROLLED_BACK"),
    held=words_of("SUSPENDED"),
)
_QUEUE = Contract(needed=("Active",))
_MODEL = Contract(needed=("Ready",), patient=frozenset({"RevisionMissing", "Deploying", "MinimumReplicasUnavailable"}))
_SERVICE = Contract(working=("UpgradeInProgress",), patient=frozenset({"Initializing", "ZeroServeEndpoints"}))


def spark(live: Object) -> Judgement:
    """Judge a SparkApplication."""
    found = mapping(status(live).get("applicationState"))
    return by_phase(text(found, "state"), _SPARK, text(found, "errorMessage"))


def scheduled_spark(live: Object) -> Judgement:
    """Judge a ScheduledSparkApplication by its schedule; its runs are objects of their own."""
    if spec(live).get("suspend") is True:
        return suspended("is suspended (spec.suspend)")
    return by_phase(text(status(live), "scheduleState"), _SPARK_SCHEDULE, text(status(live), "reason"))


def ray_cluster(live: Object) -> Judgement:
    """Judge a RayCluster; one that cannot make its pods is not ready however its state reads."""
    failure = condition(live, "ReplicaFailure")
    if failure.get("status") == "True":
        return degraded(words(failure))
    if text(status(live), "state") == "" and condition(live, "RayClusterProvisioned").get("status") == "False":
        return progressing(words(condition(live, "RayClusterProvisioned")))
    return by_phase(text(status(live), "state"), _RAY, text(status(live), "reason"))


def ray_job(live: Object) -> Judgement:
    """Judge a RayJob: what became of the job, or else of its deployment."""
    found = status(live)
    deployment, job = text(found, "jobDeploymentStatus"), text(found, "jobStatus")
    if deployment in _RAY_DEPLOYMENT.over | _RAY_DEPLOYMENT.held or not job:
        return by_phase(deployment, _RAY_DEPLOYMENT, text(found, "message"))
    return by_phase(job, _RAY_JOB, text(found, "message"))


def ray_serving(live: Object) -> Judgement:
    """Judge a RayService; before 1.3 it had a word instead of conditions."""
    if not condition(live, "Ready") and text(status(live), "serviceStatus"):
        running = text(status(live), "serviceStatus") == "Running"
        return HEALTHY if running else progressing(f"is {text(status(live), 'serviceStatus')}")
    return by_conditions(live, _SERVICE)


def flink(live: Object) -> Judgement:
    """Judge a FlinkDeployment or a FlinkSessionJob; an error beside a stable state is the newest version's."""
    found = status(live)
    if error := text(found, "error"):
        return degraded(error[:500])
    return by_phase(text(found, "lifecycleState"), _FLINK, text(found, "jobStatus", "state"))


def training(live: Object) -> Judgement:
    """Judge a training job of Kubeflow, or a JobSet: it runs once."""
    if mapping(spec(live).get("runPolicy")).get("suspend") is True or spec(live).get("suspend") is True:
        return suspended("is suspended")
    if is_true(live, "Failed"):
        return degraded(words(condition(live, "Failed")) or "failed", certain=True)
    if is_true(live, "Succeeded") or is_true(live, "Completed"):
        return HEALTHY
    for each in ("Running", "Restarting", "Created"):
        if is_true(live, each):
            return progressing(words(condition(live, each)) or f"is {each}")
    return progressing("has begun") if status(live) else unspoken()


def queue(live: Object) -> Judgement:
    """Judge a ClusterQueue or a LocalQueue of Kueue."""
    return by_conditions(live, _QUEUE)


def model(live: Object) -> Judgement:
    """Judge KServe's InferenceService."""
    loading = text(status(live), "modelStatus", "transitionStatus")
    if loading in ("InvalidSpec", "BlockedByFailedLoad"):
        said = text(status(live), "modelStatus", "lastFailureInfo", "message")
        return degraded(f"{loading}: {said}" if said else loading)
    judgement = by_conditions(live, _MODEL)
    return progressing("its model is being loaded") if judgement is HEALTHY and loading == "InProgress" else judgement
