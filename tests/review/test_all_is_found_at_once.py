"""Without a cluster, all that is wrong with an environment's manifests is found in one look, with a place each."""

import pytest

from pushboat.config.environment import Environment
from pushboat.config.images import DENY, ImageRules
from workers.manifests.reading import read_manifests
from workers.review.lifecycles import lifecycle_of, number
from workers.review.minors import bundled, minor
from workers.review.offline import Offline
from workers.review.reviewing import Reviewed, Subject, review
from workers.review.rules import RULES

OUTSIDE = ("CustomResourceDefinition", "DeviceClass", "ServiceCIDR")
ENVIRONMENT = Environment(
    name="staging", cluster="", namespaces=("shop",), namespace="shop", path="deploy", cluster_scoped=OUTSIDE
)
WRONG = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: other}
spec:
  replcas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: x, ports: [{containerPort: "80"}]}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: twice, annotations: {argocd.argoproj.io/sync-wave: soon}}
data: {DEBUG: true}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: twice}
---
apiVersion: batch/v1beta1
kind: CronJob
metadata: {name: nightly}
"""
BOATS = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.sea.example}
spec:
  group: sea.example
  scope: Namespaced
  names: {kind: Boat, plural: boats}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {sails: {type: integer}}}}}}
"""


def reviewed(text: str, version: str = "1.36") -> Reviewed:
    manifests = read_manifests(text, "deploy/a.yaml")
    return review(Subject(manifests=manifests, environment=ENVIRONMENT, known=Offline(minor(version), manifests)))


def told(text: str, version: str = "1.36") -> list[str]:
    return [f"{each.rule} {each}" for each in reviewed(text, version).findings]


def one(api_version: str, kind: str, rest: str = "") -> str:
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: a}}\n{rest}"


def test_every_sort_of_mistake_is_told_in_the_order_of_its_place() -> None:
    """I read all of it once, from top to bottom, and mend all of it in one commit."""
    found = told(WRONG)
    assert [each.split()[:2] for each in found] == [
        ["not-allowed", "deploy/a.yaml:3:34:"],
        ["unknown-field", "deploy/a.yaml:5:3:"],
        ["wrong-type", "deploy/a.yaml:9:71:"],
        ["annotation", "deploy/a.yaml:13:39:"],
        ["wrong-type", "deploy/a.yaml:14:15:"],
        ["object", "deploy/a.yaml:18:18:"],
        ["removed-api", "deploy/a.yaml:20:13:"],
    ]
    assert found[1].endswith("unknown field spec.replcas: did you mean replicas?")
    assert found[4].endswith('data.DEBUG must be text, this is true or false: quote it ("true")')
    assert "which is gone since Kubernetes 1.25: write apiVersion: batch/v1" in found[6]
    assert {each.partition(" ")[0] for each in found} <= RULES.keys()


def test_a_tag_is_found_where_the_operator_wants_digests() -> None:
    """I write `nginx`, and read before I push that this is whatever it is tomorrow."""
    manifests = read_manifests(WRONG, "deploy/a.yaml")
    rules = ImageRules(look=True, mutable_tags=DENY)
    subject = Subject(
        manifests=manifests, environment=ENVIRONMENT, known=Offline(minor("1.36"), manifests), image_rules=rules
    )
    (found,) = (each for each in review(subject).findings if each.rule == "mutable-tag")
    assert str(found).startswith("deploy/a.yaml:9:44: image x names a tag")
    assert found.rule in RULES


def test_a_kind_of_the_same_push_is_judged_by_its_definition() -> None:
    """My CRD and its objects come together; a version that it does not serve, or a slip in the kind, is a mistake."""
    assert told(f"{BOATS}---\n{one('sea.example/v1', 'Boat', 'spec: {sails: 2}')}") == []
    (wrong,) = told(f"{BOATS}---\n{one('sea.example/v1', 'Boat', 'spec: {sail: 2}')}")
    assert wrong == "unknown-field deploy/a.yaml:17:8: Boat/a: unknown field spec.sail: did you mean sails?"
    (old,) = told(f"{BOATS}---\n{one('sea.example/v1beta1', 'Boat')}")
    assert old.endswith("does not serve Boat (sea.example/v1beta1): write apiVersion: sea.example/v1")
    (slip,) = told(f"{BOATS}---\n{one('sea.example/v1', 'Boats')}")
    assert slip.endswith("does not know Boats (sea.example/v1): did you mean Boat?")


def test_a_kind_that_nobody_here_knows_is_taken_and_said() -> None:
    """A custom kind whose CRD is elsewhere is no mistake of mine; that nobody looked at it is not hidden."""
    found = reviewed(one("lake.example/v1", "Raft", "spec: {x: 1}"))
    assert found.findings == ()
    assert found.notes == ("schema of Raft not checked: its definition is not known here",)


@pytest.mark.parametrize(
    ("version", "api_version", "kind", "said"),
    [
        ("1.33", "resource.k8s.io/v1beta1", "DeviceClass", "optional-api"),
        ("1.35", "networking.k8s.io/v1beta1", "ServiceCIDR", "gone with 1.37: write networking.k8s.io/v1"),
        ("1.37", "networking.k8s.io/v1beta1", "ServiceCIDR", "does not serve ServiceCIDR"),
        ("1.32", "networking.k8s.io/v1", "ServiceCIDR", "write apiVersion: networking.k8s.io/v1beta1"),
        ("1.33", "resource.k8s.io/v1", "DeviceClass", "write apiVersion: resource.k8s.io/v1beta2"),
        ("1.32", "scheduling.k8s.io/v1beta1", "Workload", "it came with Kubernetes 1.37: remove it, or turn it on"),
        ("1.36", "policy/v1beta1", "PodSecurityPolicy", "label the namespace with pod-security.kubernetes.io/enforce"),
        ("1.36", "apps/v1", "Deploymnet", "did you mean Deployment?"),
        ("1.36", "extensions/v1beta1", "Scale", "gone since Kubernetes 1.16"),
    ],
)
def test_what_a_version_of_kubernetes_serves_is_known(version: str, api_version: str, kind: str, said: str) -> None:
    """I name the version that my cluster has, or will have after its upgrade, and read what to write for it."""
    (found,) = told(one(api_version, kind), version)
    assert said in found


def test_a_warning_refuses_nothing() -> None:
    """What will go in a later version is told, and the commit is fine today."""
    (finding,) = reviewed(one("networking.k8s.io/v1beta1", "ServiceCIDR", "spec: {cidrs: [10.0.0.0/8]}")).findings
    assert (finding.weight, finding.rule) == ("warning", "deprecated-api")


@pytest.mark.parametrize("version", bundled())
def test_what_a_table_says_is_gone_is_not_served(version: str) -> None:
    """The table of endings and the schemas come from different places: where both speak of a version, they agree."""
    for kind in minor(version).kinds:
        life = lifecycle_of(kind)
        assert not life.removed or number(life.removed) > number(version), kind
        assert not life.introduced or number(life.introduced) <= number(version), kind


def test_what_goes_from_one_version_to_the_next_was_announced() -> None:
    """Nothing but an alpha disappears without the table saying when."""
    for before, after in zip(bundled(), bundled()[1:], strict=False):
        for kind in minor(before).kinds.keys() - minor(after).kinds.keys():
            assert "alpha" in kind[1] or lifecycle_of(kind).removed == after, kind
