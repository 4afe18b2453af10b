"""`formerly` in the operator's file: earlier names, each of which has one environment to go on with."""

from pathlib import Path

import pytest

from pushboat.config import environment, operator
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP, check

LIMITS = "cluster: dev, namespaces: [a], path: deploy"
STORE = f"""
  - repository: github/acme/store
    environments:
      live: {{{LIMITS}}}
"""
MISTAKES = {
    "its own name": ("formerly: [¦stage]", "", "'stage' is this environment's own name"),
    "its own name in full": (
        "formerly: [¦'github/Acme/Shop:stage']",
        "",
        "'github/Acme/Shop:stage' is this environment's own name",
    ),
    "still an environment": (
        "formerly: [¦qa]",
        f"      qa: {{{LIMITS}}}\n",
        "'qa' still is an environment: remove that one, or this line",
    ),
    "still an environment of another repository": (
        "formerly: [¦'github/acme/store:live']",
        STORE,
        "'github/acme/store:live' still is an environment: remove that one, or this line",
    ),
    "named twice": ("formerly: [old, ¦old]", "", "'old' is on line 11 already: one environment goes on with it"),
    "no name": (
        "formerly: [¦'old name']",
        "",
        "'formerly' lists earlier names of this environment: old-name, or <forge>/<repository>:<environment>",
    ),
    "no repository": (
        "formerly: [¦'shop:old']",
        "",
        "'formerly' lists earlier names: old-name, or <forge>/<repository>:<environment>",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_in_an_earlier_name_is_named_at_its_place(case: str, tmp_path: Path) -> None:
    """What still has an owner, or is nobody's name, cannot be gone on with."""
    written, more, message = MISTAKES[case]
    check(f"{FORGES}{CLUSTERS}{SHOP}      stage: {{{LIMITS}, {written}}}\n{more}", message, tmp_path)


def test_one_earlier_name_is_for_one_environment(tmp_path: Path) -> None:
    """Two environments cannot both go on with the same objects."""
    two = f"      one: {{{LIMITS}, formerly: [old]}}\n      two: {{{LIMITS}, formerly: [¦'github/acme/shop:old']}}\n"
    message = "'github/acme/shop:old' is on line 11 already: one environment goes on with it"
    check(FORGES + CLUSTERS + SHOP + two, message, tmp_path)


def test_earlier_names_reach_the_environment(tmp_path: Path) -> None:
    """What the operator writes is what a deployment goes by."""
    text = f"{FORGES}{CLUSTERS}{SHOP}      stage: {{{LIMITS}, formerly: [old, 'github/acme/gone:qa']}}\n"
    read = operator.parse(text, tmp_path / "pushboat.yaml", ENVIRON)
    found = environment.effective(read.projects["github/acme/shop"], None)
    assert found["stage"].formerly == ("old", "github/acme/gone:qa")
