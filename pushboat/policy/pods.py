"""Where the pods are in objects of Kubernetes itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.model.manifest import Manifest, Path
from pushboat.model.wording import printable
from pushboat.policy.words import Body, Container, Pod, mapping, mappings

_DEEPEST = 12
_TEMPLATE = ("spec", "template")
HOLDERS: dict[tuple[str, str], Path] = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): _TEMPLATE,
    ("apps", "DaemonSet"): _TEMPLATE,
    ("apps", "Deployment"): _TEMPLATE,
    ("apps", "ReplicaSet"): _TEMPLATE,
    ("apps", "StatefulSet"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("batch", "Job"): _TEMPLATE,
}
"""By group and kind, where its pod or its pods' template stands."""
_LISTS = (("initContainers", True), ("containers", False), ("ephemeralContainers", True))


def pod_in(manifest: Manifest) -> Pod | None:
    """Find the pod of an object; None where its kind has none, or it is written as none."""
    path = HOLDERS.get((manifest.ref.group, manifest.ref.kind))
    if path is None:
        return None
    template = mapping(manifest.body)
    for step in path:
        template = mapping(template.get(str(step)))
    spec, metadata = mapping(template.get("spec")), mapping(template.get("metadata"))
    if not spec:
        return None
    return Pod(
        kind=manifest.ref.kind,
        path=path,
        annotations=mapping(metadata.get("annotations")),
        labels=mapping(metadata.get("labels")),
        spec=spec,
        security=mapping(spec.get("securityContext")),
        containers=tuple(_containers((*path, "spec"), spec)),
    )


def has_unknown_pods(manifest: Manifest) -> bool:
    """Say whether a custom kind has what looks like a pod's template, where no rule of ours looks."""
    return _has_containers(manifest.body, _DEEPEST)


def _containers(path: Path, spec: Body) -> Iterator[Container]:
    for field, starts_first in _LISTS:
        for number, body in mappings(spec.get(field)):
            yield Container(
                path=(*path, field, number),
                name=printable(str(body.get("name", number)), 63),
                body=body,
                security=mapping(body.get("securityContext")),
                starts_first=starts_first,
            )


def _has_containers(value: Any, deep: int) -> bool:
    if not deep:
        return False
    if isinstance(value, Mapping):
        if any("image" in each for _, each in mappings(value.get("containers"))):
            return True
        return any(_has_containers(each, deep - 1) for each in value.values())
    return isinstance(value, list) and any(_has_containers(each, deep - 1) for each in value)
