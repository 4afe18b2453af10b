"""Delete an object and create it again where a field of it cannot change: by the operator's leave, and proven.

The proof is twofold: the API server says of a field that it cannot change, and it would create the object as it is
wanted. So what is wrong in other ways deletes nothing. A worker that dies between the two leaves an object that is
missing and in the inventory; the next one creates it.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pushboat.errors import ApplyRejected, PushboatError
from pushboat.model.wording import printable
from workers.cluster.client.connection import FIELD_MANAGER, Answer, Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.lines import nothing_to_ask
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered, fixed_fields, shortened
from workers.cluster.masking import scrub
from workers.cluster.objects import Object, deleting
from workers.cluster.planning.defaults import NAMED_BY_CONTENT
from workers.cluster.writing.giving_room import GONE_WITHIN, grace_of, outlived, still_there
from workers.cluster.writing.knowing import unheard, until_known
from workers.cluster.writing.settling import Patch, placed
from workers.manifests.directives.words import Propagation, Recreate

LONGEST_NAME = 40
"""Characters of a name before the server's own five; the shortest limit, a CronJob's, is 52."""
_KEEPS_DATA = ("PersistentVolumeClaim", "PersistentVolume")


def is_to_be_recreated(patch: Patch, refused: Answered) -> bool:
    """Say whether a refusal proves that a field cannot change, of a kind that may be recreated here."""
    ref = patch.manifest.ref
    return (
        patch.live is not None
        and patch.wishes.rules.may_recreate(ref)
        and (ref.group, ref.kind) not in NAMED_BY_CONTENT
        and bool(fixed_fields(refused))
    )


def recreated(
    cluster: Cluster, kind: Kind, patch: Patch, refused: Answered | None, may_write: Callable[[], None] | None
) -> Patch:
    """Delete the old object once a new one would be taken, and give the patch that creates it; None only tries it.

    `refused` is the proof that a field cannot change; without one an annotation asks for it.

    Where somebody wrote the old one since, nothing is deleted, and the next attempt finds that out.

    Raises:
        ApplyRejected: the new one would be refused, or a finalizer holds the old one.
        ClusterRefused: we may not delete it.
        ClusterUnavailable: its end takes longer than that; it will be gone when this is tried again.
    """
    try:
        until_known(
            cluster, kind, patch.body, partial(tried, cluster, kind, patch), may_write or nothing_to_ask, unheard
        )
    except Answered as answered:
        raise _stays(patch, refused, answered) from answered
    if may_write is not None and not _delete_old(cluster, kind, patch, may_write):
        return patch
    body, why = patch.wishes.sent(patch.wishes.body), _why(patch, refused)
    return replace(patch, body=body, live=None, books=None, nulls=(), force=False, left=(), recreated=why)


def recreated_where_asked(cluster: Cluster, kind: Kind, patch: Patch, may_write: Callable[[], None] | None) -> Patch:
    """Recreate an object that asks for it whenever it changes, where its kind may be; give any other as it is."""
    ref, asked = patch.manifest.ref, patch.wishes.said.recreate is Recreate.INSTEAD_OF_UPDATE
    if patch.live is None or not asked or not patch.wishes.rules.may_recreate(ref):
        return patch
    return recreated(cluster, kind, patch, None, may_write)


def tried(cluster: Cluster, kind: Kind, patch: Patch) -> Answer:
    """Create a new object beside the old one, without writing; give it under the old one's name."""
    ref = patch.manifest.ref
    query = {"dryRun": "All", "fieldManager": FIELD_MANAGER, "fieldValidation": "Strict"}
    answer = cluster.request("POST", kind.collection(ref.namespace), query, _beside(patch))
    return replace(answer, data={**answer.data, "metadata": {**answer.data["metadata"], "name": ref.name}})


def _delete_old(cluster: Cluster, kind: Kind, patch: Patch, may_write: Callable[[], None]) -> bool:
    """Delete an object exactly as it was read, and wait until it is gone; False where somebody wrote it since."""
    assert patch.live is not None  # what is not there need not be deleted
    ref = patch.manifest.ref
    path = kind.path(ref.namespace, ref.name)
    options = deleting(patch.live, (patch.wishes.said.propagation or Propagation.BACKGROUND).value)
    may_write()
    try:
        answer = cluster.request("DELETE", path, body=options).data
    except Answered as answered:
        if answered.code in (NOT_FOUND, CONFLICT):
            return answered.code == NOT_FOUND
        raise placed(patch, answered) from answered
    grace = grace_of(answer) if "metadata" in answer else 0.0
    left = outlived(cluster, path, patch.live, time.monotonic() + GONE_WITHIN + grace, may_write)
    if left is None:
        return True
    raise still_there(left, ref, f"{patch.manifest.place}: {ref} was deleted to be recreated and", "and deploy again")


def _beside(patch: Patch) -> Object:
    """Make a body that can be created while the old one is there: another name, and none of what only one may have."""
    body = patch.wishes.body
    metadata = {key: value for key, value in body["metadata"].items() if key != "name"}
    body = {**body, "metadata": {**metadata, "generateName": f"{patch.manifest.ref.name[:LONGEST_NAME]}-"}}
    is_service = (patch.manifest.ref.group, patch.manifest.ref.kind) == ("", "Service")
    return _without_the_olds(body, patch.before or {}) if is_service else body


def _without_the_olds(body: Object, live: Object) -> Object:
    """Leave out the addresses and ports that the old Service has, and will give back."""
    wanted, has = dict(body.get("spec") or {}), live.get("spec") or {}
    for name in ("clusterIP", "clusterIPs", "healthCheckNodePort"):
        if name in wanted and wanted[name] == has.get(name) and wanted[name] not in ("None", ["None"]):
            del wanted[name]
    taken = {port.get("nodePort") for port in has.get("ports") or ()}
    if "ports" in wanted:
        wanted["ports"] = [
            {key: value for key, value in port.items() if key != "nodePort" or value not in taken}
            for port in wanted["ports"]
        ]
    return {**body, "spec": wanted}


def _stays(patch: Patch, refused: Answered | None, answered: Answered) -> PushboatError:
    error = placed(patch, answered)
    if not isinstance(error, ApplyRejected):
        return error
    words = shortened(scrub(answered.whole, patch.body))
    where = f"{patch.manifest.place}: {patch.manifest.ref}"
    return ApplyRejected(f"{where}: {words}; the old one was not deleted, although {_reason(patch, refused)}")


def _why(patch: Patch, refused: Answered | None) -> str:
    data = "; the reclaim policy of its volume decides about its data" if patch.manifest.ref.kind in _KEEPS_DATA else ""
    return f"{_reason(patch, refused)}{data}"


def _reason(patch: Patch, refused: Answered | None) -> str:
    if refused is None:
        return f"{printable(patch.wishes.said.recreate_key)} asks for that whenever it changes"
    return f"its {fixed_fields(refused)[0]} cannot change"
