"""JSON is looked through to its end: what stands twice hides nothing else, and only text that is none ends it."""

import pytest

from pushboat.errors import InvalidManifest
from workers.manifests.json_loading import MOST_HALVES, MOST_TWICE
from workers.manifests.reading import read_manifests
from workers.manifests.words import Unread

TWICE = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "name": "b"},\n'
TWICE += ' "data": {"y": "a", "y": "z"}}\n'


def said(text: str) -> list[str]:
    with pytest.raises(Unread) as refused:
        read_manifests(text, "a.json")
    return [each.summary for each in refused.value.mistakes]


def test_every_key_that_stands_twice_is_told_and_the_objects_are_read_on() -> None:
    with pytest.raises(Unread) as refused:
        read_manifests(TWICE + '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}', "a.json")
    assert [each.summary for each in refused.value.mistakes] == [
        "a.json:1:69: the key 'name' stands twice in one object",
        "a.json:2:21: the key 'y' stands twice in one object",
    ]
    assert [each.ref.name for each in refused.value.rest] == ["b", "c"]


def test_an_object_that_lacks_something_is_told_beside_them() -> None:
    assert said(TWICE + '{"apiVersion": "v1", "metadata": {"name": "c"}}')[2:] == ["a.json:3:1: kind is missing"]


def test_every_half_of_a_character_is_told() -> None:
    half = "half of a surrogate pair is no character: write the whole one"
    text = '{"a": "\\ud800",\n "b": "\\udfff \\ud83d\\ud83d\\udea2"}\n'
    assert said(text) == [f"a.json:1:8: {half}", f"a.json:2:8: {half}", f"a.json:2:15: {half}"]
    assert len(said('{"a": "' + r"\ud800" * 100_000 + '"}')) == MOST_HALVES


def test_what_is_no_json_is_told_last_and_ends_it() -> None:
    assert said(TWICE + '{"a": }')[2:] == ["a.json:3:7: this is not JSON: Expecting value"]
    assert said(TWICE + '{"a": 1e999}')[2:] == ["a.json:3:7: this is not a number that JSON knows: quote it"]


def test_a_file_of_nothing_else_does_not_cost_without_end() -> None:
    text = '{"a": {' + ", ".join(['"k": 1'] * 50_000) + "}}"
    with pytest.raises(InvalidManifest) as refused:
        read_manifests(text, "a.json")
    assert isinstance(refused.value, Unread)
    assert len(refused.value.mistakes) <= MOST_TWICE + 1
