"""Drift as text beside its environment: the first objects and fields of it, in words that a page can show."""

import json
from collections.abc import Iterable

from pushboat import later_words
from pushboat.model.drift import Drift, FieldDrift, Sort
from pushboat.model.manifest import Ref
from pushboat.store.database.texts import bounded

MOST_OBJECTS, MOST_FIELDS, LONGEST_VALUE = 50, 20, 300
"""Kept of one environment: objects, fields of each, characters of each value. `pushboat drift` shows all of it."""


def written(found: Iterable[Drift]) -> str:
    """Write drift as it is stored."""
    return json.dumps(
        [
            {
                "ref": [each.ref.group, each.ref.kind, each.ref.namespace, each.ref.name],
                "sort": each.sort,
                "fields": [_field(field) for field in each.fields[:MOST_FIELDS]],
            }
            for each in list(found)[:MOST_OBJECTS]
        ]
    )


def read(text: str) -> tuple[Drift, ...]:
    """Read drift as it was stored."""
    return tuple(
        Drift(
            ref=Ref(*item["ref"]),
            sort=later_words.read(Sort, item["sort"]),
            fields=tuple(
                FieldDrift(path=path, release=release, cluster=cluster, by=by, at=at)
                for path, release, cluster, by, at in item["fields"]
            ),
        )
        for item in json.loads(text or "[]")
    )


def _field(field: FieldDrift) -> list[str | None]:
    values = (None if each is None else bounded(each, LONGEST_VALUE) for each in (field.release, field.cluster))
    return [bounded(field.path, LONGEST_VALUE), *values, field.by, field.at]
