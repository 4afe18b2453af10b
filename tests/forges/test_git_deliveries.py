"""What our own hook sends from a plain git server is read as what was pushed."""

from dataclasses import asdict
from typing import Any

import pytest

from pushboat.events import ZERO_SHA
from pushboat.forges.git import deliveries
from tests.forges.recorded import A, B, cases, recorded

PUSH = {"kind": "push", "repository": "team/shop", "ref": "refs/heads/main", "author": "alice"}
EXPECTED: dict[str, dict[str, Any]] = {
    "push": PUSH | {"action": "updated", "before": A, "sha": B, "forced": False},
    "push_created": PUSH | {"action": "created", "before": ZERO_SHA, "sha": B},
    "push_deleted": PUSH | {"action": "deleted", "before": B, "sha": ZERO_SHA},
    "push_forced": PUSH | {"action": "updated", "forced": True},
    "push_annotated_tag": PUSH | {"action": "created", "ref": "refs/tags/v1.2.0", "sha": B},
    "ping": {"kind": "ping", "repository": "team/shop"},
}


@pytest.mark.parametrize("case", EXPECTED)
def test_a_delivery_is_read_as_what_was_pushed(case: str) -> None:
    """The hook and the reader agree."""
    event = asdict(deliveries.read(recorded("git", case)))

    assert {key: event[key] for key in EXPECTED[case]} == EXPECTED[case]


def test_every_recorded_delivery_has_an_expectation() -> None:
    """No sample lies around unread."""
    assert set(cases("git")) == set(EXPECTED)
