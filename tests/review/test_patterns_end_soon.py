"""A pattern of somebody's CRD is tried only where it ends soon, whatever text it meets."""

import re
import time

import pytest

from workers.review.schema.patterns import LONGEST_TEXT, breaks


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "web-1", "Web_1"),
        (r"^\d+(ms|s|m|h)$", "30s", "30 s"),
        (r"^(http|https)://.+$", "http://a", "ftp://a"),
        (r"^v[0-9]{1,3}\.[0-9]{1,3}$", "v1.2", "v1"),
        ("^(Always|Never)$", "Never", "never"),
        (r"^[^@\s]+@[^@\s]+$", "a@b", "a b"),
        ("[a-z]", "1a", "1"),
    ],
)
def test_a_common_pattern_is_tried(pattern: str, right: str, wrong: str) -> None:
    """What does not match is told early, with the pattern."""
    assert (breaks(pattern, right), breaks(pattern, wrong)) == (False, True)


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a+)+$",
        "^(a|a)*$",
        "^(a*)*$",
        "^((a?)*b?)*$",
        "^(?:a|ab)+$",
        r"^([a-z]+\.)+$",
        "^a*a*a*a*a*b$",
        "^" + "a?" * 30 + "a" * 30 + "$",
        "^(a{1,30}){1,30}$",
        r"^(a)\1$",
        "^(?=a+)a+$",
        "(?P<x>a)",
        r"^\p{L}+$",
        r"^[[:alpha:]]+\z",
        "a{2,1}",
        "[z-a]",
        "(a",
        "a)",
        "*",
    ],
)
def test_what_may_never_end_or_is_read_otherwise_is_left_to_the_server(pattern: str) -> None:
    """A hostile or unusual pattern neither keeps a worker busy nor makes a push red."""
    began = time.process_time()
    assert not breaks(pattern, "a" * 40 + "!")
    assert time.process_time() - began < 1.0


def test_a_pattern_that_is_tried_ends_soon_at_its_worst() -> None:
    """The worst that is let through takes far less than a second on the longest text that is looked at."""
    for pattern in ("^[a-z]*[a-z]*$", "^.*.*!$", "^(a{1,9}){5}.*b$", "[a-z]+[a-z]+!"):
        began = time.process_time()
        breaks(pattern, "a" * LONGEST_TEXT)
        assert time.process_time() - began < 2.0, pattern
    assert not breaks("^b$", "a" * (LONGEST_TEXT + 1))


def test_a_class_means_ascii_as_in_go() -> None:
    """A digit is one of ten, not any that Unicode has."""
    assert re.fullmatch(r"\d", "\N{ARABIC-INDIC DIGIT FOUR}")
    assert breaks(r"^\d$", "\N{ARABIC-INDIC DIGIT FOUR}")
