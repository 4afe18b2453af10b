"""How objects get into the cluster: applied by the server, in the order of their kinds, several at once."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.cluster.definitions import PATH, definition
from tests.cluster.desk import Desk, actions, config_map, deployment, document
from tests.cluster.makers import MAKERS, bodies
from tests.lines import Meeting, audited, put
from workers.cluster.client.connection import Cluster
from workers.cluster.fieldsets import entries_of
from workers.cluster.objects import LAST_APPLIED

WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
LARGE = "x" * 400_000
"""More than the 262,144 bytes that an annotation may have."""


@pytest.mark.proves("apply-verb", "field-manager", "pain-10")
def test_every_object_is_applied_by_the_server_under_our_name(desk: Desk) -> None:
    """Small or large, new or changed: one PATCH as pushboat, without force, and no copy of it in an annotation."""
    cluster, audit = audited(desk.cluster)
    for number in "12":
        replace(desk, cluster=cluster).deploy(config_map("large", text=LARGE + number) + deployment(replicas=0))
    writes = [
        (asked, url)
        for asked, url in zip(audit.asked, audit.urls, strict=True)
        if asked in audit.writes and desk.parent.name not in asked
    ]
    assert [asked.partition(" ")[0] for asked, _ in writes] == ["PATCH"] * 3, writes
    assert all("fieldManager=pushboat" in url and "force=true" not in url for _, url in writes), writes
    live = desk.get("configmaps", "large")
    assert live is not None
    assert [(entry["manager"], entry["operation"]) for entry in entries_of(live)] == [("pushboat", "Apply")]
    assert LAST_APPLIED not in live["metadata"]["annotations"]


@pytest.mark.proves("field-manager")
@pytest.mark.parametrize("maker", ["kubectl, client-side", "helm 4"])
def test_what_was_taken_over_is_applied_under_our_name_alone(desk: Desk, maker: str) -> None:
    """Whoever made my object: afterwards its books have one entry, ours."""
    word, make = MAKERS[maker]
    text = config_map("settings", colour="red")
    make(desk, bodies(text)[0])
    desk.allowing(adopt=(word,)).deploy(text)
    live = desk.get("configmaps", "settings")
    assert live is not None
    assert [(entry["manager"], entry["operation"]) for entry in entries_of(live)] == [("pushboat", "Apply")]


@pytest.fixture
def able(desk: Desk, door: Cluster) -> Iterator[Desk]:
    """An environment that may bring definitions and webhooks, which leave with the test."""
    yield desk.allowing(cluster_scoped=("CustomResourceDefinition", "ValidatingWebhookConfiguration"))
    defined = [f"{PATH}/{plural}.{desk.namespace}.example" for plural in ("boats", "boatclasss")]
    for path in (f"{WEBHOOKS}/{desk.namespace}", *defined):
        if door.find(path):
            door.request("DELETE", path)


def one_of_each_stage(desk: Desk) -> list[str]:
    """Write one object or two of every stage, in their order; the last one would stand in the others' way."""
    group = f"{desk.namespace}.example"
    hook = {
        "name": f"check.{group}",
        "clientConfig": {"service": {"name": "web", "namespace": desk.namespace, "path": "/v"}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "failurePolicy": "Fail",
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": desk.namespace}},
        "rules": [
            {  # the selector lets through nobody else's objects but those outside of namespaces, as Services need some
                "apiGroups": ["*"],
                "apiVersions": ["*"],
                "operations": ["CREATE"],
                "resources": ["*"],
                "scope": "Namespaced",
            }
        ],
    }
    webhook = written("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", desk.namespace)
    return [
        document(definition(group)) + document(definition(group, "BoatClass")),
        document(written("v1", "ServiceAccount", "web"))
        + config_map("web")
        + document(written(f"{group}/v1", "BoatClass", "web")),
        document({**written("v1", "Service", "web"), "spec": {"ports": [{"port": 80}]}}),
        deployment(replicas=0) + document(written(f"{group}/v1", "Boat", "web")),
        document({**webhook, "webhooks": [hook]}),
    ]


def written(api_version: str, kind: str, name: str) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}}


@pytest.mark.proves("order-of-kinds", "webhooks-last", "definitions-first")
def test_kinds_go_in_their_order_however_the_files_are_sorted(able: Desk) -> None:
    """My files have it the wrong way round, and a webhook that refuses everything comes with what answers it: green."""
    cluster, audit = audited(able.cluster)
    stages = one_of_each_stage(able)
    changes = replace(able, cluster=cluster).deploy("".join(reversed(stages)))
    assert set(actions(changes).values()) == {"created"}
    plurals = [each.split("/")[-2] for each in audit.writes if able.parent.name not in each]
    assert set(plurals[:2]) == {"customresourcedefinitions"}
    assert set(plurals[2:5]) == {"serviceaccounts", "configmaps", "boatclasss"}
    assert plurals[5] == "services"
    assert set(plurals[6:8]) == {"deployments", "boats"}
    assert plurals[8:] == ["validatingwebhookconfigurations"]


@pytest.mark.proves("parallelism", "pain-16")
def test_objects_of_different_kinds_are_written_at_the_same_time(desk: Desk) -> None:
    """No object of my push waits for the answer to another one that has nothing to do with it."""
    parties = threading.Barrier(3)
    objects = [document(written("v1", kind, "meets")) for kind in ("ConfigMap", "Secret", "ServiceAccount")]
    meeting = Meeting(desk.cluster.line, "meets", parties)
    changes = replace(desk, cluster=put(desk.cluster, meeting)).deploy("".join(objects))
    assert changes.counts.created == 3
    assert not parties.broken
