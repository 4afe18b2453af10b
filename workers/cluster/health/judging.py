"""Choose the judge: what holds for every object first, then the kind's own rule, then common words.

The order is kstatus's; the rules for core kinds are Argo CD's with their gaps closed. What has no rule is Unverified.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pushboat.config.health import Rules
from pushboat.model.health import Health, Judgement
from workers.cluster.health import definitions, jobs, network, pods, scaling, storage, workloads
from workers.cluster.health.conditions import bad_news, by_convention, outdated
from workers.cluster.health.kinds.choosing import judge_of
from workers.cluster.health.passive import is_passive
from workers.cluster.health.reading import (
    HEALTHY,
    UNSEEN,
    Object,
    condition,
    degraded,
    is_true,
    metadata,
    progressing,
    unobserved,
    words,
)
from workers.cluster.health.rules import by_rule

NO_RULES: Rules = {}
Judge = Callable[[Object, Sequence[Object]], Judgement]


def _alone(judge: Callable[[Object], Judgement]) -> Judge:
    return lambda live, _pods: judge(live)


JUDGES: Mapping[tuple[str, str], Judge] = {
    ("apps", "Deployment"): workloads.deployment,
    ("apps", "StatefulSet"): workloads.stateful_set,
    ("apps", "DaemonSet"): workloads.daemon_set,
    ("apps", "ReplicaSet"): workloads.replica_set,
    ("", "ReplicationController"): workloads.replica_set,
    ("batch", "Job"): jobs.job,
    ("batch", "CronJob"): _alone(jobs.cron_job),
    ("", "Pod"): _alone(pods.pod),
    ("", "PersistentVolumeClaim"): _alone(storage.claim),
    ("", "PersistentVolume"): _alone(storage.volume),
    ("", "Service"): _alone(network.service),
    ("networking.k8s.io", "Ingress"): _alone(network.ingress),
    ("autoscaling", "HorizontalPodAutoscaler"): _alone(scaling.autoscaler),
    ("policy", "PodDisruptionBudget"): _alone(scaling.disruption_budget),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _alone(definitions.custom_resource_definition),
    ("apiregistration.k8s.io", "APIService"): _alone(definitions.api_service),
    ("", "Namespace"): _alone(definitions.namespace),
}


def assess(live: Object, pods: Sequence[Object] = (), rules: Rules = NO_RULES) -> Judgement:
    """Judge an object as it stands; `pods` are a workload's own, of its newest revision where it has several.

    `rules` are the operator's: where there is one for the kind, no other counts.
    """
    group, kind = _group_kind(live)
    if metadata(live).get("deletionTimestamp"):
        return progressing("is being deleted")
    if rule := rules.get((group, kind)):
        judgement = progressing(UNSEEN) if unobserved(live) else by_rule(live, rule)
        # Of what no controller ever speaks there is no word to wait for: the rule alone counts.
        return replace(judgement, spoken=True) if is_passive(group, kind) else judgement
    if is_passive(group, kind):
        return HEALTHY
    try:
        return _before_all_rules(live) or _by_its_rule(live, group, kind, pods)
    except (AttributeError, KeyError, TypeError, ValueError) as surprise:
        # A status is what its controller wrote; where no schema guards it, it may have any form.
        return Judgement(Health.UNKNOWN, f"its status has a form that a {kind} should not have: {surprise}")


def _before_all_rules(live: Object) -> Judgement | None:
    if unobserved(live):
        return progressing(UNSEEN)
    if is_true(live, "Reconciling"):
        return progressing(words(condition(live, "Reconciling")) or "is being reconciled")
    if is_true(live, "Stalled"):
        return degraded(words(condition(live, "Stalled")) or "is stalled", certain=True)
    return None


def _by_its_rule(live: Object, group: str, kind: str, pods: Sequence[Object]) -> Judgement:
    if judge := JUDGES.get((group, kind)):
        return judge(live, pods)
    its_own = judge_of(group, kind)
    judgement = its_own(live) if its_own else by_convention(live, kind)
    if judgement.health is not Health.HEALTHY:
        return judgement
    return progressing(UNSEEN) if outdated(live) else bad_news(live) or judgement


def _group_kind(live: Object) -> tuple[str, str]:
    return str(live.get("apiVersion", "")).rpartition("/")[0], str(live.get("kind", ""))
