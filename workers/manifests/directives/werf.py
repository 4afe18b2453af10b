"""werf's (and Nelm's) annotations: weights, dependencies inside and outside of the push, and what is waited for.

https://werf.io/docs/latest/reference/deploy_annotations.html
"""

import re
from typing import Any

from pushboat.model.wording import printable, quoted
from workers.manifests.directives.helm import DOMAIN as HELM
from workers.manifests.directives.marks import (
    Mark,
    Tool,
    choice,
    no_number,
    of_no_consequence,
    refused,
    said,
    unknown,
    whole,
    words,
)
from workers.manifests.directives.words import (
    NOTHING,
    DeleteWhen,
    Dependency,
    Directives,
    Keep,
    Propagation,
    Recreate,
    slip,
)

DOMAIN = "werf.io"
_OWNERSHIP = f"{DOMAIN}/ownership"
_ALWAYS = frozenset({"install", "upgrade", "rollback"})
"""When an object that is no hook is deployed, where nobody says otherwise."""
_PARTS = ("group", "version", "kind", "namespace", "name")
_POLICIES = ("before-creation", "before-creation-if-immutable", "succeeded", "failed")
_OBJECT = "apiVersion:kind:namespace:name (without the namespace outside of namespaces)"


def _weight(mark: Mark) -> Directives:
    number = whole(mark)
    return no_number(mark) if number is None else Directives(weight=number)


def _selected(mark: Mark) -> Directives:
    found = _selection(mark, ("ready", "present"))
    return Directives(dependencies=(found,)) if isinstance(found, Dependency) else found


def _absent(mark: Mark) -> Directives:
    found = _selection(mark, ("absent",))
    return Directives(leaves_after=(found,)) if isinstance(found, Dependency) else found


def _selection(mark: Mark, states: tuple[str, ...]) -> Dependency | Directives:
    form = f"state={'|'.join(states)}, and one of kind=, name=, namespace=, group=, version= at least"
    found: dict[str, Any] = {}
    for word in words(mark):
        name, _, value = word.partition("=")
        if name not in (*_PARTS, "state") or not value or name in found:
            return slip(mark.key, f"{printable(mark.key, 100)}: {quoted(word)} cannot be read: write {form}")
        found[name] = value
    state = found.pop("state", "")
    if state not in states or not found:
        return slip(mark.key, f"{said(mark)} is incomplete: write {form}")
    return Dependency(key=mark.key, ready=state != "present", **found)


def _inside(mark: Mark) -> Directives:
    return _object(mark, external=False) if mark.value else NOTHING


def _outside(mark: Mark) -> Directives:
    return _object(mark, external=True)


def _object(mark: Mark, *, external: bool) -> Directives:
    parts = mark.value.split(":")
    if len(parts) not in (3, 4) or not all(parts):
        return slip(mark.key, f"{said(mark)} names no object: write {_OBJECT}")
    group, _, version = parts[0].rpartition("/")
    namespace = parts[2] if len(parts) == 4 else ""
    found = Dependency(
        key=mark.key,
        group=group,
        version=version,
        kind=parts[1],
        namespace=namespace,
        name=parts[-1],
        external=external,
    )
    return Directives(dependencies=(found,))


def _resource(mark: Mark) -> Directives:
    kind, _, name = mark.value.partition("/")
    kind, *rest = kind.split(".")
    if not kind or kind == "all" or not name or "/" in name or (rest and not all(rest)):
        return slip(mark.key, f"{said(mark)} names no object: write type/name or type.version.group/name")
    version, group = (rest[0], ".".join(rest[1:])) if rest else (None, None)
    beside = mark.key.removesuffix("resource")
    namespace = mark.at("metadata", "annotations", f"{beside}namespace") or mark.at(
        "metadata", "annotations", f"{beside}name"
    )
    found = Dependency(
        key=mark.key,
        group=group,
        version=version,
        kind=kind,
        namespace=namespace or mark.at("metadata", "namespace") or None,
        name=name,
        external=True,
    )
    return Directives(dependencies=(found,))


def _beside_resource(mark: Mark) -> Directives:
    resource = f"{mark.key.rpartition('/')[0]}/resource"
    if mark.stands_beside(resource):
        return NOTHING
    return slip(mark.key, f"{printable(mark.key, 100)} stands alone: write {printable(resource, 100)} too")


