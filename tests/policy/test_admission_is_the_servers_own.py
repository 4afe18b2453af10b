"""What is said of a cluster's own policies before the push is what its API server says to the push."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.devcluster.api import Cluster, eventually
from tests.policy.bodies import manifest_of
from workers.review.admission import admitted
from workers.review.words import Weight

Body = dict[str, Any]
VERSION = "admissionregistration.k8s.io/v1"
_IMAGES = "object.spec.template.spec.containers"
_BIG = {"resources": {"limits": {"memory": "2Gi"}}}
_SMALL = {"resources": {"limits": {"memory": "1024Mi"}}}
ROWS: dict[str, tuple[Body, Body, Body]] = {
    "a number": ({"expression": "object.spec.replicas <= 5"}, {"replicas": 9}, {"replicas": 5}),
    "every container": (
        {
            "expression": f"{_IMAGES}.all(c, c.image.startsWith('registry.example/'))",
            "messageExpression": "'from ' + object.metadata.name",
        },
        {"image": "elsewhere.example/a:1"},
        {},
    ),
    "a quantity": (
        {"expression": f"{_IMAGES}.all(c, quantity(c.resources.limits['memory']).compareTo(quantity('1Gi')) <= 0)"},
        _BIG,
        _SMALL,
    ),
    "a pattern": ({"expression": f"{_IMAGES}[0].image.matches('^[a-z.]+/[a-z]+:[0-9.]+$')"}, {"image": "A/b:1"}, {}),
    "an optional value": (
        {"expression": "object.metadata.?labels['team'].orValue('') == 'shop'"},
        {"labels": {"team": "other"}},
        {"labels": {"team": "shop"}},
    ),
    "its name and its request": (
        {"expression": "object.metadata.name.size() > 3 && request.kind.kind == 'Deployment'"},
        {"name": "abc"},
        {"name": "abcd"},
    ),
    "lists": (
        {"expression": f"{_IMAGES}.map(c, c.name).isSorted() && {_IMAGES}.map(c, 1).sum() <= 2"},
        {"names": ["b", "a"]},
        {"names": ["a", "b"]},
    ),
    "text": (
        {"expression": "object.metadata.name.lowerAscii().split('-').size() < 3 && '%s'.format(['a']) == 'a'"},
        {"name": "a-b-c"},
        {"name": "a-b"},
    ),
    "what is there": (
        {"expression": "has(object.spec.replicas) && !has(object.spec.paused)"},
        {"paused": True},
        {"replicas": 1},
    ),
    "what was there": (
        {"expression": "oldObject == null && object.spec.replicas == 1"},
        {"replicas": 2},
        {"replicas": 1},
    ),
}
"""What a policy validates, an object that it is against, and one that it takes."""


def deployment(row: int, said: Body) -> Body:
    labels = {"row": f"row-{row}", **said.get("labels", {})}
    container = {"image": said.get("image", "registry.example/web:1"), "resources": said.get("resources", {})}
    containers = [{"name": name, **container} for name in said.get("names", ["app"])]
    spec = {key: said[key] for key in ("replicas", "paused") if key in said}
    template = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": containers}}
    spec |= {"selector": {"matchLabels": {"app": "a"}}, "template": template}
    metadata = {"name": said.get("name", "web"), "labels": labels}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def policies(namespace: str) -> Iterator[tuple[Body, Body]]:
    """Write a policy for each row, bound to the row's objects in one namespace."""
    rules = [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"]}]
    for row, (validation, _, _) in enumerate(ROWS.values()):
        name = f"{namespace}-{row}"
        spec = {"matchConstraints": {"resourceRules": rules}, "validations": [validation]}
        policy = {"apiVersion": VERSION, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name}, "spec": spec}
        matches = {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "objectSelector": {"matchLabels": {"row": f"row-{row}"}},
        }
        bound = {"policyName": name, "validationActions": ["Deny"], "matchResources": matches}
        kind = "ValidatingAdmissionPolicyBinding"
        yield policy, {"apiVersion": VERSION, "kind": kind, "metadata": {"name": name}, "spec": bound}


@pytest.fixture
def governed(kubeconfig: Path) -> Iterator[Cluster]:
    """A namespace in which all of these policies are in force."""
    cluster = Cluster(kubeconfig, f"governed-{uuid.uuid4().hex[:8]}")
    cluster.create("/api/v1/namespaces", {"metadata": {"name": cluster.namespace}})
    made = [each for both in policies(cluster.namespace) for each in both]
    for each in made:
        cluster.create(_path(each), each)
    yield cluster
    for each in made:
        cluster.ask("DELETE", f"{_path(each)}/{each['metadata']['name']}")
    cluster.ask("DELETE", f"/api/v1/namespaces/{cluster.namespace}")


@pytest.mark.cluster
@pytest.mark.proof
@pytest.mark.timeout(600)
def test_offline_and_server_say_the_same_of_each_policy(governed: Cluster) -> None:
    """What `pushboat check` calls refused is refused, in the same words, and what it passes is taken."""
    given = [manifest_of(each) for both in policies(governed.namespace) for each in both]
    for row, (name, (_, wrong, right)) in enumerate(ROWS.items()):
        bad, good = deployment(row, wrong), deployment(row, right)
        refusal = eventually(lambda body=bad: refused(governed, body), f"the policy about {name} is in force")
        (mine,) = admitted([manifest_of(bad, namespace=governed.namespace)], given)
        words = mine.sentence.partition("refuses it: ")[2].removesuffix(" (admission-policy)")
        assert (mine.weight, bool(words)) == (Weight.ERROR, True), name
        assert words in refusal, name
        assert refused(governed, good) == "", name
        assert list(admitted([manifest_of(good, namespace=governed.namespace)], given)) == [], name


def refused(cluster: Cluster, body: Body) -> str:
    """Ask the server to create it, and only say so: its refusal, or nothing."""
    status, text = cluster.ask("POST", f"/apis/apps/v1/namespaces/{cluster.namespace}/deployments?dryRun=All", body)
    return "" if status == 201 else str(json.loads(text)["message"])


def _path(body: Body) -> str:
    plural = "ies" if body["kind"].endswith("Policy") else "s"
    return f"/apis/{VERSION}/{body['kind'].lower().removesuffix('y')}{plural}"
