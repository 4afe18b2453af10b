"""Books that an API server of somebody's own keeps as it likes are nobody's: a deployment goes on without them."""

from typing import Any

import pytest

from workers.cluster.fieldsets import entries_of, spelled, uncovered

SOUND = {"f:spec": {"f:containers": {'k:{"name":"web"}': {".": {}, "f:image": {}}, 'v:"x"': {}, "i:0": {}}}}


@pytest.mark.parametrize(
    "fields",
    [
        None,
        5,
        "f:spec",
        [],
        {"f:spec": 1},
        {"f:spec": {"f:replicas": None}},
        {"f:spec": {"k:": {}}},
        {"f:spec": {'k:{"name":': {}}},
        {"f:spec": {"k:1": {}}},
        {"f:spec": {"v:": {}}},
        {"f:spec": {'k:{"name":"\\ud800"}': {}}},
        {"f:spec": {"x": {}}},
        {"f:spec": {f"v:{'[' * 5000}": {}}},
    ],
)
def test_what_is_no_field_set_is_left_out(fields: Any) -> None:
    """Whatever stands there, the other entries count."""
    wrong = {"manager": "odd", "fieldsType": "FieldsV1", "fieldsV1": fields}
    right = {"manager": "web", "fieldsType": "FieldsV1", "fieldsV1": SOUND}
    live = {"metadata": {"managedFields": [wrong, {"manager": "none", "fieldsType": "FieldsV1"}, right]}}
    assert entries_of(live) == [right]


def test_books_without_end_are_left_out() -> None:
    """Nobody's object is a thousand levels deep."""
    fields: dict[str, Any] = {}
    for _ in range(5000):
        fields = {"f:a": fields}
    assert entries_of({"metadata": {"managedFields": [{"fieldsType": "FieldsV1", "fieldsV1": fields}]}}) == []


def test_all_that_is_read_can_be_told() -> None:
    """What is a field set has words for each of its steps."""
    assert [spelled(steps) for steps in uncovered(SOUND, {"spec": {"containers": []}})] == [
        "spec.containers[web]",
        "spec.containers[x]",
    ]
