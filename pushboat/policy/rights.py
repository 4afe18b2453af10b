"""What a pod may read and whom a binding lets in, beyond the Pod Security Standards."""

from collections.abc import Iterator

from pushboat.model.manifest import Manifest
from pushboat.policy.words import HYGIENE, OFF, WARN, Hit, Pod, Rule, at, mapping, mappings

_ANYBODY = ("system:anonymous", "system:unauthenticated")


def anonymous(manifest: Manifest) -> Iterator[Hit]:
    """Find bindings that give rights to whoever says no name."""
    if manifest.ref.group == "rbac.authorization.k8s.io" and manifest.ref.kind.endswith("Binding"):
        for number, subject in mappings(manifest.body.get("subjects")):
            if subject.get("name") in _ANYBODY:
                path = ("subjects", number, "name")
                yield Hit(path=path, what="it gives rights to everybody who reaches the API server")


def secrets_in_environments(pod: Pod) -> Iterator[Hit]:
    """Find Secrets that become variables."""
    for each in pod.containers:
        for number, variable in mappings(each.body.get("env")):
            if mapping(at(variable, "valueFrom", "secretKeyRef")):
                path = (*each.path, "env", number, "valueFrom", "secretKeyRef")
                yield Hit(path=path, what=f"container {each.name} has a Secret in its environment")
        for number, source in mappings(each.body.get("envFrom")):
            if mapping(source.get("secretRef")):
                path = (*each.path, "envFrom", number, "secretRef")
                yield Hit(path=path, what=f"container {each.name} has a Secret in its environment")


def shared_users(pod: Pod) -> Iterator[Hit]:
    """Find pods whose users are the node's."""
    if not pod.has_own_users and not pod.is_windows:
        yield Hit(path=(*pod.spec_path, "hostUsers"), what="a user in its pods is the same one on the node")


RULES = (
    Rule(
        name="anonymous-binding",
        verdict=WARN,
        groups=(HYGIENE,),
        objects=anonymous,
        reason="Whoever reaches the API server has these rights, without a name in its log",
        fix="bind an account of its own",
    ),
    Rule(
        name="secret-in-environment",
        verdict=OFF,
        groups=(HYGIENE,),
        pods=secrets_in_environments,
        reason="Variables are in crash reports, in child processes and in what a debug page shows",
        fix="mount the Secret as files",
    ),
    Rule(
        name="shared-users",
        verdict=OFF,
        groups=(HYGIENE,),
        pods=shared_users,
        reason="Who gets out of a container is on the node who it was inside",
        fix="write hostUsers: false",
    ),
)
