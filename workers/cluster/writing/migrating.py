"""Write the new books of an object that is taken over: one compare-and-set, before the apply that removes what must go.

A dry run cannot write them, and so cannot see what would go. There, an explicit null at each field that goes makes the
server give it back its default, as it would; whole items of lists are taken out of what is shown.
"""

from dataclasses import replace

from workers.cluster.client.connection import FIELD_MANAGER, MERGE, Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.fieldsets import nulled, pruned
from workers.cluster.objects import LAST_APPLIED, Object
from workers.cluster.planning.books import Books
from workers.cluster.writing.settling import Patch


def migrated(cluster: Cluster, kind: Kind, patch: Patch, books: Books) -> Patch:
    """Replace an object's managedFields, where it is still as it was read; go on with the object as it is then.

    No field changes its value by this. kubectl's copy of what it applied last goes with its entry: it would be a lie.
    """
    assert patch.live is not None  # there are no books of an object that is not there
    metadata = patch.live["metadata"]
    changed: Object = {"resourceVersion": metadata["resourceVersion"], "managedFields": list(books.entries)}
    if books.forgets_last_applied:
        changed["annotations"] = {LAST_APPLIED: None}
    path = kind.path(metadata.get("namespace", ""), metadata["name"])
    answer = cluster.request("PATCH", path, {"fieldManager": FIELD_MANAGER}, {"metadata": changed}, MERGE)
    return replace(patch, live=answer.data, books=None)


def as_if_taken_over(patch: Patch) -> Patch:
    """Make of an apply the one that a dry run can try, with nulls in the place of what would go."""
    body = patch.body
    for steps, _ in patch.books.leaving if patch.books else ():
        body = nulled(body, steps)
    return replace(patch, body=body)


def shown_without(after: Object, patch: Patch) -> Object:
    """Take out of a dry run's answer the items of lists that would go."""
    for steps, _ in patch.books.leaving if patch.books else ():
        if not steps[-1].startswith("f:"):
            after = pruned(after, steps)
    return after