def _policy(mark: Mark) -> Directives:
    found = frozenset(words(mark))
    for word in found:
        if word not in _POLICIES:
            return unknown(mark, word, _POLICIES)
    if mark.stands_beside(f"{HELM}/hook"):
        when = {"succeeded": DeleteWhen.SUCCEEDED, "failed": DeleteWhen.FAILED}
        return Directives(delete_when=frozenset(when.get(word, DeleteWhen.BEFORE_CREATION) for word in found))
    if found & {"succeeded", "failed"}:
        return refused(mark, "only hooks are deleted after they ran; make it a hook, or remove it")
    often = Recreate.INSTEAD_OF_UPDATE if "before-creation" in found else Recreate.WHERE_IMMUTABLE
    return Directives(recreate=often, recreate_key=mark.key) if found else NOTHING


def _deployed_on(mark: Mark) -> Directives:
    if frozenset(words(mark)) == _ALWAYS:
        return NOTHING
    return refused(mark, "what is in git is there after every deployment; use `helm.sh/hook`, or remove it")


_TUNED = "werf's own tracking; here `wait` says how long a rollout may take"
_PRINTED = "it is about what werf prints"
_MASKED = "only Secrets are masked here; put the values into a Secret, or remove it"
TOOL = Tool(
    name="werf",
    domains=(DOMAIN, "project.werf.io", "ci.werf.io"),
    meanings={
        f"{DOMAIN}/weight": _weight,
        f"{DOMAIN}/delete-policy": _policy,
        f"{DOMAIN}/deploy-on": _deployed_on,
        _OWNERSHIP: choice({"release": NOTHING, "anyone": Directives(keeps=(Keep(key=_OWNERSHIP, said="anyone"),))}),
        f"{DOMAIN}/delete-propagation": choice({each.value: Directives(propagation=each) for each in Propagation}),
        f"{DOMAIN}/track-termination-mode": choice(
            {"WaitUntilResourceReady": NOTHING, "NonBlocking": Directives(waited=False)}
        ),
        f"{DOMAIN}/fail-mode": choice(
            {
                "FailWholeDeployProcessImmediately": NOTHING,
                "HopeUntilEndOfDeployProcess": NOTHING,
                "IgnoreAndContinueDeployProcess": Directives(waited=False),
            }
        ),
    },
    patterns=(
        (re.compile(r"werf\.io/deploy-dependency-.+"), _selected),
        (re.compile(r"werf\.io/delete-dependency-.+"), _absent),
        (re.compile(r"[^/]+\.external-dependency\.werf\.io/resource"), _resource),
        (re.compile(r"[^/]+\.external-dependency\.werf\.io/name(space)?"), _beside_resource),
        (re.compile(r"[^/]+\.external-dependency\.werf\.io"), _outside),
        (re.compile(r"[^/]+\.dependency\.werf\.io"), _inside),
        (re.compile(r"werf\.io/ignore-readiness-probe-fails-for-.+"), of_no_consequence),
        (re.compile(r"werf\.io/log-regex(-skip)?-for-.+"), of_no_consequence),
        (re.compile(r"(project|ci)\.werf\.io/.+"), of_no_consequence),
    ),
    inert={
        f"{DOMAIN}/version": "werf's own mark",
        f"{DOMAIN}/release-channel": "werf's own mark",
        f"{DOMAIN}/failures-allowed-per-replica": _TUNED,
        f"{DOMAIN}/no-activity-timeout": _TUNED,
        **{
            f"{DOMAIN}/{name}": _PRINTED
            for name in (
                "log-regex", "log-regex-skip", "skip-logs", "skip-logs-for-containers", "show-service-messages",
                "show-logs-only-for-containers", "show-logs-only-for-number-of-replicas",
            )
        },
    },
    refused={
        f"{DOMAIN}/replicas-on-creation": "leave spec.replicas out of the manifest, so that the autoscaler's number "
        "stays, and remove it",
        f"{DOMAIN}/sensitive": _MASKED,
        f"{DOMAIN}/sensitive-paths": _MASKED,
    },
)  # fmt: skip
