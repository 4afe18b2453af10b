"""YAML is looked through to its end: half of a character hides neither the next one nor what else is wrong."""

import time

import pytest

from workers.manifests.reading import read_manifests
from workers.manifests.words import MOST_SHOWN, Unread

HALF = "half of a surrogate pair is no character: write the whole one"
HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"


def refused(text: str) -> Unread:
    with pytest.raises(Unread) as raised:
        read_manifests(text, "a.yaml")
    return raised.value


def said(text: str) -> list[str]:
    return [each.summary for each in refused(text).mistakes]


def test_every_half_is_told_at_its_place() -> None:
    """In values, keys and every document; what single quotes, plain words and a backslash before it say is text."""
    text = f'{HEAD % "a"}data:\n  a: "x\\ud800y\\udfff"\n  b: \'\\ud800\'\n  c: \\ud800\n  d: "\\\\ud800"\n'
    text += f'  "\\udc01": e\n---\n{HEAD % "b"}data: {{f: "\\\n    \\U0000d801"}}\n'
    assert said(text) == [f"a.yaml:{at}: {HALF}" for at in ("5:8", "5:15", "9:4", "15:5")]


def test_a_pair_as_json_has_it_is_told_with_what_yaml_has() -> None:
    """kubectl takes none either: I read which character it is, and how YAML writes it."""
    assert said(f'{HEAD % "a"}data: {{a: "\\ud83d\\udea2"}}\n') == [
        "a.yaml:4:12: YAML has no surrogate pairs: write the character itself, or \\U0001F6A2"
    ]


def test_what_else_is_wrong_is_told_beside_it() -> None:
    """Other objects are read on, and the end of all YAML is told as well."""
    text = f'{HEAD % "a"}data: {{a: "\\ud800"}}\n---\napiVersion: v1\nmetadata: {{name: b}}\n---\n{HEAD % "c"}'
    found = refused(text)
    assert [each.summary for each in found.mistakes] == [f"a.yaml:4:12: {HALF}", "a.yaml:6:1: kind is missing"]
    assert "c" in [each.ref.name for each in found.rest]
    (half, torn) = said(f"{text}data: [\n".replace("apiVersion: v1\nmetadata: {name: b}\n---\n", ""))
    assert half.endswith(HALF)
    assert torn.startswith("a.yaml:10:1: ")


def test_what_is_no_character_at_all_is_refused_as_before() -> None:
    """A number beyond all characters has no half."""
    (only,) = said(f'{HEAD % "a"}data: {{a: "\\Uffffffff"}}\n')
    assert "invalid Unicode character escape code" in only


def test_very_many_of_them_cost_little() -> None:
    """As many are told as anybody reads."""
    halves = r"\ud800" * 5
    text = f"{HEAD % 'a'}data:\n" + "".join(f'  k{number}: "{halves}"\n' for number in range(20_000))
    began = time.process_time()
    assert len(said(text)) == MOST_SHOWN
    assert time.process_time() - began < 20
