"""Patterns of branches and tags mean what they mean at the forge, and cost nothing whoever wrote them."""

import pytest

from pushboat.routing.refs import matches


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("main", "main", True),
        ("main", "Main", False),
        ("main", "main/x", False),
        ("*", "main", True),
        ("*", "release/1", False),
        ("release/*", "release/1", True),
        ("release/*", "release/1/2", False),
        ("release/*/*", "release/1/2", True),
        ("**/*", "main", True),
        ("**/*", "release/1/2", True),
        ("**/hotfix", "a/b/hotfix", True),
        ("**/hotfix", "hotfix", True),
        ("**/hotfix", "a/hotfix/b", False),
        ("v[0-9].?", "v1.2", True),
        ("v[^0-9]", "v1", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("", "", True),
        ("main", "", False),
    ],
)
def test_a_pattern_matches_as_the_forge_matches(pattern: str, name: str, expected: bool) -> None:
    """What may be deployed there may be deployed here, and nothing else."""
    assert matches(pattern, name) is expected


@pytest.mark.parametrize("pattern", ["**/" * 40 + "x", "*a" * 60 + "b", "**/" * 500, "[" * 300])
def test_a_pattern_ends_soon(pattern: str) -> None:
    """However it is written: it is the rule of somebody who may write rules, and no way to stop a worker."""
    assert not matches(pattern, "a/" * 49 + "a" * 200)
