"""From what has drifted to the fields that may be written, with their live values, and to what never is."""

from collections.abc import Iterator, Mapping, Sequence

from pushboat.model.drift import Drift, FieldDrift, Sort
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.objects import Object
from workers.cluster.planning.diff import quiet
from workers.writing_back.steps import before_it, value_at
from workers.writing_back.words import GONE, LiveField, NotWritten

_SECRET = ("", "Secret")


def live_fields(
    found: Sequence[Drift], live: Mapping[Ref, Object], stored: Mapping[Ref, Manifest]
) -> Iterator[LiveField | NotWritten]:
    """Give each field that has drifted as it is live, or say why it is nothing to be written."""
    for each in found:
        place = stored[each.ref].place if each.ref in stored else "its file"
        if (each.ref.group, each.ref.kind) == _SECRET:
            why = "a Secret's values are written to no file: change it where they are kept, or deploy to put it back"
            yield NotWritten(each.ref, "", why)
        elif each.sort is Sort.DELETED:
            why = f"it was deleted: take it out of {place} if that is meant to stay so, or deploy to bring it back"
            yield NotWritten(each.ref, "", why)
        elif each.sort is Sort.ADDED:
            yield NotWritten(each.ref, "", "the release does not have it: add a manifest if it is to stay")
        elif each.ref not in live:
            yield NotWritten(each.ref, "", "it is not there any more: ask again")
        else:
            yield from (_field(each.ref, field, quiet(live[each.ref])) for field in each.fields)


def _field(ref: Ref, field: FieldDrift, live: Object) -> LiveField | NotWritten:
    value = value_at(live, field.steps) if field.steps else GONE
    if not field.steps or (value is GONE) is not (field.cluster is None):
        return NotWritten(ref, field.path, "it changed while it was looked at: ask again")
    behind = before_it(live, field.steps)
    return LiveField(ref=ref, path=field.path, steps=field.steps, value=value, behind=behind)
