"""After a hook's run: let its object go where it removes itself, and delete it where its tool would."""

from collections.abc import Callable

from pushboat.model.manifest import Ref
from workers.cluster.client.connection import MERGE, Cluster
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered
from workers.cluster.hooks.words import FINALIZER, RUN, Outcome, Run, is_held
from workers.cluster.objects import Object, deleting, finalizers, labels
from workers.cluster.writing.taking_back import take_back
from workers.manifests.directives.words import DeleteWhen, Propagation

ATTEMPTS = 5
_WHEN = {Outcome.SUCCEEDED: DeleteWhen.SUCCEEDED, Outcome.FAILED: DeleteWhen.FAILED}


def finish(cluster: Cluster, run: Run, outcome: Outcome, may_write: Callable[[], None]) -> None:
    """Do what is to be done after a run whose outcome is written down; done again, it changes nothing."""
    path, live = _find(cluster, run.ref, run.id)
    if live is None:
        return
    let_go(cluster, path, live, may_write)
    if _WHEN[outcome] in run.deleted_when:
        may_write()
        delete(cluster, path, live, run.propagation.value)


def leave(
    cluster: Cluster,
    ref: Ref,
    run: str,
    may_write: Callable[[], None],
    propagation: Propagation = Propagation.BACKGROUND,
) -> None:
    """Leave a run that nobody waits for any more: it goes on, and may go by itself once it has ended; what was held
    never begins. Only what this very run made is touched."""
    path, live = _find(cluster, ref, run)
    if live is None:
        return
    if is_held(live):
        may_write()
        take_back(cluster, path, live, propagation.value)
    let_go(cluster, path, live, may_write)


def delete(cluster: Cluster, path: str, live: Object, propagation: str) -> None:
    """Delete exactly this object, where it is still there."""
    _unless_gone(cluster, "DELETE", path, deleting(live, propagation, as_read=False))


def let_go(cluster: Cluster, path: str, live: Object, may_write: Callable[[], None]) -> None:
    """Take our finalizer off an object."""
    for _ in range(ATTEMPTS):
        if FINALIZER not in finalizers(live):
            return
        may_write()
        others = [each for each in finalizers(live) if each != FINALIZER]
        metadata = {"finalizers": others or None, "resourceVersion": live["metadata"]["resourceVersion"]}
        if _unless_gone(cluster, "PATCH", path, {"metadata": metadata}):
            return
        now = cluster.find(path)
        if now is None or now["metadata"]["uid"] != live["metadata"]["uid"]:
            return
        live = now


def _find(cluster: Cluster, ref: Ref, run: str) -> tuple[str, Object | None]:
    """Find what a run has made, where that is still there."""
    kind = cluster.kinds.preferred(ref.group, ref.kind)
    if kind is None:
        return "", None
    path = kind.path(ref.namespace, ref.name)
    live = cluster.find(path)
    return path, live if live is not None and labels(live).get(RUN) == run else None


def _unless_gone(cluster: Cluster, method: str, path: str, body: Object) -> bool:
    """Send a request whose object may have gone; False where somebody has written it since."""
    try:
        cluster.request(method, path, body=body, content_type=MERGE if method == "PATCH" else "")
    except Answered as answered:
        if answered.code not in (NOT_FOUND, CONFLICT):
            raise
        return answered.code == NOT_FOUND
    return True
