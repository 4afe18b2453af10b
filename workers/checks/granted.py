"""Ask a cluster what somebody may do there: one question for a whole namespace, and one for each right beside that."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pushboat.errors import PushboatError
from workers.cluster.client.connection import Cluster
from workers.cluster.rights import Right

API = "/apis/authorization.k8s.io/v1"
MOST_QUESTIONS = 30
"""About single rights of one environment: those outside of namespaces, and those of which the whole answer leaves out
something. What is not asked for is said to be unknown."""
ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Of the rights that were asked for: those that are missing, and those of which nobody could say, with why."""

    missing: frozenset[Right] = frozenset()
    unsure: frozenset[Right] = frozenset()
    why: str = ""


def ask(cluster: Cluster, wanted: Collection[Right]) -> Granted:
    """Ask which of these rights the account has that this connection speaks as; nothing is tried out."""
    open_, unsure, why = set[Right](), set[Right](), ""
    missing = set[Right]()
    for space in sorted({each.namespace for each in wanted if each.namespace}):
        here = {each for each in wanted if each.namespace == space}
        try:
            rules, whole = _rules(cluster, space)
        except PushboatError as refused:
            unsure, why = unsure | here, why or refused.summary
            continue
        left = {each for each in here if not any(_grants(rule, each) for rule in rules)}
        # A second authorizer, a webhook perhaps, may grant what it cannot list.
        missing, open_ = (missing | left, open_) if whole else (missing, open_ | left)
    open_ |= {each for each in wanted if not each.namespace}
    for number, each in enumerate(sorted(open_)):
        if number >= MOST_QUESTIONS:
            unsure.add(each)
            why = why or f"no more than {MOST_QUESTIONS} questions are asked of one environment"
            continue
        try:
            if not may(cluster, each):
                missing.add(each)
        except PushboatError as refused:
            unsure, why = unsure | {each}, why or refused.summary
    return Granted(missing=frozenset(missing), unsure=frozenset(unsure), why=why)


def may(cluster: Cluster, right: Right) -> bool:
    """Ask for one right.

    Raises:
        PushboatError: the question was refused, or nobody answers.
    """
    resource, _, part = right.resource.partition("/")
    attributes = {
        "verb": right.verb,
        "resource": resource,
        "subresource": part,
        "group": right.group,
        "namespace": right.namespace,
        "name": right.name,
    }
    asked = {"resourceAttributes": {key: value for key, value in attributes.items() if value}}
    return _review(cluster, "SelfSubjectAccessReview", asked).get("allowed") is True


def _rules(cluster: Cluster, namespace: str) -> tuple[list[Mapping[str, Any]], bool]:
    """Read all rules that hold in a namespace, and whether these are all of them."""
    status = _review(cluster, "SelfSubjectRulesReview", {"namespace": namespace})
    return status.get("resourceRules") or [], not status.get("incomplete", False)


def _review(cluster: Cluster, kind: str, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": kind, "spec": spec}
    status = cluster.request("POST", f"{API}/{kind.lower()}s", body=body).data.get("status")
    return status if isinstance(status, dict) else {}


def _grants(rule: Mapping[str, Any], right: Right) -> bool:
    names = rule.get("resourceNames") or ()
    _, _, part = right.resource.partition("/")
    resources = {right.resource, ANY, *([f"*/{part}"] if part else [])}
    return (
        _has(rule.get("verbs"), {right.verb, ANY})
        and _has(rule.get("apiGroups"), {right.group, ANY})
        and _has(rule.get("resources"), resources)
        and (not names or right.name in names)
    )


def _has(listed: Iterable[str] | None, wanted: set[str]) -> bool:
    return not wanted.isdisjoint(listed or ())
