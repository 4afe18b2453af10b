"""Which of two tags names the newer version."""

import itertools

import pytest

from pushboat.routing.versions import is_older

ASCENDING = [
    ("v1.9", "v1.10", "v2.0-rc.1", "v2.0-rc.2", "v2.0-rc.10", "v2.0", "v2.0.1", "v2.10.0", "v10.0.0"),
    ("1.0.0-1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-rc.1", "1.0.0"),
    ("release-1", "release-2", "release-10"),
    ("2024-05", "2024-11", "2025-01"),
    ("2024-05-31", "2024-11-02", "2025-01-01"),
    ("web/v1.2.0", "web/v1.2.1", "web/v1.10.0"),
    ("V1.0.0rc1", "v1.0.0rc2", "v1.0.0"),
]
SAME = [("v1.2", "v1.2.0"), ("v1.0.0+build.1", "v1.0.0+build.2"), ("v1.0.0", "V1.0.0")]
UNKNOWN = [
    ("latest", "stable"), ("v1.0", "web/v1.1"), ("v1.0", "nightly"), ("", "v1"), ("v1", f"v{'9' * 5000}"),
    ("v\u0661", "v\u0662"),
]  # fmt: skip


@pytest.mark.parametrize("versions", ASCENDING)
def test_versions_are_ordered_as_people_mean_them(versions: tuple[str, ...]) -> None:
    """v1.9 comes before v1.10, a candidate before its release, May before November."""
    for older, newer in itertools.combinations(versions, 2):
        assert is_older(older, newer), (older, newer)
        assert not is_older(newer, older), (newer, older)


@pytest.mark.parametrize(("one", "other"), SAME + UNKNOWN)
def test_what_cannot_be_said_is_not_guessed(one: str, other: str) -> None:
    """The same version, another scheme, or no version at all: neither is older."""
    assert not is_older(one, other)
    assert not is_older(other, one)
