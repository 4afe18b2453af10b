"""Every answer that is no success has somebody who must act: the commit's author, the operator, or nobody but time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from tests.cluster.answering import Server, serving, write_kubeconfig
from tests.cluster.desk import Desk, document
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.client.refusals import translate

COMMIT, OPERATOR, WORLD = ApplyRejected, ClusterRefused, ClusterUnavailable
IN_SHOP = 'in API group "" in the namespace "shop"'
SA = "system:serviceaccount:shop:deployer"
DENIED = 'admission webhook "policy.example.com" denied the request: no latest tags'
NO_ANSWER = 'Internal error occurred: failed calling webhook "policy.example.com": context deadline exceeded'
TYPED = "failed to create typed patch object (s/web; apps/v1, Kind=D): "
HTML = b"<html><head><title>Sign in</title></head><body>Welcome</body></html>"


@pytest.mark.proves("retries")
@pytest.mark.parametrize(
    ("verb", "code", "message", "who", "words"),
    [
        # what the commit asks for
        ("PATCH", 400, 'strict decoding error: unknown field "spec.a"', COMMIT, "unknown field spec.a"),
        ("PATCH", 500, TYPED + ".spec.replica: field not declared in schema", COMMIT, "unknown field spec.replica"),
        ("PATCH", 500, TYPED + ".spec.replicas: expected numeric, got string", COMMIT, "expected numeric"),
        ("PATCH", 403, 'pods "a" is forbidden: exceeded quota: q', COMMIT, "exceeded quota"),
        ("PATCH", 403, 'pods "a" is forbidden: violates PodSecurity "restricted:latest"', COMMIT, "PodSecurity"),
        ("PATCH", 403, DENIED, COMMIT, "no latest tags"),
        ("PATCH", 400, DENIED, COMMIT, "no latest tags"),
        ("PATCH", 500, DENIED, COMMIT, "no latest tags"),
        ("PATCH", 422, "Job.batch j is invalid: spec.template: field is immutable", COMMIT, "immutable"),
        ("PATCH", 413, "Request entity too large: limit is 3145728", COMMIT, "too large"),
        ("PATCH", 500, "etcdserver: request is too large", COMMIT, "too large"),
        ("PATCH", 500, "rpc error: trying to send message larger than max (3 vs. 2)", COMMIT, "larger than"),
        # how the cluster is set up
        ("GET", 403, f'secrets is forbidden: User "{SA}" cannot get resource "secrets" {IN_SHOP}', OPERATOR,
         f"{SA} may not get secrets in namespace shop: the administrator"),
        ("GET", 403, f'User "pushboat" cannot impersonate resource "serviceaccounts" {IN_SHOP}', OPERATOR,
         "pushboat may not impersonate"),
        ("GET", 403, 'forbidden: User "pushboat" cannot get path "/apis"', OPERATOR, "pushboat may not get /apis"),
        ("PATCH", 302, "", OPERATOR, "302"),
        ("PATCH", 405, "the server does not allow this method on the requested resource", OPERATOR, "does not allow"),
        ("PATCH", 406, "only the following media types are accepted: application/json", OPERATOR, "media types"),
        ("PATCH", 407, "", OPERATOR, "proxy"),
        ("PATCH", 415, "the body of the request was in an unknown format", OPERATOR, "unknown format"),
        ("GET", 400, "the server rejected our request for an unknown reason", OPERATOR, "unknown reason"),
        # what time heals
        ("GET", 401, "Unauthorized", WORLD, "its operator must renew the kubeconfig or token"),
        ("PATCH", 403, "unable to create new content in namespace shop because it is being terminated", WORLD,
         "being terminated"),
        ("PATCH", 404, "the server could not find the requested resource", WORLD, "could not find"),
        ("PATCH", 404, 'namespaces "shop" not found', WORLD, "the operator must create it or set create_namespaces"),
        ("POST", 404, 'namespaces "shop" not found', WORLD, "is looked for again"),
        ("PATCH", 408, "", WORLD, "408"),
        ("PATCH", 409, 'object is being deleted: configmaps "a" already exists', WORLD, "being deleted"),
        ("PATCH", 409, "the object has been modified; please try again", WORLD, "modified"),
        ("GET", 410, "The provided continue parameter is too old", WORLD, "too old"),
        ("PATCH", 412, "Precondition failed", WORLD, "Precondition"),
        ("PATCH", 429, "Too many requests", WORLD, "Too many"),
        ("PATCH", 500, NO_ANSWER, WORLD, "policy.example.com"),
        ("PATCH", 500, "conversion webhook for example.com/v1, Kind=A failed: Post: EOF", WORLD, "conversion webhook"),
        ("PATCH", 503, "apiserver is shutting down", WORLD, "cluster dev: apiserver is shutting down"),
        ("PATCH", 504, "Timeout: request did not complete within the allotted timeout", WORLD, "did not complete"),
    ],
)  # fmt: skip
def test_an_answer_says_who_must_act(verb: str, code: int, message: str, who: type[Exception], words: str) -> None:
    """The class of an error tells who must act, and its sentence what."""
    body = json.dumps({"kind": "Status", "message": message}).encode()
    found = translate(verb, code, body, "", "dev")
    assert isinstance(found, who)
    assert words in str(found)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (
            "requested: count/configmaps=1, used: count/configmaps=3, limited: count/configmaps=3",
            "exceeded quota: small, 3 of 3 count/configmaps used, 1 more asked for",
        ),
        (
            "requested: limits.cpu=2,pods=1, used: limits.cpu=500m,pods=3, limited: limits.cpu=2,pods=3",
            "exceeded quota: small, 500m of 2 limits.cpu used, 2 more asked for; 3 of 3 pods used, 1 more asked for",
        ),
        (
            "requested: requests.storage=4Gi, used: requests.storage=8Gi, limited: requests.storage=10Gi",
            "exceeded quota: small, 8Gi of 10Gi requests.storage used, 4Gi more asked for",
        ),
    ],
)
def test_a_quota_that_is_used_up_is_counted(of: str, said: str) -> None:
    """Many small objects are too much together: I read which quota, how much of it is used, and what mine would add."""
    message = f'x "a" is forbidden: exceeded quota: small, {of}'
    found = translate("PATCH", 403, json.dumps({"kind": "Status", "message": message}).encode(), "", "dev")
    assert str(found).endswith(said)


@pytest.mark.parametrize("code", [302, 400, 403, 404, 405, 407, 413, 422, 429, 500, 502, 503])
@pytest.mark.parametrize("verb", ["GET", "PATCH", "DELETE"])
def test_a_proxys_page_never_blames_the_commit(verb: str, code: int) -> None:
    """Something between us and the API server answers with a page of its own: my commit is not at fault."""
    found = translate(verb, code, HTML, "", "dev")
    assert isinstance(found, ClusterRefused | ClusterUnavailable)
    assert "no API server" in str(found)
    assert "<html>" not in str(found)


@pytest.fixture
def server() -> Iterator[Server]:
    """A fake API server."""
    with serving() as running:
        yield running


@pytest.fixture
def cluster(server: Server, tmp_path: Path) -> Iterator[Cluster]:
    """A connection to it."""
    path = write_kubeconfig(tmp_path / "kubeconfig", server, {"token": "t"})
    opened = connect(ClusterAccess(name="dev", kubeconfig=path))
    yield opened
    opened.close()


@pytest.mark.parametrize(("code", "page"), [(404, HTML), (200, HTML), (200, b""), (200, b"[]")])
def test_what_a_proxy_says_is_not_taken_for_the_clusters_word(
    server: Server, cluster: Cluster, code: int, page: bytes
) -> None:
    """A login page or a proxy's own "not found" does not make Pushboat believe that my object is not there."""
    server.answers = [(code, {"Content-Type": "text/html"}, page)]
    with pytest.raises(ClusterRefused, match="no API server"):
        cluster.find("/api/v1/namespaces/shop/configmaps/a")


