"""Why, in one sentence that I can act on: the pod, the container, the event that matters, and what to do about it."""

from dataclasses import replace

import pytest
import yaml

from pushboat.errors import Unhealthy
from pushboat.model import container_log
from tests.cluster.desk import Desk, deployment, document, statuses
from tests.until import until
from workers.cluster.explaining.advice import advised
from workers.cluster.explaining.events import Told, loudest, read


def told(desk: Desk, text: str, cause: str) -> Unhealthy:
    """Deploy what will not run, and give what is said of it as soon as the cluster has found the cause."""
    desk.deploy(text)

    def sick() -> Unhealthy | None:
        with pytest.raises(Unhealthy) as raised:
            desk.wait(text, deadline=1)
        return raised.value if cause in raised.value.summary else None

    return until(sick, what=f"{cause} to be known")


def with_template(**spec: object) -> str:
    """Write a Deployment whose pods have these fields, too."""
    body = yaml.safe_load(deployment())
    body["spec"]["template"]["spec"].update(spec)
    return document(body)


def reason_of(desk: Desk, sick: Unhealthy) -> str:
    """Give the sentence after the object's name."""
    return sick.summary.partition(f"/{desk.namespace}/web: ")[2]


@pytest.mark.proves("health-why")
def test_a_missing_secret_is_named_with_what_to_do(desk: Desk) -> None:
    """A volume names a Secret that is not there: I read that I must add it, and which pod waits."""
    text = with_template(volumes=[{"name": "keys", "secret": {"secretName": "db-keys"}}])
    reason = reason_of(desk, told(desk, text, "FailedMount"))
    assert reason.startswith("add Secret db-keys — pod web-")
    assert 'FailedMount: secret "db-keys" not found (' in reason


def test_a_missing_config_map_of_the_environment_is_named(desk: Desk) -> None:
    """A container takes its variables from a ConfigMap that is not there: I read which."""
    container = {"name": "app", "image": "nginx:1", "envFrom": [{"configMapRef": {"name": "flags"}}]}
    reason = reason_of(desk, told(desk, with_template(containers=[container]), "CreateContainerConfigError"))
    assert reason.startswith("add ConfigMap flags — pod web-")
    assert "container app: CreateContainerConfigError" in reason


def test_a_quota_that_is_used_up_is_named(desk: Desk) -> None:
    """No pod is made at all because of a quota: I read which one, and not only that none is there."""
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "small"},
        "spec": {"hard": {"pods": "0"}},
    }
    path = f"/api/v1/namespaces/{desk.namespace}/resourcequotas"
    desk.cluster.request("POST", path, body=quota)
    assert reason_of(desk, told(desk, deployment(), "quota")).startswith("ask for less, or raise quota small — ")


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet", "Job"])
def test_a_workload_without_pods_tells_of_its_event(desk: Desk, kind: str) -> None:
    """A workload's pods are refused, and its status says nothing of it: its event does."""
    body = yaml.safe_load(deployment())
    body["kind"] = kind
    pods = body["spec"]["template"]
    pods["spec"]["serviceAccountName"] = "robot"
    if kind == "Job":
        pods["spec"]["restartPolicy"] = "Never"
        body |= {"apiVersion": "batch/v1", "spec": {"template": pods}}
    else:
        body["spec"].pop("replicas")
    if kind == "StatefulSet":
        body["spec"]["serviceName"] = "web"
    sick = told(desk, document(body), "FailedCreate")
    reason = reason_of(desk, sick)
    assert reason.startswith("add ServiceAccount robot — ")
    assert ": FailedCreate: " in reason
    assert "event FailedCreate" in sick.details


def test_a_pod_that_no_node_fits_is_told_in_the_schedulers_words(desk: Desk) -> None:
    """My pod asks for more than any node has: I read of what, without what is said about preemption."""
    container = {"name": "app", "image": "nginx:1", "resources": {"requests": {"cpu": "1000"}}}
    reason = reason_of(desk, told(desk, with_template(containers=[container]), "no node fits"))
    assert reason.startswith("ask for less cpu, or add nodes — ")
    assert "no node fits: 2 Insufficient cpu" in reason
    assert "preemption" not in reason


