"""A plan says what will run nothing, what restarts, and what goes on with an old configuration."""

import pytest

from tests.planning.prospecting import warnings, workload

CONFIG = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings}}\ndata: {{colour: {0}, size: big}}\n"
OTHER = {"Secret": "secretKeyRef", "ConfigMap": "configMapKeyRef"}


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "ReplicaSet"])
def test_a_workload_that_loses_its_last_pod_is_named(kind: str) -> None:
    """Whoever sets replicas to 0 reads that nothing will run."""
    before, after = workload(kind=kind, spec="replicas: 3"), workload(kind=kind, spec="replicas: 0")
    (sentence,) = [said for _, said in warnings(before, after, "scaled-to-zero")]
    assert sentence == f"{kind}/shop/web will run nothing: spec.replicas falls from 3 to 0"
    assert warnings(workload(kind=kind), after, "scaled-to-zero"), "one replica is the default"


def test_zero_that_was_zero_is_no_news() -> None:
    """Nor is a workload that begins with none, nor one that an event wakes."""
    none = workload(spec="replicas: 0")
    woken = """---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: s}
spec: {scaleTargetRef: {name: web}}
"""
    assert warnings(none, workload(spec="replicas: 0", image="a:2"), "scaled-to-zero") == []
    assert warnings("", none, "scaled-to-zero") == []
    assert warnings(workload() + woken, none + woken, "scaled-to-zero") == []


def test_what_is_suspended_or_paused_is_named() -> None:
    """A CronJob that is switched off, and a Deployment that is paused."""
    cron = "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: c}}\nspec: {{suspend: {0}}}\n"
    off, on = cron.format("true"), cron.format("false")
    assert [said for _, said in warnings(on, off, "suspended")] == [
        "CronJob/shop/c starts no more jobs: spec.suspend becomes true"
    ]
    assert warnings(off, on, "suspended") == warnings("", off, "suspended") == []
    assert warnings(workload(), workload(spec="paused: true"), "suspended")


def test_whose_pods_restart_is_said_with_the_reason() -> None:
    """I read which workload restarts how many pods because of what, and that its neighbour does not."""
    before = workload(spec="replicas: 3") + workload("api")
    after = workload(spec="replicas: 3", image="a:2") + workload("api", spec="replicas: 2")
    assert warnings(before, after, "restarts") == [
        ("restarts", "Deployment/shop/web restarts its 3 pods: containers[app].image changed")
    ]


@pytest.mark.parametrize("spec", ["replicas: 0", "paused: true"])
def test_what_runs_nothing_or_is_paused_restarts_nothing(spec: str) -> None:
    """Nothing restarts where nothing runs, or nothing is rolled out."""
    assert warnings(workload(spec=spec), workload(spec=spec, image="a:2"), "restarts") == []


def test_pods_that_nobody_replaces_are_named() -> None:
    """OnDelete: the change waits for somebody to delete pods."""
    on_delete = "updateStrategy: {type: OnDelete}"
    before, after = (workload(kind="StatefulSet", spec=on_delete, image=image) for image in ("a:1", "a:2"))
    ((_, sentence),) = warnings(before, after, "restarts")
    assert "until somebody deletes them (OnDelete)" in sentence


@pytest.mark.parametrize(
    ("kind", "reads"),
    [
        ("ConfigMap", "env: [{name: C, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}]"),
        ("ConfigMap", "envFrom: [{configMapRef: {name: settings}}]"),
        ("Secret", "env: [{name: C, valueFrom: {secretKeyRef: {name: settings, key: colour}}}]"),
        ("Secret", "envFrom: [{secretRef: {name: settings}}]"),
    ],
)
def test_a_configuration_that_is_read_once_needs_a_restart(kind: str, reads: str) -> None:
    """I change a ConfigMap or Secret that pods read into variables, and learn how they get the new values."""
    config, web = CONFIG.replace("ConfigMap", kind), workload(pod_spec=reads)
    before, after = config.format("red") + web, config.format("blue") + web
    ((_, sentence),) = warnings(before, after, "stale-configuration")
    assert sentence == (
        f"Deployment/shop/web reads {kind}/shop/settings when its pods start, and they do not restart: "
        "`kubectl rollout restart deployment/web -n shop`"
    )


@pytest.mark.parametrize(
    "web",
    [
        workload(pod_spec="env: [{name: C, valueFrom: {configMapKeyRef: {name: settings, key: size}}}]"),
        workload(pod_spec="envFrom: [{configMapRef: {name: other}}]"),
        workload(pod_spec="envFrom: [{configMapRef: {name: settings}}]", spec="replicas: 0"),
        workload(pod_spec="envFrom: [{configMapRef: {name: settings}}]").replace(
            "metadata: {name: web}", "metadata: {name: web, annotations: {reloader.stakater.com/auto: 'true'}}"
        ),
    ],
)
def test_a_configuration_that_nobody_reads_so_is_no_matter(web: str) -> None:
    """Another key, another ConfigMap, no pods, or somebody else who restarts them: nothing to warn of."""
    assert warnings(CONFIG.format("red") + web, CONFIG.format("blue") + web, "stale-configuration") == []


def test_pods_that_restart_anyway_read_it_anew() -> None:
    """The same push changes the image as well."""
    reads = "envFrom: [{configMapRef: {name: settings}}]"
    before, after = (CONFIG.format(c) + workload(pod_spec=reads, image=c) for c in ("red", "blue"))
    assert warnings(before, after, "stale-configuration") == []
