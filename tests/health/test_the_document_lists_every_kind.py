"""docs/health.md is true: it has every kind and every group that has a rule, and no other."""

import re
from pathlib import Path

from workers.cluster.health.kinds.choosing import FAMILIES
from workers.cluster.health.kinds.table import TABLE

DOCUMENT = (Path(__file__).parents[2] / "docs" / "health.md").read_text()


def test_every_kind_with_a_rule_is_listed() -> None:
    """I can look up whether Pushboat knows what I deploy."""
    part = DOCUMENT.split("## Kinds with a rule of their own")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", part, re.MULTILINE)
    listed = {(group, kind) for group, kinds in rows for kind in re.findall(r"`(\w+)`", kinds)}
    assert listed == set(TABLE)


def test_every_group_with_a_contract_is_listed() -> None:
    """The same of groups that are known as a whole."""
    part = DOCUMENT.split("## Groups in which every kind keeps one contract")[1]
    assert set(re.findall(r"^\| `([^`]+)` and ", part, re.MULTILINE)) == set(FAMILIES)
