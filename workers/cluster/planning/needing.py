"""What an object needs before the API server takes it, and whether the same plan brings that.

A plan is tried against the cluster of today. What refers to something that only comes with it would be refused there,
and be taken when it is applied in its turn. Most of that is seen beforehand; what stands in a quota's, a policy's or a
webhook's way is known only by the refusal.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pushboat.model.changeset import Action
from pushboat.model.manifest import Ref
from workers.cluster.planning.words import Plan, Step

_RBAC = "rbac.authorization.k8s.io"
_COUNTED = ("Pod", "PersistentVolumeClaim", "Service")
_COUNTING = ("ResourceQuota", "LimitRange")


def brought(plan: Plan, step: Step) -> Ref | None:
    """Find what an object needs and the plan itself makes or changes."""
    changing = {each.manifest.ref for each in plan.steps if each.action is not Action.UNCHANGED}
    return next((ref for ref in _needs(step, changing) if ref in changing), None)


def excused(plan: Plan, step: Step, words: str) -> str:
    """Say why a refusal of today says nothing about the object's turn; empty where it does."""
    for row in _EXCUSES:
        if (found := re.search(row.words, words)) and (why := row.why(_Today(plan, step), found)):
            return why
    return ""


def _needs(step: Step, changing: set[Ref]) -> Iterator[Ref]:
    ref, body = step.manifest.ref, step.body
    if (ref.group, ref.kind) == ("", "Pod"):
        yield from _of_a_pod(_inner(body, "spec"), ref.namespace)
    if ref.group == _RBAC and ref.kind.endswith("Binding"):
        role = _inner(body, "roleRef")
        kind = str(role.get("kind"))
        yield Ref(_RBAC, kind, ref.namespace if kind == "Role" else "", str(role.get("name")))
    if ref.group == "" and ref.kind in _COUNTED:
        yield from (each for each in sorted(changing) if each.kind in _COUNTING and each.namespace == ref.namespace)


def _of_a_pod(spec: Mapping[str, Any], namespace: str) -> Iterator[Ref]:
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    yield Ref("", "ServiceAccount", namespace, str(account))
    yield Ref("scheduling.k8s.io", "PriorityClass", "", str(spec.get("priorityClassName")))
    yield Ref("node.k8s.io", "RuntimeClass", "", str(spec.get("runtimeClassName")))


def _inner(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = body.get(key)
    return found if isinstance(found, Mapping) else {}


@dataclass(frozen=True, slots=True)
class _Today:
    """A plan beside the cluster of today, and the object that is refused in it."""

    plan: Plan
    step: Step

    def touched(self, *kinds: str) -> Iterator[tuple[Ref, tuple[Mapping[str, Any], ...]]]:
        """List what comes, changes or leaves of some kinds, with its content of today and of then."""
        for each in self.plan.steps:
            if each.manifest.ref.kind in kinds and each.action is not Action.UNCHANGED:
                yield each.manifest.ref, tuple(body for body in (each.live, each.body) if body)
        for stale in self.plan.to_prune:
            if stale.ref.kind in kinds:
                yield stale.ref, (stale.live,)

    def changes(self, *kinds: str, name: str = "", namespace: str | None = None) -> Ref | None:
        """Find one of them, by its name where that is known."""
        return next(
            (ref for ref, _ in self.touched(*kinds) if name in ("", ref.name) and namespace in (None, ref.namespace)),
            None,
        )


@dataclass(frozen=True, slots=True)
class _Excuse:
    """The words of a refusal, and what of the plan makes it one of today only."""

    words: str
    why: Callable[[_Today, re.Match[str]], str]


def _said(ref: Ref | None) -> str:
    return f"{ref} changes in the same revision" if ref else ""


def _hook(today: _Today, found: re.Match[str]) -> str:
    """Look for the webhook's own configuration among what changes."""
    for ref, bodies in today.touched(*_HOOKS):
        if any(each.get("name") == found["name"] for body in bodies for each in body.get("webhooks") or ()):
            return _said(ref)
    return ""


def _its_server(today: _Today, found: re.Match[str]) -> str:
    """Look for what answers a webhook: its Service, or a workload beside it."""
    return _said(today.changes("Service", *_SERVING, namespace=found["namespace"]))


def _policy(today: _Today, found: re.Match[str]) -> str:
    return _said(
        today.changes("ValidatingAdmissionPolicy", name=found["policy"])
        or today.changes("ValidatingAdmissionPolicyBinding", name=found["binding"])
    )


def _storage_class(today: _Today, _found: re.Match[str]) -> str:
    name = str(_inner(today.step.body, "spec").get("storageClassName") or "")
    return _said(today.changes("StorageClass", name=name))


_HOOKS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
_SERVING = ("Deployment", "StatefulSet", "DaemonSet")
_EXCUSES = (
    _Excuse(
        r'admission webhook "(?P<name>[^"]+)" does not support dry run',
        lambda _, found: f"webhook {found['name']} has side effects and cannot be asked beforehand",
    ),
    _Excuse(r'admission webhook "(?P<name>[^"]+)" denied the request', _hook),
    _Excuse(r'failed calling webhook "(?P<name>[^"]+)"', _hook),
    _Excuse(r"webhook.*https://[^./]+\.(?P<namespace>[^./]+)\.svc\b", _its_server),
    _Excuse(r'webhook.*service "[^"]+" not found', lambda today, _: _said(today.changes("Service"))),
    _Excuse(r"ValidatingAdmissionPolicy '(?P<policy>[^']+)' with binding '(?P<binding>[^']+)'", _policy),
    _Excuse(
        r"exceeded quota: (?P<name>[^,\s]+)",
        lambda today, found: _said(
            today.changes("ResourceQuota", name=found["name"], namespace=today.step.manifest.ref.namespace)
        ),
    ),
    _Excuse(
        r"(per (Container|Pod|PersistentVolumeClaim) is|must specify|limit ratio)",
        lambda today, _: _said(today.changes("LimitRange", namespace=today.step.manifest.ref.namespace)),
    ),
    _Excuse(
        r"violates PodSecurity",
        lambda today, _: _said(today.changes("Namespace", name=today.step.manifest.ref.namespace)),
    ),
    _Excuse(r"only dynamically provisioned pvc can be resized|must support resize", _storage_class),
)
"""Read from the top; the first that finds its reason in the plan counts."""
