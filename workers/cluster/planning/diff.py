"""Show what changes in one object, field by field and as a diff with hunks named by field path; secrets are masked."""

from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.model.changeset import FieldChange, Steps
from pushboat.model.comparing import MISSING, Compared, Differing, compared, field_of, identity
from pushboat.model.manifest import Ref
from workers.cluster.masking import NO_TOKENS, Tokens, masked_pair
from workers.cluster.objects import APPLIED, CAUSE, FENCE, LAST_APPLIED, PART_OF, Object
from workers.cluster.records import RECORD

_NOISE = ("managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink")
_OURS = (PART_OF, APPLIED, RECORD, FENCE, CAUSE, LAST_APPLIED, "deployment.kubernetes.io/revision")


def compare(ref: Ref, before: Object | None, after: Object | None, tokens: Tokens = NO_TOKENS) -> Compared:
    """Compare an object as it is with the object as it will be.

    An object that comes or goes has no fields that change: it changes as a whole.
    """
    old, new = masked_pair(before, after, tokens)
    return compared(ref, quiet(old), quiet(new), ("live", "wanted"))


def lacking(before: Object, wanted: Object, tokens: Tokens = NO_TOKENS) -> tuple[FieldChange, ...]:
    """List what an object lacks of what is wanted; what it has beyond that is not looked at."""
    old, new = masked_pair(before, wanted, tokens)
    return tuple(field_of(each) for each in _missing((), quiet(old), quiet(new)))


def diff(ref: Ref, before: Object | None, after: Object | None, tokens: Tokens = NO_TOKENS) -> str:
    """Show what differs as text; nothing where no field does."""
    return compare(ref, before, after, tokens).text


def quiet(body: Object | None) -> Any:
    """Leave out what the server keeps for itself and the marks that are ours."""
    if body is None:
        return MISSING
    metadata = {key: value for key, value in body["metadata"].items() if key not in _NOISE}
    for marks in ("labels", "annotations"):
        kept = {key: value for key, value in (metadata.pop(marks, None) or {}).items() if key not in _OURS}
        if kept:
            metadata[marks] = kept
    return {**{key: value for key, value in body.items() if key != "status"}, "metadata": metadata}


def _missing(path: Steps, old: Any, new: Any) -> Iterator[Differing]:
    """Walk what is wanted, as far as what is there has the same shape."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in new.items():
            yield from _missing((*path, key), old.get(key, MISSING), value)
    elif isinstance(old, list) and isinstance(new, list) and (name := identity(old, new)):
        there = {item[name]: item for item in old}
        for item in new:
            yield from _missing((*path, (name, item[name])), there.get(item[name], MISSING), item)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, item in enumerate(new):
            yield from _missing((*path, place), old[place], item)
    elif old != new and not (old is MISSING and new in (None, {}, [])):  # the server keeps no empty value
        yield path, old, new
