"""Send one server-side apply as a compare-and-set, and settle what stands in its way.

409 has two meanings: somebody wrote the object since we read it (read again and repeat, unless a later worker did), or
fields belong to another manager (take them, leave them, or refuse: `managers.decide`). Force is set only after every
conflict was decided.
"""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, LeaseLost, PushboatError
from pushboat.model.manifest import Manifest
from workers.cluster.client.connection import APPLY, FIELD_MANAGER, Answer, Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered, ApiRefused, Cause, shortened
from workers.cluster.masking import scrub
from workers.cluster.objects import ABSENT_VERSION, PART_OF, Object, fence_of, held_by, is_going, labels
from workers.cluster.planning.managers import Decision, Holder, decide, dotted, locate, without

ATTEMPTS = 6
_HOLDER = re.compile(r'conflict with "(?P<manager>[^"]+)"(?: with subresource "(?P<subresource>[^"]+)")?')
_NOT_SERVED_YET = "could not find the requested resource"
_NO_ACCOUNT_YET = "error looking up service account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One object's apply in progress."""

    manifest: Manifest
    body: Object
    live: Object | None
    force: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patched:
    """How it ended: the object before and after."""

    before: Object | None
    after: Object
    notes: tuple[str, ...]


def send(
    cluster: Cluster, patch: Patch, *, fence: int, may_write: Callable[[], None], dry_run: bool = False
) -> Patched:
    """Apply one object.

    Raises:
        ApplyRejected: the API server refused it; names file, line, object and reason.
        ClusterRefused: it is not granted to us.
    """
    manifest = patch.manifest
    kind = cluster.kinds.find(manifest.ref.group, manifest.version, manifest.ref.kind)
    if kind is None:
        raise ApplyRejected(f"{manifest.place}: {manifest.ref}: the cluster does not serve {manifest.api_version}")
    if kind.namespaced != bool(manifest.ref.namespace):  # the limits were checked for another kind of object
        lives = "in a namespace" if kind.namespaced else "outside of namespaces"
        raise ApplyRejected(f"{manifest.place}: {manifest.ref}: the cluster keeps {kind.kind} {lives}")
    for attempt in range(1, ATTEMPTS + 1):
        may_write()
        try:
            answer = _request(cluster, kind, patch, dry_run=dry_run)
        except Answered as answered:
            if attempt == ATTEMPTS and _is_race(answered):
                raise ClusterUnavailable(f"{manifest.ref}: somebody else keeps changing it") from answered
            if attempt == ATTEMPTS or not _temporary(answered):
                raise _placed(patch, answered) from answered
            patch = _settled(cluster, kind, patch, answered, fence, attempt)
        except ClusterUnavailable as away:
            raise ClusterUnavailable(scrub(away.summary, patch.body), retry_after=away.retry_after) from None
        else:
            if patch.live is None and not dry_run:
                _take_back_unless(may_write, cluster, kind, answer.data)
            warnings = tuple(f"warning: {scrub(text, patch.body)}" for text in answer.warnings)
            return Patched(before=patch.live, after=answer.data, notes=(*patch.notes, *warnings))
    raise AssertionError  # the last attempt returned or raised


def _request(cluster: Cluster, kind: Kind, patch: Patch, *, dry_run: bool) -> Answer:
    version = patch.live["metadata"]["resourceVersion"] if patch.live else ABSENT_VERSION
    body = {**patch.body, "metadata": {**patch.body["metadata"], "resourceVersion": version}}
    query = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict", "force": str(patch.force).lower()}
    if dry_run:
        query["dryRun"] = "All"
    ref = patch.manifest.ref
    return cluster.request("PATCH", kind.path(ref.namespace, ref.name), query, body, APPLY)


def _temporary(refused: Answered) -> bool:
    not_served = refused.code == NOT_FOUND and _NOT_SERVED_YET in refused.summary
    return refused.code == CONFLICT or not_served or _NO_ACCOUNT_YET in refused.summary


