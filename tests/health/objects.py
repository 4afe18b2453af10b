"""The objects in tests/data/health/kinds: for each custom kind, statuses as its documentation writes them.

A condition is written `Type=Status/Reason@generation message`. An object is of generation 2 and named x unless it says
otherwise. `says` is a part of the reason, `certain` and `spoken` what the judgement says beside it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pushboat.model.health import Health

FOLDER = Path(__file__).parent.parent / "data" / "health" / "kinds"
_CONDITION = re.compile(
    r"(?P<type>[\w./-]+)=(?P<status>\w+)(?:/(?P<reason>[^\s@]*))?(?:@(?P<seen>\d+))?(?: (?P<message>.+))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One object and what it has to be judged."""

    kind: str
    group: str
    number: int
    health: Health
    live: dict[str, Any]
    says: str
    certain: bool
    spoken: bool

    def __str__(self) -> str:
        return f"{self.kind}.{self.group}-{self.health.value}-{self.number}"


@cache
def cases() -> tuple[Case, ...]:
    """Read all objects."""
    read = (yaml.load(file.read_text(), yaml.CSafeLoader) for file in sorted(FOLDER.glob("*.yaml")))  # safe, in C
    return tuple(case for kinds in read for case in _cases(kinds))


def _cases(kinds: dict[str, dict[str, list[dict[str, Any]]]]) -> Iterator[Case]:
    for key, by_health in kinds.items():
        kind, _, group = key.partition(".")
        for word, objects in by_health.items():
            for number, written in enumerate(objects):
                body = {name: written[name] for name in ("spec", "status") if name in written}
                metadata = {"name": "x", "namespace": "shop", "generation": 2, **written.get("metadata", {})}
                yield Case(
                    kind=kind,
                    group=group,
                    number=number,
                    health=Health(word.capitalize()),
                    live={"apiVersion": f"{group}/v1", "kind": kind, "metadata": metadata, **_whole(body)},
                    says=written.get("says", ""),
                    certain=written.get("certain", False),
                    spoken=written.get("spoken", True),
                )


def _whole(value: Any) -> Any:
    """Write out the conditions that are written short, at any depth."""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [condition(one) if isinstance(one, str) else one for one in each] if key == "conditions" else _whole(each)
        for key, each in value.items()
    }


def condition(written: str) -> dict[str, Any]:
    """Write out one condition."""
    found = _CONDITION.fullmatch(written)
    assert found, written
    values = {"type": found["type"], "status": found["status"], "reason": found["reason"], "message": found["message"]}
    whole: dict[str, Any] = {key: value for key, value in values.items() if value}
    return {**whole, "observedGeneration": int(found["seen"])} if found["seen"] else whole