def test_a_claim_that_waits_is_named_with_what_it_waits_for(desk: Desk) -> None:
    """My pod waits for a volume: I read which claim has none, and that its class does not exist."""
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "golden",
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    pod = with_template(volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}])
    sick = told(desk, document(claim) + pod, "ProvisioningFailed")
    reason = reason_of(desk, sick)
    assert reason.startswith("name a StorageClass that exists: there is no golden — pod web-")
    assert "PersistentVolumeClaim data waits: ProvisioningFailed: " in reason


def test_a_probe_that_fails_is_quoted(desk: Desk) -> None:
    """My container runs and does not become ready: I read what its probe answered."""
    unready = deployment(behaviour="unready", message="HTTP probe failed: 500")
    reason = reason_of(desk, told(desk, unready, "Readiness probe failed"))
    assert "container app: runs, but is not ready: Readiness probe failed: HTTP probe failed: 500" in reason


def test_a_container_that_takes_too_much_memory_needs_more_of_it(desk: Desk) -> None:
    """The kernel kills my container: I read what to change."""
    reason = reason_of(desk, told(desk, deployment(behaviour="oom"), "OOMKilled"))
    assert reason.startswith("raise the memory limit — pod web-")


def test_the_last_lines_are_kept_few_short_and_harmless(desk: Desk) -> None:
    """I read the last ten lines of what crashed; none of them writes on my terminal, and a long one is cut."""
    lines = [*(f"line {number}" for number in range(12)), "\x1b[31mred\x1b[0m \x07bell", "x" * 900]
    sick = told(desk, deployment(behaviour="crash-loop", logs="\n".join(lines)), "CrashLoopBackOff")
    (log,) = container_log.read(sick.logs)
    assert (log.container, len(log.lines), log.lines[0]) == ("app", 10, "line 4")
    assert log.lines[-2] == "red \\u0007bell"
    assert len(log.lines[-1]) == 300
    assert "line 11" not in sick.summary + sick.details


def test_a_container_that_prepares_and_fails_is_the_one_that_is_quoted(desk: Desk) -> None:
    """My init container fails: I read its name and its lines, not those of the one that never started."""
    text = deployment(behaviour="crash-loop", container="prepare", message="no schema", logs="migrating\nno schema")
    body = yaml.safe_load(text)
    body["spec"]["template"]["spec"]["initContainers"] = [{"name": "prepare", "image": "migrate:1"}]
    sick = told(desk, document(body), "CrashLoopBackOff")
    assert "container prepare: CrashLoopBackOff (exit 1" in sick.summary
    (log,) = container_log.read(sick.logs)
    assert (log.container, log.lines) == ("prepare", ("migrating", "no schema"))


@pytest.mark.proves("secrets-in-diffs")
def test_what_a_secret_holds_is_in_no_word_of_it(desk: Desk) -> None:
    """My container prints the password that this commit brings, and dies of it: nobody reads it from us."""
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "stringData": {"password": "hunter22"}}
    crash = deployment(behaviour="crash-loop", message="cannot log in with hunter22", logs="trying hunter22")
    sick = told(desk, document(secret) + crash, "CrashLoopBackOff")
    assert "cannot log in with ***" in sick.summary
    assert "hunter22" not in sick.summary + sick.details + sick.logs + "".join(desk.said)