def _is_race(refused: Answered) -> bool:
    return refused.code == CONFLICT and not any(cause.reason == "FieldManagerConflict" for cause in refused.causes)


def _take_back_unless(may_write: Callable[[], None], cluster: Cluster, kind: Kind, made: Object) -> None:
    """Delete what we created after our lease had gone: no resource version guards an object that was not there.

    What the next worker has written meanwhile has another version, and stays.
    """
    try:
        may_write()
    except LeaseLost:
        metadata = made["metadata"]
        exactly = {name: metadata[name] for name in ("uid", "resourceVersion")}
        body = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": exactly}
        with suppress(ApiRefused, ClusterRefused):
            cluster.request("DELETE", kind.path(metadata.get("namespace", ""), metadata["name"]), body=body)
        raise


def _settled(cluster: Cluster, kind: Kind, patch: Patch, refused: Answered, fence: int, attempt: int) -> Patch:
    conflicts = [cause for cause in refused.causes if cause.reason == "FieldManagerConflict"]
    if conflicts:
        return _decided(patch, conflicts, refused)
    ref = patch.manifest.ref
    if refused.code != CONFLICT:  # a CRD or a namespace's account that is a moment old
        time.sleep(0.1 * 2**attempt)
        return patch
    live = cluster.find(kind.path(ref.namespace, ref.name))
    if live is not None and is_going(live):  # since a moment ago: it does not count as there
        if attempt == ATTEMPTS - 1:
            raise ClusterUnavailable(f"{ref} is {held_by(live)}") from refused
        time.sleep(0.1 * 2**attempt)
        return replace(patch, live=None, force=False)
    if live is not None:
        if fence_of(live) > max(fence, fence_of(patch.live) if patch.live else 0):
            raise LeaseLost(f"another worker has taken over {ref}") from refused
        owner, ours = labels(live).get(PART_OF), labels(patch.body)[PART_OF]
        planned = labels(patch.live).get(PART_OF) if patch.live else None  # another environment's, handed over
        if owner not in (None, ours, planned):
            words = f"belongs to another inventory ({owner}) since a moment ago: give one of the two another name"
            raise _placed(patch, ApiRefused(words, code=CONFLICT)) from refused
    return replace(patch, live=live, force=False)


def _decided(patch: Patch, conflicts: list[Cause], refused: Answered) -> Patch:
    body, notes, foreign = patch.body, list(patch.notes), []
    for cause in conflicts:
        holder = _holder(cause)
        field = cause.field.lstrip(".")
        match decide(holder, cause.field):
            case Decision.TAKE:
                notes.append(f"{field} taken over from {holder}")
            case Decision.LEAVE if (path := locate(body, cause.field)) is not None:
                body = without(body, path)
                notes.append(f"{dotted(path).lstrip('.')} is left to {holder}")
            case _:
                foreign.append(f"{field} belongs to {holder}")
    if foreign:
        advice = "remove the field from the manifest, or let its manager give it up"
        raise _placed(patch, ApiRefused("; ".join(foreign), code=CONFLICT, advice=advice)) from refused
    return replace(patch, body=body, notes=tuple(dict.fromkeys(notes)), force=True)


def _holder(cause: Cause) -> Holder:
    found = _HOLDER.search(cause.message)
    return Holder(found["manager"], found["subresource"] or "") if found else Holder(cause.message)


def _placed(patch: Patch, answered: Answered) -> PushboatError:
    """Say what to do, which object of which file it is about, and why; without a secret's value."""
    ref, words = patch.manifest.ref, shortened(scrub(answered.whole, patch.body))
    where = f"{patch.manifest.place}: {ref}: {words}"
    if isinstance(answered, ClusterUnavailable):
        return ClusterUnavailable(f"{words} ({patch.manifest.place}: {ref})", retry_after=answered.retry_after)
    if isinstance(answered, ClusterRefused):
        return ClusterRefused(where)
    field = next((cause.field for cause in answered.causes if cause.field), "field")
    advice = answered.advice.format(kind=ref.kind, field=field, cluster="")
    return ApplyRejected(f"{advice} — {where}" if advice else where)
