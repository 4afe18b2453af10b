"""What a manifest says arrives as it says it: every character, every null, and no metadata of exports."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.comparing import read, wished
from tests.cluster.definitions import definition
from tests.cluster.desk import Desk, actions, document, notes
from tests.cluster.makers import bodies, kubectl
from tests.until import until
from workers.cluster.client.connection import yaml_text

Body = dict[str, Any]
EVERY_SHAPE = Path(__file__).parent.parent / "data" / "manifests" / "every-shape.yaml"
SHIP = "🚢 𠮷 żółw"
AWKWARD = 'tab\t nel\x85 ls\u2028 ps\u2029 bom\ufeff del\x7f quote" slash\\ \x1b end'
TIME = "2024-01-01T00:00:00Z"
CONTAINER: Body = {"name": "app", "image": "registry.example/app:1"}


def workload(kind: str, api_version: str = "apps/v1", template: Body | None = None, **spec: Any) -> Body:
    pod = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [CONTAINER]}, **(template or {})}
    selector = {"matchLabels": {"app": "web"}}
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": "web"},
        "spec": {"selector": selector, "template": pod, **spec},
    }


def plain(kind: str, api_version: str = "v1", **rest: Any) -> Body:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "web"}, **rest}


@pytest.mark.proves("exact-text")
@pytest.mark.proves("characters-beyond-the-bmp", among=("a Secret", "an annotation", "a container's arguments"))
@pytest.mark.parametrize("text", [SHIP, AWKWARD], ids=["beyond the bmp", "what YAML finds awkward"])
def test_every_character_arrives_as_it_is_written(desk: Desk, text: str) -> None:
    """Emoji, rare characters and line separators are stored as written, wherever they stand, and known again."""
    objects = [
        plain("ConfigMap", data={"text": text}),
        plain("Secret", stringData={"text": text}),
        plain("ServiceAccount", metadata={"name": "web", "annotations": {"example.com/text": text}}),
        workload("Deployment", template={"spec": {"containers": [{**CONTAINER, "args": [text]}]}}),
    ]
    desk.deploy("".join(document(body) for body in objects))
    assert read(desk, objects[0])["data"] == {"text": text}
    assert read(desk, objects[2])["metadata"]["annotations"]["example.com/text"] == text
    assert read(desk, objects[3])["spec"]["template"]["spec"]["containers"][0]["args"] == [text]
    again = desk.deploy("".join(document(body) for body in objects))
    assert {change.action.value for change in again.changes} == {"unchanged"}


@pytest.mark.proves("apply-verb")
def test_an_apply_is_written_as_text_and_not_as_halves_of_characters() -> None:
    """The request's body holds characters, not escapes of their halves, which the server's parser would not join."""
    assert yaml_text({"a": SHIP}) == f'{{"a": "{SHIP}"}}'
    assert yaml_text({"a": "\x85\u2028"}) == '{"a": "\\u0085\\u2028"}'


NULLS: dict[str, Body] = {
    "a key of a ConfigMap": plain("ConfigMap", data={"a": "1", "empty": None}),
    "a whole mapping": plain("ConfigMap", data=None),
    "a key of a Secret": plain("Secret", data={"a": "YQ==", "empty": None}),
    "a text of a Secret": plain("Secret", stringData={"a": "a", "empty": None}),
    "labels": plain("ServiceAccount", metadata={"name": "web", "labels": None, "annotations": {"a": None}}),
    "a template": workload(
        "Deployment",
        replicas=None,
        strategy=None,
        template={
            "metadata": {"labels": {"app": "web"}, "creationTimestamp": None, "annotations": None},
            "spec": {
                "nodeSelector": {"disk": None},
                "serviceAccountName": None,
                "securityContext": None,
                "containers": [
                    {**CONTAINER, "args": None, "env": [{"name": "A", "value": None}], "resources": None, "ports": None}
                ],
            },
        },
    ),
    "a StatefulSet": workload("StatefulSet", serviceName="web", updateStrategy=None, volumeClaimTemplates=None),
    "a Service": plain("Service", spec={"selector": {"a": "b"}, "ports": [{"port": 80, "name": None}], "type": None}),
    "a policy": plain(
        "NetworkPolicy", "networking.k8s.io/v1", spec={"podSelector": {}, "egress": None, "ingress": None}
    ),
    "a Role": plain("Role", "rbac.authorization.k8s.io/v1", rules=None),
}


@pytest.mark.proves("exact-text")
@pytest.mark.proves("null-in-data", among=("Secret", "Deployment", "StatefulSet", "Service", "NetworkPolicy", "Role"))
@pytest.mark.parametrize("case", NULLS)
def test_a_null_means_what_it_means_to_kubectl(desk: Desk, case: str, kubeconfig: Path, tmp_path: Path) -> None:
    """A field with nothing behind it arrives as `kubectl apply --server-side` sends it, and is known the next time."""
    body = NULLS[case]
    kubectl = shutil.which("kubectl")
    assert kubectl, "there is no kubectl on PATH to compare with: install one (1.32 or newer)"
    file = tmp_path / "it.yaml"
    file.write_text(document(body))
    command = [kubectl, f"--kubeconfig={kubeconfig}", f"--namespace={desk.namespace}"]
    subprocess.run(
        [*command, "apply", "--server-side", f"--filename={file}"], check=True, capture_output=True, timeout=60
    )
    theirs = wished(read(desk, body))
    subprocess.run([*command, "delete", "--wait", f"--filename={file}"], check=True, capture_output=True, timeout=60)
    desk.deploy(document(body))
    ours = wished(read(desk, body))
    assert ours == theirs
    assert actions(desk.deploy(document(body))) == {"web": "unchanged"}


@pytest.mark.proves("null-in-data", among=("a custom resource",))
def test_nulls_of_custom_resources_do_not_flap(desk: Desk) -> None:
    """Nulls in a custom resource, nullable or not, and lists of every sort are unchanged the second time."""
    able = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    group = f"{desk.namespace}.example.com"
    text, keyed = (
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                "port": {"type": "integer"},
                "protocol": {"type": "string", "default": "TCP"},
            },
            "required": ["port"],
        },
    )
    spec = {
        "type": "object",
        "properties": {
            "plain": text,
            "nullable": {**text, "nullable": True},
            "defaulted": {**text, "default": "x"},
            "both": {**text, "default": "x", "nullable": True},
            "set": {"type": "array", "items": text, "x-kubernetes-list-type": "set"},
            "atomic": {"type": "array", "items": text},
            "map": {
                "type": "array",
                "items": keyed,
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["port", "protocol"],
            },
            "any": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
            "quantity": {"x-kubernetes-int-or-string": True},
        },
    }
    schema = {"type": "object", "properties": {"spec": spec}}
    boats = document(definition(group, schema=schema))
    wishes = {
        "nullable": None, "both": None, "defaulted": None, "plain": "", "set": ["b", "a"], "atomic": ["a", "a"],
        "map": [{"port": 1}, {"port": 1, "protocol": "UDP"}], "any": {"a": None, "b": [1, {"c": None}]},
        "quantity": "1.50",
    }  # fmt: skip
    boat = {"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": "one"}, "spec": wishes}
    try:
        able.deploy(boats + document(boat))
        again = able.deploy(boats + document(boat))
        assert {str(each.ref): each.notes for each in again.changes if each.action.value != "unchanged"} == {}
    finally:
        desk.cluster.request("DELETE", f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/boats.{group}")


EXPORTS: dict[str, tuple[Body, str]] = {
    "a Service": (
        plain(
            "Service",
            metadata={"name": "web", "uid": "1", "resourceVersion": "7", "generation": 2, "selfLink": "/x"},
            spec={"ports": [{"port": 80}], "selector": {"app": "web"}},
            status={"loadBalancer": {"ingress": [{"ip": "10.0.0.1"}]}},
        ),
        "metadata.uid, metadata.resourceVersion, metadata.generation, metadata.selfLink, status left out",
    ),
    "a Deployment": (
        {
            **workload("Deployment", template={"metadata": {"labels": {"app": "web"}, "creationTimestamp": None}}),
            "metadata": {"name": "web", "creationTimestamp": TIME, "managedFields": [{"manager": "x"}]},
            "status": {"replicas": 3},
        },
        "metadata.creationTimestamp, metadata.managedFields, status left out",
    ),
    "what kubectl remembered": (
        plain(
            "ConfigMap",
            metadata={"name": "web", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}},
            data={"a": "1"},
        ),
        "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration] left out: only the API server",
    ),
    "something on its way out": (
        plain(
            "ServiceAccount",
            metadata={"name": "web", "deletionTimestamp": TIME, "deletionGracePeriodSeconds": 30},
        ),
        "metadata.deletionTimestamp, metadata.deletionGracePeriodSeconds left out",
    ),
}  # fmt: skip


@pytest.mark.proves("exact-text")
@pytest.mark.proves("exported-with-read-only-metadata", among=("Service", "ConfigMap", "ServiceAccount"))
@pytest.mark.parametrize("case", EXPORTS)
def test_what_only_the_server_writes_is_left_out_with_a_word(desk: Desk, case: str) -> None:
    """YAML as `kubectl get -o yaml` prints it deploys, says once what was left out, and is unchanged later."""
    body, word = EXPORTS[case]
    text = document(body)
    created = desk.deploy(text)
    assert actions(created) == {"web": "created"}
    assert notes(created.changes, "web").count("left out") == 1
    assert word in notes(created.changes, "web")
    again = desk.deploy(text)
    assert actions(again) == {"web": "unchanged"}
    assert "brought back" not in notes(again.changes, "web")


@pytest.mark.proves(
    "exported-with-read-only-metadata", "exported-with-a-revision", among=("DaemonSet", "PersistentVolumeClaim", "Job")
)
def test_whatever_a_cluster_exports_is_adopted_once_and_unchanged_later(desk: Desk) -> None:
    """I write `kubectl get -o yaml` of all that runs into git: one push takes it over, the next finds nothing to do."""
    objects = bodies(EVERY_SHAPE.read_text())
    for body in objects:
        kubectl(desk, body)

    def has_revision() -> bool:
        (live,) = (read(desk, body) for body in objects if body["kind"] == "Deployment")
        return "deployment.kubernetes.io/revision" in live["metadata"].get("annotations", {})

    until(has_revision, what="the controller's own annotation")
    exported = "".join(document(read(desk, body)) for body in objects)
    assert set(actions(desk.deploy(exported)).values()) == {"configured"}
    again = desk.deploy(exported)
    assert {str(each.ref): each.notes for each in again.changes if each.action.value != "unchanged"} == {}


def test_what_generators_leave_empty_is_no_news(desk: Desk) -> None:
    """`creationTimestamp: null` and `status: {}` stand in every generated file and are not worth a word."""
    body = {**workload("Deployment"), "metadata": {"name": "web", "creationTimestamp": None}, "status": {}}
    assert notes(desk.deploy(document(body)).changes, "web") == ""


def test_a_removed_null_key_is_put_back(desk: Desk) -> None:
    """A key without a value is as much mine as one with a value."""
    body = plain("ConfigMap", data={"a": "1", "empty": None})
    desk.deploy(document(body))
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/web"
    desk.write("kubectl-edit", path, {"data": {"empty": None}})
    assert actions(desk.deploy(document(body))) == {"web": "configured"}
    assert read(desk, bodies(document(body))[0])["data"] == {"a": "1", "empty": ""}