def test_what_we_may_not_read_is_left_out_and_said_once(desk: Desk) -> None:
    """An account without the rights for events and logs still tells me what crashed, and which rights are missing."""
    text = deployment("web", behaviour="crash-loop") + deployment("api", behaviour="crash-loop")
    desk.deploy(text)
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{desk.namespace}"
    rules = [
        {"apiGroups": ["", "apps"], "resources": ["pods", "deployments", "replicasets"], "verbs": ["list", "watch"]}
    ]
    role = {"kind": "Role", "name": "reader", "apiGroup": "rbac.authorization.k8s.io"}
    subject = {"kind": "ServiceAccount", "name": "reader", "namespace": desk.namespace}
    api = {"apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {"name": "reader"}}
    desk.cluster.request("POST", f"{rbac}/roles", body={**api, "kind": "Role", "rules": rules})
    binding = {**api, "kind": "RoleBinding", "roleRef": role, "subjects": [subject]}
    desk.cluster.request("POST", f"{rbac}/rolebindings", body=binding)
    reader = replace(desk, cluster=desk.cluster.speaking_as(f"{desk.namespace}/reader"))
    until(lambda: statuses(desk).count("CrashLoopBackOff") == 2, what="both crashes to be known")
    with pytest.raises(Unhealthy) as sick:
        reader.wait(text, deadline=2)
    assert "CrashLoopBackOff" in sick.value.summary
    assert sick.value.details.count("events could not be read: grant list of events") == 1
    assert sick.value.details.count("container logs could not be read: grant get of pods/log") == 1
    assert sick.value.logs == ""


def test_events_are_read_whoever_wrote_them() -> None:
    """Old and new writers of events put their words, counts and times in different fields; both are understood."""
    old = {
        "type": "Warning",
        "reason": "FailedMount",
        "message": "a",
        "count": 3,
        "lastTimestamp": "2026-01-01T00:00:00Z",
    }
    new = {
        "type": "Warning",
        "reason": "FailedScheduling",
        "note": "b",
        "eventTime": "2026-01-02T00:00:00Z",
        "series": {"count": 7, "lastObservedTime": "2026-01-03T00:00:00Z"},
    }
    fine = {"type": "Normal", "reason": "Scheduled", "message": "c"}
    told = read([{**each, "metadata": {}} for each in (old, new, fine)])
    assert [str(each) for each in told] == ["FailedScheduling (7\u00d7): b", "FailedMount (3\u00d7): a"]


def test_a_page_lacks_what_only_repeats_the_status() -> None:
    """Of many events the one that tells is chosen: no echo, and of the newest ones what came most often."""
    told = [
        Told(reason="BackOff", message="back-off", count=90, at="2026-01-01T00:09:00Z"),
        Told(reason="Unhealthy", message="probe", count=1, at="2026-01-01T00:08:30Z"),
        Told(reason="FailedMount", message="mount", count=9, at="2026-01-01T00:08:00Z"),
        Told(reason="FailedScheduling", message="old", count=99, at="2026-01-01T00:01:00Z"),
    ]
    assert loudest(told) == told[2]
    assert loudest(told[:1]) is None


@pytest.mark.proves("health-why")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("couldn't find key url in Secret shop/db", "add the key url to Secret db"),
        ('pods "a" is forbidden: violates PodSecurity "restricted:latest": x', "PodSecurity restricted:latest"),
        ('storageclass.storage.k8s.io "golden" not found', "name a StorageClass that exists: there is no golden"),
        ("no persistent volumes available for this claim and no storage class is set", "name a StorageClass: "),
        ("0/3 nodes are available: 3 node(s) had untolerated taint {gpu: true}. preemption: x", "the taint gpu"),
        ("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.", "correct the nodeSelector"),
        ('admission webhook "no.latest" denied the request: tags', "do as no.latest demands"),
        ("waiting for first consumer to be created before binding", "start a pod that uses the claim"),
    ],
)
def test_what_people_meet_has_advice(words: str, expected: str) -> None:
    """Each of the common causes says first what to do."""
    assert expected in advised(words).partition(" — ")[0]
    assert "preemption" not in advised(words)


def test_what_nobody_knows_is_said_as_it_is() -> None:
    """Words that are in no row stay as they are."""
    assert advised("container app: ended (exit 3)") == "container app: ended (exit 3)"
