"""Whatever data a manifest holds, and however it is written down, what is read is what was written, in its place."""

import json
import random
from typing import Any

import pytest
import yaml

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Path
from tests.manifests.comparing import same
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests

WORDS = [
    "on",
    "010",
    "1e3",
    "~",
    "<<",
    "n",
    "",
    "2026-01-02",
    "a: b",
    "\ufeff",
    "---",
    "é",
    "\N{SHIP}",
    "a\n b\t",
    "\u2028",
]
SIGNS = [*"{}[],:&*!|>'\"%@`#-? \t\n\r0123eE._xob~<=yn", "\ufeff", "---\n", "<<: ", "é", "\0", "a: ", "- ", "\\ud83d"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16"]
HEAD = "apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: "
JSON = '{"apiVersion": "v1", "kind": "A", "metadata": {"name": "a"}, "spec": '
SOME, MANY = range(40), range(40, 2_000)
SEEDS = [*(pytest.param(seed) for seed in SOME), pytest.param(MANY, marks=pytest.mark.proof, id="many")]


def _data(chance: random.Random, deepest: int = 4) -> Any:
    """Make up data."""
    match chance.randrange(9 if deepest else 6):
        case 0:
            return chance.choice([None, True, False])
        case 1:
            return chance.randrange(-(1 << 63), 1 << 63) >> chance.randrange(64)
        case 2:
            return chance.uniform(-1, 1) * 10.0 ** chance.randrange(-300, 300)
        case 3 | 4 | 5:
            return "".join(chance.choices(WORDS, k=chance.randrange(4)))
        case 6:
            return [_data(chance, deepest - 1) for _ in range(chance.randrange(4))]
        case _:
            return {
                chance.choice(WORDS[:5]) + str(each): _data(chance, deepest - 1) for each in range(chance.randrange(4))
            }


def _of(seeds: int | range) -> list[random.Random]:
    return [random.Random(seed) for seed in ([seeds] if isinstance(seeds, int) else seeds)]


def _object(data: Any) -> dict[str, Any]:
    return {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": data}


def _whole(data: Any) -> Any:
    """Give numbers as Go holds them."""
    if isinstance(data, dict):
        return {key: _whole(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_whole(each) for each in data]
    if isinstance(data, float) and data.is_integer() and abs(data) < 1e21:
        return int(data)
    return data


@pytest.mark.parametrize("seeds", SEEDS)
def test_json_comes_back(seeds: int | range) -> None:
    """My JSON is read as I wrote it, however my editor indents and escapes it."""
    for chance in _of(seeds):
        data, escaped, indent = _data(chance), chance.random() < 0.5, chance.choice([None, "\t", 2])
        text = json.dumps(_object(data), ensure_ascii=escaped, indent=indent)
        (read,) = read_manifests(decode(text.encode(), "a.json"), "a.json")
        assert same(read.body["spec"], _whole(data))
        _is_in_its_place(read, text)


@pytest.mark.parametrize("seeds", SEEDS)
def test_yaml_comes_back(seeds: int | range) -> None:
    """My YAML is read as I wrote it, in blocks or in braces, in whatever encoding."""
    for chance in _of(seeds):
        data, flow, encoding = _data(chance), chance.choice([None, False, True]), chance.choice(ENCODINGS)
        text = yaml.dump(_object(_quoted(data)), Dumper=_Careful, default_flow_style=flow, width=40, allow_unicode=True)
        (read,) = read_manifests(decode(text.encode(encoding), "a.yaml"), "a.yaml")
        assert same(read.body["spec"], _whole(data)), text
        _is_in_its_place(read, text)


@pytest.mark.parametrize("seeds", SEEDS)
def test_any_signs_are_read_or_refused_by_name(seeds: int | range) -> None:
    """Whatever a stranger types, I get objects, or a sentence that begins with the file."""
    for chance in _of(seeds):
        for head, file in (("", "a.yaml"), (HEAD, "a.yaml"), ("", "a.json"), ("{", "a.json"), (JSON, "a.json")):
            text = head + "".join(chance.choices(SIGNS, k=chance.randrange(60)))
            assert _told(text, file).startswith(f"{file}:")


def _told(text: str, file: str) -> str:
    """Say why a text is refused; of what is read, that it is JSON."""
    try:
        found = read_manifests(decode(text.encode(), file), file)
    except InvalidManifest as error:
        return error.summary
    assert all(json.loads(json.dumps(each.body)) == each.body for each in found)
    return f"{file}: read"


class _Careful(yaml.SafeDumper):
    """Writes each text in quotes, and no aliases."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


class _Text(str):
    """A text that is written in quotes."""


_Careful.add_representer(
    _Text, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)
_Careful.add_representer(float, lambda dumper, number: dumper.represent_scalar("tag:yaml.org,2002:float", repr(number)))


def _quoted(data: Any) -> Any:
    if isinstance(data, dict):
        return {_Text(key): _quoted(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_quoted(each) for each in data]
    return _Text(data) if isinstance(data, str) else data


def _is_in_its_place(read: Manifest, text: str) -> None:
    """Follow the way to the first leaf, and find something there."""
    path: Path = ("spec",)
    data = read.body["spec"]
    while isinstance(data, dict | list) and data:
        step: str | int = next(iter(data)) if isinstance(data, dict) else 0
        path, data = (*path, step), data[step]  # type: ignore[index]  # a key of a mapping, or the first of a list
    _, line, column = read.place_of(path).split(":")
    assert int(column) <= len(text.removeprefix("\ufeff").split("\n")[int(line) - 1]) + 1
