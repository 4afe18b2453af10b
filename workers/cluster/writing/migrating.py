"""Write the new books of an object that is taken over: one compare-and-set, before the apply that removes what must go.

A dry run cannot write them, and so its apply would not see what goes. A merge patch shows it: one that does to the
object what the apply will do, unions and items of lists included.
"""

from dataclasses import replace

from workers.cluster.client.connection import FIELD_MANAGER, MERGE, Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.objects import APPLIED, LAST_APPLIED, Object, annotations
from workers.cluster.planning.books import Books
from workers.cluster.planning.merging import change
from workers.cluster.writing.settling import Patch

UNFINISHED = "unfinished"
"""Stands in the place of a manifest's digest: whoever goes on after a crash does not take the object for applied."""


def migrated(cluster: Cluster, kind: Kind, patch: Patch, books: Books) -> Patch:
    """Replace an object's managedFields, where it is still as it was read; go on with the object as it is then.

    No field changes its value by this. kubectl's copy of what it applied last goes with its entry: it would be a lie.
    So would our digest be: from here to the apply the books say that all is ours, and somebody's values still stand.
    """
    assert patch.live is not None  # there are no books of an object that is not there
    metadata = patch.live["metadata"]
    changed: Object = {"resourceVersion": metadata["resourceVersion"], "managedFields": list(books.entries)}
    marks: Object = {LAST_APPLIED: None} if books.forgets_last_applied else {}
    if APPLIED in annotations(patch.live):
        marks[APPLIED] = UNFINISHED
    if marks:
        changed["annotations"] = marks
    path = kind.path(metadata.get("namespace", ""), metadata["name"])
    answer = cluster.request("PATCH", path, {"fieldManager": FIELD_MANAGER}, {"metadata": changed}, MERGE)
    return replace(patch, live=answer.data, books=None)


def changed_at_once(patch: Patch, body: Object) -> Object:
    """Make the merge patch that a dry run can try: it does to the object what books and apply will do to it."""
    assert patch.live is not None
    assert patch.books is not None
    return change(patch.live, body, patch.books)
