"""What every pod should say of itself, so that its node, its Service and whoever reads it know what to expect."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from pushboat.policy.words import HYGIENE, OFF, WARN, Container, Hit, Pod, Rule, at, mapping, mappings
from pushboat.quantities import is_quantity, quantity

_STAYS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")
_TAGGED = re.compile(r"[^@]*:(?P<tag>[^/:@]+)")
_PORT_NAME = re.compile(r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?")
LOWEST_ID = 10_000
"""Below are the users of the node itself."""


def lasting(pod: Pod) -> Iterator[Container]:
    """Give the containers that run as long as the pod does, sidecars among them."""
    for each in pod.containers:
        if not each.starts_first or each.body.get("restartPolicy") == "Always":
            yield each


def missing(pod: Pod, kind: str, name: str) -> Iterator[Hit]:
    """Find containers without a request or a limit; a limit is a request too, and a pod may say it for all."""
    ways = ("requests", "limits") if kind == "requests" else (kind,)
    if any(at(pod.spec, "resources", way, name) is not None for way in ways):
        return
    for each in lasting(pod):
        if all(at(each.body, "resources", way, name) is None for way in ways):
            path = (*each.path, "resources", kind, name)
            yield Hit(path=path, what=f"container {each.name} has no {name} {kind.removesuffix('s')}")


def uneven(pod: Pod, name: str) -> Iterator[Hit]:
    """Find containers that may take more than they ask for."""
    for each in lasting(pod):
        asked, most = (at(each.body, "resources", way, name) for way in ("requests", "limits"))
        if asked is not None and _amount(asked) != _amount(most):
            path = (*each.path, "resources", "requests", name)
            yield Hit(path=path, what=f"container {each.name} may take more {name} than it asks for")


def _amount(written: Any) -> Any:
    return quantity(str(written)) if is_quantity(str(written)) else written


def without_probe(pod: Pod, probe: str) -> Iterator[Hit]:
    """Find containers that listen and have no probe, where a Service may be in front of them."""
    for each in lasting(pod) if pod.kind in _STAYS else ():
        if each.body.get("ports") and not each.body.get(probe):
            yield Hit(path=(*each.path, probe), what=f"container {each.name} has ports and no {probe}")


def same_probes(pod: Pod) -> Iterator[Hit]:
    """Find containers that are killed for what should only keep requests from them."""
    for each in lasting(pod):
        alive = each.body.get("livenessProbe")
        if alive and alive == each.body.get("readinessProbe"):
            path = (*each.path, "livenessProbe")
            yield Hit(path=path, what=f"container {each.name} is restarted for what makes it not ready", by_name=True)


def untagged(pod: Pod) -> Iterator[Hit]:
    """Find images that are another one tomorrow."""
    for each in pod.containers:
        image = each.body.get("image")
        if isinstance(image, str) and image and "@" not in image:
            found = _TAGGED.fullmatch(image)
            if found is None or found["tag"] == "latest":
                said = "has the tag latest" if found else "has no tag"
                yield Hit(path=(*each.path, "image"), what=f"the image of container {each.name} {said}")


def kept_images(pod: Pod) -> Iterator[Hit]:
    """Find images that a node may have kept, whoever may pull them."""
    for each in pod.containers:
        if each.body.get("imagePullPolicy") != "Always":
            path = (*each.path, "imagePullPolicy")
            yield Hit(path=path, what=f"container {each.name} runs what its node has kept, without asking the registry")


def default_account(pod: Pod) -> Iterator[Hit]:
    """Find pods that are whoever has no account of its own."""
    name = pod.spec.get("serviceAccountName") or pod.spec.get("serviceAccount") or "default"
    if name == "default" and pod.spec.get("automountServiceAccountToken") is not False:
        path = (*pod.spec_path, "serviceAccountName")
        yield Hit(path=path, what="its pods have the token of the namespace's default account")


def mounted_token(pod: Pod) -> Iterator[Hit]:
    """Find pods that are given a token for the API server."""
    if pod.spec.get("automountServiceAccountToken") is not False:
        path = (*pod.spec_path, "automountServiceAccountToken")
        yield Hit(path=path, what="its pods are given a token for the API server")


def writable_root(pod: Pod) -> Iterator[Hit]:
    """Find containers whose own files can be changed."""
    for each in pod.containers:
        if each.security.get("readOnlyRootFilesystem") is not True:
            path = (*each.security_path, "readOnlyRootFilesystem")
            yield Hit(path=path, what=f"what runs in container {each.name} can change its own files")


def low_ids(pod: Pod) -> Iterator[Hit]:
    """Find containers that run as a user or group that the node may have too."""
    for each in pod.containers:
        for field, what in (("runAsUser", "user"), ("runAsGroup", "group")):
            number = each.security.get(field, pod.security.get(field))
            if not isinstance(number, int) or number < LOWEST_ID:
                path = (*each.security_path, field)
                yield Hit(path=path, what=f"container {each.name} runs as a {what} that its node may have too")


def host_aliases(pod: Pod) -> Iterator[Hit]:
    """Find pods with names of their own making."""
    if pod.spec.get("hostAliases"):
        yield Hit(path=(*pod.spec_path, "hostAliases"), what="its pods know hosts that no DNS does", by_name=True)


def port_names(pod: Pod) -> Iterator[Hit]:
    """Find names of ports that no Service can use."""
    known: set[str] = set()
    for each in pod.containers:
        for number, port in mappings(each.body.get("ports")):
            name = port.get("name")
            if isinstance(name, str) and (name in known or not _PORT_NAME.fullmatch(name)):
                said = "is there twice" if name in known else "is no name of a port"
                path = (*each.path, "ports", number, "name")
                yield Hit(path=path, what=f"a port's name of container {each.name} {said}")
            known |= {name} if isinstance(name, str) else set()


def restarting(pod: Pod) -> Iterator[Hit]:
    """Find Jobs that can never be done."""
    if pod.kind in ("Job", "CronJob") and pod.spec.get("restartPolicy", "Always") == "Always":
        yield Hit(path=(*pod.spec_path, "restartPolicy"), what="its pods are restarted for ever")


def replicas_share(pod: Pod) -> Iterator[Hit]:
    """Find pods that may all land on one node."""
    if pod.kind in ("Deployment", "StatefulSet") and not pod.spec.get("topologySpreadConstraints"):
        affinity = mapping(at(pod.spec, "affinity", "podAntiAffinity"))
        if not any(affinity.values()):
            path = (*pod.spec_path, "topologySpreadConstraints")
            yield Hit(path=path, what="nothing keeps its pods from all being on one node")


_LIMITS = "A container without one takes what its neighbours need, until the node kills one of them"
_REQUESTS = "The scheduler counts requests: what asks for nothing is put where there is nothing, and is killed first"
_EVEN = "What is above its request is taken away when the node is full"
_PROBES = "Without one a pod counts as ready before it can answer, and a rollout as done"
ROWS = (
    ("cpu-request", WARN, partial(missing, kind="requests", name="cpu"), _REQUESTS, "write resources.requests.cpu"),
    (
        "memory-request", WARN, partial(missing, kind="requests", name="memory"), _REQUESTS,
        "write resources.requests.memory",
    ),
    ("memory-limit", WARN, partial(missing, kind="limits", name="memory"), _LIMITS, "write resources.limits.memory"),
    ("cpu-limit", OFF, partial(missing, kind="limits", name="cpu"), _LIMITS, "write resources.limits.cpu"),
    (
        "storage-request", OFF, partial(missing, kind="requests", name="ephemeral-storage"), _REQUESTS,
        "write resources.requests.ephemeral-storage",
    ),
    (
        "storage-limit", OFF, partial(missing, kind="limits", name="ephemeral-storage"), _LIMITS,
        "write resources.limits.ephemeral-storage",
    ),
    ("cpu-even", OFF, partial(uneven, name="cpu"), _EVEN, "write the same under requests and limits"),
    ("memory-even", OFF, partial(uneven, name="memory"), _EVEN, "write the same under requests and limits"),
    (
        "storage-even", OFF, partial(uneven, name="ephemeral-storage"), _EVEN,
        "write the same under requests and limits",
    ),
    (
        "readiness-probe", WARN, partial(without_probe, probe="readinessProbe"), _PROBES,
        "write a readinessProbe that asks what requests need",
    ),
    (
        "liveness-probe", OFF, partial(without_probe, probe="livenessProbe"),
        "What hangs without exiting is never restarted", "write a livenessProbe that asks the process alone",
    ),
    (
        "same-probes", OFF, same_probes, "A database that is away for a minute would restart everything that asks it",
        "let the livenessProbe ask the process alone, or leave it out",
    ),
    (
        "latest-tag", WARN, untagged,
        "It is whatever was pushed last when a node pulls it: two pods differ, and a rollback brings nothing back",
        "write a version, or a digest",
    ),
    (
        "pull-policy", OFF, kept_images, "What a node has kept runs there without the right to pull it",
        "write imagePullPolicy: Always",
    ),
    (
        "default-service-account", OFF, default_account, "Whatever that account is ever given, every such pod has",
        "name a serviceAccountName, or write automountServiceAccountToken: false",
    ),
    (
        "service-account-token", OFF, mounted_token, "Who breaks into a pod speaks to the API server as its account",
        "write automountServiceAccountToken: false where nothing asks the API server",
    ),
    (
        "read-only-root", OFF, writable_root, "Who breaks in can leave nothing behind where nothing can be written",
        "write securityContext.readOnlyRootFilesystem: true, and an emptyDir for what has to be written",
    ),
    (
        "low-user-id", OFF, low_ids, "Out of the container, the same number is somebody on the node",
        f"write runAsUser and runAsGroup of {LOWEST_ID} or more",
    ),
    (
        "host-aliases", OFF, host_aliases, "A line in /etc/hosts hides who is asked, from people and from policies",
        "use a Service without a selector",
    ),
    (
        "port-names", WARN, port_names, "The API server refuses such names, and a name that is there twice means one",
        "write at most 15 lower-case letters, digits and single dashes, once in a pod",
    ),
    (
        "job-restarts", WARN, restarting, "The API server takes no Job whose pods are always restarted",
        "write restartPolicy: Never, or OnFailure",
    ),
    (
        "spread-over-nodes", OFF, replicas_share, "A node that goes takes all of them along",
        "write topologySpreadConstraints",
    ),
)  # fmt: skip
RULES = tuple(
    Rule(name=name, verdict=verdict, groups=(HYGIENE,), pods=look, reason=reason, fix=fix)
    for name, verdict, look, reason, fix in ROWS
)
