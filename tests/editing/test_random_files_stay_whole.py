"""Whatever a file looks like, a change of one field loses no comment and touches no other line."""

import difflib
import json
import random
import re
from copy import deepcopy
from typing import Any

import pytest

from workers.editing.rewriting import rewritten
from workers.editing.texts import CannotWrite, opened

WORDS = [
    "a",
    "on",
    "0644",
    "x: y",
    "it's",
    "# no",
    "",
    "é",
    "v1.2.3",
    "1e3",
    "long words with spaces",
    "t\nu",
    "t\n v\n",
]
CHANGES = 60
MOST_REFUSED = 0.05


class Writer:
    """Writes data as people do: in any style, with comments wherever one may stand, each of which is numbered."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.comments = chance, 0
        self.step, self.dash = chance.choice([2, 4]), chance.choice([0, 2])

    def file(self, data: Any) -> str:
        return "".join(self._above(0) + line for line in ("---\n",)) + self._block(data, 0)

    def _comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}."

    def _above(self, column: int) -> str:
        made = self.chance.random()
        return f"{' ' * column}{self._comment()}\n" if made < 0.15 else "\n" if made < 0.2 else ""

    def _behind(self) -> str:
        return f"  {self._comment()}\n" if self.chance.random() < 0.2 else "\n"

    def _block(self, data: Any, column: int) -> str:
        if isinstance(data, dict):
            return "".join(self._above(column) + " " * column + self._entry(*pair, column) for pair in data.items())
        return "".join(self._above(column) + " " * column + self._item(each, column) for each in data)

    def _entry(self, key: str, value: Any, column: int) -> str:
        deeper = column + (self.dash if isinstance(value, list) else self.step)
        if isinstance(value, dict | list) and value and self.chance.random() < 0.8:
            return f"{json.dumps(key)}:{self._behind()}{self._block(value, deeper)}"
        return f"{json.dumps(key)}: {self._leaf(value, column)}"

    def _item(self, value: Any, column: int) -> str:
        if isinstance(value, dict) and value and self.chance.random() < 0.8:
            first, *rest = value.items()
            shown = f"- {self._entry(*first, column + 2)}"
            return shown + (self._block(dict(rest), column + 2) if rest else "")
        return f"- {self._leaf(value, column)}"

    def _leaf(self, value: Any, column: int) -> str:
        if isinstance(value, str) and "\n" in value and self.chance.random() < 0.7:
            sign = "|" if value.endswith("\n") else "|-"
            lines = value.removesuffix("\n").split("\n")
            return f"{sign}{self._behind()}" + "".join(f"{' ' * (column + self.step)}{line}\n" for line in lines)
        if isinstance(value, str) and "\n" not in value and self.chance.random() < 0.4:
            quoted = value.replace("'", "''")
            return f"'{quoted}'{self._behind()}"
        return f"{json.dumps(value, ensure_ascii=False)}{self._behind()}"


def made(chance: random.Random, depth: int = 0) -> Any:
    """Make data: a mapping, a list or a leaf."""
    kind = chance.random()
    if depth < 4 and (kind < 0.35 or depth == 0):
        return {chance.choice(["a", "b", "name", "on", "x/y", "1"]): made(chance, depth + 1) for _ in range(4)}
    if depth < 4 and kind < 0.55:
        return [made(chance, depth + 1) for _ in range(chance.randrange(4))]
    return chance.choice([*WORDS, 1, 2.5, True, None])


def fields(data: Any) -> list[tuple[Any, Any]]:
    """List all fields, each by what holds it and its key or number."""
    keys = list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []
    return [(data, key) for key in keys] + [found for key in keys for found in fields(data[key])]


def changed(chance: random.Random, wanted: Any) -> bool:
    """Change one field: put a leaf in a leaf's place, add one, or take one away; say whether it was taken away."""
    holder, key = chance.choice(fields(wanted))
    act = chance.choice(["put", "add", "take"])
    if act == "add" and isinstance(holder, dict):
        holder["new"] = made(chance, 3)
    elif act == "add":
        holder.insert(chance.randrange(len(holder) + 1), made(chance, 3))
    elif act == "take" and not isinstance(holder[key], dict | list) and len(holder) > 1:
        del holder[key]
        return True
    elif not isinstance(holder[key], dict | list):
        holder[key] = chance.choice(WORDS)
    return False


def comments(text: str) -> set[str]:
    return set(re.findall(r"# c\d+\.", text))


@pytest.mark.parametrize("seed", range(8))
def test_no_comment_is_lost(seed: int) -> None:
    """Of each file some fields change; what was refused is little, and nothing else happened to the others."""
    chance, refused = random.Random(seed), 0
    for _ in range(CHANGES):
        data = made(chance)
        before = Writer(chance).file(data)
        assert opened(before.encode(), "a.yaml").documents()[0].data == data, before
        wanted = deepcopy(data)
        taken = changed(chance, wanted)
        try:
            after = rewritten(before.encode(), "a.yaml", 0, wanted).decode()
        except CannotWrite:
            refused += 1
            continue
        lost = comments(before) - comments(after)
        assert len(lost) <= int(taken), (before, after)
        told = [*difflib.ndiff(before.splitlines(), after.splitlines())]
        assert sum(line[:1] == "-" for line in told) <= 4, (before, after)
    assert refused <= CHANGES * MOST_REFUSED
