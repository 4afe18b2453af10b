"""Prometheus Operator and Grafana Operator.

https://prometheus-operator.dev/docs/api-reference/api/ and https://grafana.github.io/grafana-operator/docs/api/
name the conditions; Available of a Prometheus has a third value, Degraded.
"""

from pushboat.model.health import Health, Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    behind,
    condition,
    condition_in,
    degraded,
    mapping,
    mappings,
    metadata,
    number,
    progressing,
    spec,
    status,
    suspended,
    text,
    unspoken,
    words,
)

_SERVER = Contract(needed=("Reconciled", "Available"))
_VICTORIA = Phases(
    well=words_of("operational"), working=words_of("expanding"), broken=words_of("failed"), held=words_of("paused")
)
_SYNCHRONIZED = {
    "GrafanaDashboard": "DashboardSynchronized",
    "GrafanaDatasource": "DatasourceSynchronized",
    "GrafanaFolder": "FolderSynchronized",
    "GrafanaAlertRuleGroup": "AlertGroupSynchronized",
    "GrafanaContactPoint": "ContactPointSynchronized",
    "GrafanaNotificationPolicy": "NotificationPolicySynchronized",
}


def server(live: Object) -> Judgement:
    """Judge a Prometheus, a PrometheusAgent, an Alertmanager or a ThanosRuler."""
    if spec(live).get("paused") is True:
        return suspended("is paused (spec.paused)")
    available = condition(live, "Available")
    if available.get("status") == "Degraded":
        return degraded(f"only some of its replicas are available: {words(available)}")
    found = status(live)
    if available.get("status") == "False" and number(found, "updatedReplicas") < number(found, "replicas"):
        return progressing(words(available))
    return by_conditions(live, _SERVER)


def monitor(live: Object) -> Judgement:
    """Judge a monitor, a probe or a rule by the servers that select it; most operators say nothing of it."""
    bindings = list(mappings(status(live).get("bindings")))
    if not bindings:
        return Judgement(Health.UNVERIFIED, "no Prometheus has said whether it accepts it")
    for each in bindings:
        found = condition_in(each, "Accepted")
        where = f"{text(each, 'resource')} {text(each, 'name')}"
        if not found or behind(found.get("observedGeneration"), metadata(live).get("generation")):
            return progressing(f"{where} has not seen the newest version yet")
        if found.get("status") != "True":
            return degraded(f"{where} does not accept it: {words(found)}")
    return HEALTHY


def victoria(live: Object) -> Judgement:
    """Judge what the VictoriaMetrics operator runs: https://docs.victoriametrics.com/operator/api/"""
    return by_phase(text(status(live), "updateStatus"), _VICTORIA, text(status(live), "reason"))


def grafana(live: Object) -> Judgement:
    """Judge a Grafana by the stage that its operator has come to."""
    found = status(live)
    stage, result = text(found, "stage"), text(found, "stageStatus")
    if not stage and not result:
        return by_conditions(live, Contract(needed=("GrafanaReady",)))
    if result == "failed":
        return degraded(f"stage {stage} failed: {text(found, 'lastMessage')}")
    if result == "success" and stage == "complete":
        return HEALTHY
    return progressing(f"is at stage {stage}: {text(found, 'lastMessage') or result}")


def grafana_content(live: Object) -> Judgement:
    """Judge what is put into a Grafana: the condition is named after the kind."""
    needed = _SYNCHRONIZED.get(str(live.get("kind")), "")
    for each in ("NoMatchingInstance", "NoMatchingFolder", "NotificationPolicyLoopDetected"):
        found = condition(live, each)
        if found.get("status") == "True":
            return degraded(f"{each}: {words(found)}")
    invalid = condition(live, "InvalidSpec")
    if invalid.get("status") == "True":
        return degraded(words(invalid), certain=True)
    if not mapping(live.get("status")):
        return unspoken()
    return by_conditions(live, Contract(needed=(needed,)))
