"""Other tools, as the API server sees them: how each makes an object, by its verb, its manager and its marks."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from tests.cluster.desk import Desk
from workers.cluster.client.connection import APPLY
from workers.cluster.objects import LAST_APPLIED

Body = dict[str, Any]
Maker = Callable[[Desk, Body], None]


def bodies(text: str) -> list[Body]:
    """Read a file of objects."""
    return [each for each in yaml.safe_load_all(text) if each]


def create(manager: str, marks: Mapping[str, Mapping[str, str]] | None = None) -> Maker:
    """Make a tool that creates objects (as client-side apply, Helm 3, Argo CD and libraries do)."""

    def made(desk: Desk, body: Body) -> None:
        desk.cluster.request("POST", _collection(desk, body), {"fieldManager": manager}, _marked(body, marks or {}))

    return made


def apply(manager: str, marks: Mapping[str, Mapping[str, str]] | None = None) -> Maker:
    """Make a tool that applies on the server's side (as Helm 4, Flux and newer Argo CDs do)."""

    def made(desk: Desk, body: Body) -> None:
        path = f"{_collection(desk, body)}/{body['metadata']['name']}"
        desk.cluster.request("PATCH", path, {"fieldManager": manager}, _marked(body, marks or {}), APPLY)

    return made


def kubectl(desk: Desk, body: Body) -> None:
    """Create an object as a client-side `kubectl apply` does, with its copy of the file."""
    create("kubectl-client-side-apply", {"annotations": {LAST_APPLIED: json.dumps(body) + "\n"}})(desk, body)


def helm(desk: Desk, body: Body) -> None:
    """Create an object as Helm 3 does, with the release's record beside it."""
    create("helm", {"annotations": RELEASE, "labels": {"app.kubernetes.io/managed-by": "Helm"}})(desk, body)
    name = {"name": f"sh.helm.release.v1.shop.v{desk.cluster.name}-{body['kind']}-{body['metadata']['name']}".lower()}
    record = {"apiVersion": "v1", "kind": "Secret", "metadata": name, "type": "helm.sh/release.v1"}
    create("helm")(desk, record)


RELEASE = {"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "shop"}
TRACKED = {"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/web"}}
KUSTOMIZATION = {
    "labels": {"kustomize.toolkit.fluxcd.io/name": "shop", "kustomize.toolkit.fluxcd.io/namespace": "flux"}
}
MAKERS: dict[str, tuple[str, Maker]] = {
    "kubectl, client-side": ("kubectl", kubectl),
    "kubectl create": ("kubectl", create("kubectl-create")),
    "kubectl, server-side": ("kubectl", apply("kubectl")),
    "helm 3": ("helm", helm),
    "helm 4": ("helm", apply("helm", {"annotations": RELEASE})),
    "argocd, client-side": ("argocd", create("argocd-controller", TRACKED)),
    "argocd, server-side": ("argocd", apply("argocd-controller", TRACKED)),
    "flux": ("flux", apply("kustomize-controller", KUSTOMIZATION)),
    "terraform": ("any", create("HashiCorp")),
    "a script of somebody's": ("any", create("deploy.py")),
}
"""Each with the word in `adopt` that it may be taken over by."""


def _marked(body: Body, marks: Mapping[str, Mapping[str, str]]) -> Body:
    metadata = dict(body["metadata"])
    for place, more in marks.items():
        metadata[place] = {**metadata.get(place, {}), **more}
    return {**body, "metadata": metadata}


def _collection(desk: Desk, body: Body) -> str:
    group, _, version = body["apiVersion"].rpartition("/")
    kind = desk.cluster.kinds.find(group, version, body["kind"])
    assert kind is not None
    return kind.collection(desk.namespace)