def test_an_object_that_is_not_there_is_not_there(server: Server, cluster: Cluster) -> None:
    """The API server's own "not found" counts, also in plain text, as for a group that it does not serve."""
    answers: list[tuple[int, dict[str, str], Any]] = [
        (404, {}, {"kind": "Status", "reason": "NotFound", "message": 'configmaps "a" not found'}),
        (404, {"Content-Type": "text/plain"}, b"404 page not found\n"),
    ]
    server.answers = [*answers, answers[-1]]
    assert cluster.find("/a") is None
    assert cluster.find("/a") is None


def test_advice_comes_first_and_a_dump_last(server: Server) -> None:
    """What the server prints of my object never hides what I should do, and it is cut with its quotes closed."""
    dump = (
        "core.PodTemplateSpec{ObjectMeta:v1.ObjectMeta{"
        + 'Labels:map[string]string{"controller-uid":"x"}, ' * 60
        + "}}"
    )
    cause = {
        "reason": "FieldValueInvalid",
        "field": "spec.template",
        "message": f"Invalid value: {dump}: field is immutable",
    }
    body = {
        "kind": "Status",
        "code": 422,
        "message": f'Job.batch "migrate" is invalid: {dump}',
        "details": {"causes": [cause]},
    }
    found = translate("PATCH", 422, json.dumps(body).encode(), "", "dev")
    assert str(found) == "spec.template: field is immutable"
    odd = {"kind": "Status", "code": 422, "message": 'says "' + "a" * 3000}
    assert str(translate("PATCH", 422, json.dumps(odd).encode(), "", "dev")).endswith('a…"')


@pytest.mark.proves("immutable-field", "pain-8")
def test_a_job_that_changed_is_told_what_to_do_with_it(desk: Desk) -> None:
    """A Job gets another image: I read what to do, which Job of which file, and not its whole template."""

    def job(image: str) -> str:
        template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": image}]}}
        body = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "migrate"},
            "spec": {"template": template},
        }
        return document(body)

    desk.apply(job("registry.example/a:1"))
    with pytest.raises(ApplyRejected) as refused:
        desk.apply(job("registry.example/a:2"))
    assert refused.value.summary == (
        "give the Job a new name or add `recreate: [Job]` to staging in pushboat.yaml, its spec.template cannot "
        "change — "
        f"deploy/all.yaml:8:5: Job/{desk.namespace}/migrate: spec.template: field is immutable"
    )


@pytest.mark.proves("pain-10")
def test_an_object_that_is_too_large_is_the_commits_to_mend(desk: Desk) -> None:
    """The cluster's store does not take an object of this size: I read so at once, and how large it may be."""
    group = f"{desk.namespace}.example"
    names = {"kind": "Blob", "plural": "blobs", "singular": "blob"}
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    definition: dict[str, Any] = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    definition |= {"metadata": {"name": f"blobs.{group}"}}
    definition |= {"spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [version]}}
    desk = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    desk.apply(document(definition))
    try:
        for size in (1_800_000, 2_200_000, 3_200_000):  # refused by etcd, by the line to it, by the API server itself
            blob = {"apiVersion": f"{group}/v1", "kind": "Blob", "metadata": {"name": "large"}, "text": "x" * size}
            with pytest.raises(ApplyRejected) as refused:
                desk.apply(document(definition) + document(blob))
            assert refused.value.summary.startswith("make it smaller than 1.5 MiB or split it — deploy/all.yaml:")
            assert len(refused.value.summary) < 250
    finally:
        desk.cluster.request("DELETE", f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/blobs.{group}")
