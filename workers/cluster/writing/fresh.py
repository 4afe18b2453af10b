"""Ask what a fresh object would get of the server, and take back what it defaulted before: see `planning.defaults`.

A dry run creates one under a name that nobody has, only for an object that changes and has values that nobody owns.
Where it is refused, the old defaults stay, and that is said.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from pushboat.errors import ClusterUnavailable
from pushboat.model.manifest import Ref
from workers.cluster.client.connection import FIELD_MANAGER, Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import Answered, shortened
from workers.cluster.fieldsets import nulled, pruned
from workers.cluster.masking import scrub
from workers.cluster.objects import Object
from workers.cluster.planning.defaults import NAMED_BY_CONTENT, comparable, is_null, stale, taken_back, unowned
from workers.cluster.writing.settling import Patch

LONGEST_NAME = 40
"""Characters of a name before the server's own five; the shortest limit, a CronJob's, is 52."""
LONGEST_REASON = 160
_WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Fresh:
    """Objects as the server would make them now, or why it would not."""

    objects: tuple[Object, ...] = ()
    why: str = ""


def defaulted_anew(cluster: Cluster, kind: Kind, patch: Patch, fresh: Fresh | None) -> tuple[Patch, Fresh | None]:
    """Put old defaults among what the apply removes; `fresh` is what an earlier attempt has been told.

    Raises:
        ClusterUnavailable: the API server went away.
    """
    live, wishes = patch.live, patch.wishes
    if live is None or not unowned(wishes, live, patch.books, patch.left):
        return patch, fresh
    if not comparable(live, wishes.body, patch.books):
        return noted(patch, "defaults not compared: they were filled in in another version"), fresh
    fresh = fresh or made_anew(cluster, kind, patch.manifest.ref, patch.wishes.body)
    if fresh.why:
        return noted(patch, f"defaults not compared: {fresh.why}"), fresh
    found = stale(wishes, live, fresh.objects, patch.books, patch.left)
    if found and len(fresh.objects) == 1:
        fresh = Fresh((*fresh.objects, *made_anew(cluster, kind, patch.manifest.ref, patch.wishes.body).objects))
        found = stale(wishes, live, fresh.objects, patch.books, patch.left)
    if not found:
        return patch, fresh
    books = taken_back(live, wishes.body, patch.books, found)
    nulls = tuple(each.steps for each in found if each.removed and is_null(patch.body, each.steps))
    body = reduce(pruned, nulls, patch.body)
    return noted(replace(patch, body=body, books=books, nulls=nulls), *map(str, found)), fresh


def still_to_null(patch: Patch, after: Object) -> Patch | None:
    """Make another attempt, with the nulls that the manifest has where the mappings are gone now."""
    if not patch.nulls:
        return None
    return replace(patch, body=reduce(nulled, patch.nulls, patch.body), live=after, nulls=())


def noted(patch: Patch, *notes: str) -> Patch:
    """Add what is to be said of an object, once."""
    return replace(patch, notes=tuple(dict.fromkeys((*patch.notes, *notes))))


def made_anew(cluster: Cluster, kind: Kind, ref: Ref, body: Mapping[str, Any]) -> Fresh:
    """Ask what the server would make of an object if it were new, its metadata apart; nothing is written.

    Raises:
        ClusterUnavailable: the API server went away.
    """
    if (ref.group, ref.kind) in NAMED_BY_CONTENT:
        return Fresh(why=f"the name of a {ref.kind} is fixed")
    metadata = {key: value for key, value in body["metadata"].items() if key != "name"}
    asked = {**body, "metadata": {**metadata, "generateName": f"{ref.name[:LONGEST_NAME]}-"}}
    query = {"dryRun": "All", "fieldManager": FIELD_MANAGER, "fieldValidation": "Ignore"}
    try:
        made = cluster.request("POST", kind.collection(ref.namespace), query, asked).data
    except Answered as answered:
        if isinstance(answered, ClusterUnavailable) and _WEBHOOK not in answered.whole:
            raise
        return Fresh(why=shortened(scrub(answered.whole, body), LONGEST_REASON))
    text = json.dumps({key: value for key, value in made.items() if key != "metadata"})
    return Fresh((json.loads(text.replace(made["metadata"]["name"], ref.name)),))
