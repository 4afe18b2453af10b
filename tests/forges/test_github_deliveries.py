"""GitHub's deliveries say what happened, in our words."""

from dataclasses import asdict
from typing import Any

import pytest

from pushboat.errors import UnreadableDelivery, UnsupportedEncoding
from pushboat.events import ZERO_SHA, Delivery, EventKind
from pushboat.forges.github import deliveries
from tests.forges.recorded import MERGED, A, B, cases, recorded

PUSH = {"kind": "push", "repository": "acme/shop", "author": "alice", "bot": False}
PULL = {
    "kind": "pull_request", "repository": "acme/shop", "ref": "feature/cart", "base_ref": "main", "sha": B,
    "number": 7, "fork": False, "merged_sha": "", "author": "alice", "bot": False,
}  # fmt: skip
COMMENT = {
    "kind": "comment", "repository": "acme/shop", "sha": "", "number": 7, "fork": None, "author": "rita", "bot": False,
    "comment": "/deploy staging", "comment_id": 492700400, "comment_on": "pull_request",
}  # fmt: skip
QUEUE = f"refs/heads/gh-readonly-queue/main/pr-7-{A}"
EXPECTED: dict[str, dict[str, Any]] = {
    "push": PUSH | {"action": "updated", "ref": "refs/heads/main", "before": A, "sha": B, "forced": False},
    "push_created": PUSH | {"action": "created", "ref": "refs/heads/feature/cart", "before": ZERO_SHA, "sha": B},
    "push_deleted": PUSH | {"action": "deleted", "ref": "refs/heads/feature/cart", "before": B, "sha": ZERO_SHA},
    "push_forced": PUSH | {"action": "updated", "forced": True},
    "push_annotated_tag": PUSH | {"action": "created", "ref": "refs/tags/v1.2.0", "sha": B},
    "push_without_optional_keys": {"kind": "push", "action": "updated", "sha": B, "before": A, "author": ""},
    "ping": {"kind": "ping", "repository": "acme/shop"},
    "ping_of_an_organization": {"kind": "ping", "repository": ""},
    "pull_request_opened": PULL | {"action": "opened"},
    "pull_request_synchronize": PULL | {"action": "updated", "before": A},
    "pull_request_reopened": PULL | {"action": "reopened"},
    "pull_request_ready_for_review": PULL | {"action": "ready"},
    "pull_request_converted_to_draft": PULL | {"action": "draft"},
    "pull_request_retargeted": PULL | {"action": "retargeted"},
    "pull_request_title_edited": PULL | {"action": "edited"},
    "pull_request_closed": PULL | {"action": "closed"},
    "pull_request_merged": PULL | {"action": "merged", "merged_sha": MERGED},
    "pull_request_labeled": {"kind": "other", "action": "labeled", "title": "pull_request labeled"},
    "pull_request_from_a_fork": PULL | {"action": "opened", "fork": True},
    "pull_request_from_a_deleted_fork": PULL | {"action": "opened", "fork": True},
    "pull_request_inside_a_fork": PULL | {"action": "opened", "fork": False},
    "issue_comment_on_a_pull_request": COMMENT | {"action": "created"},
    "issue_comment_edited": COMMENT | {"action": "edited"},
    "issue_comment_deleted": COMMENT | {"action": "deleted"},
    "issue_comment_on_an_issue": COMMENT | {"action": "created", "comment_on": "issue"},
    "issue_comment_by_a_bot": COMMENT | {"action": "created", "author": "renovate[bot]", "bot": True},
    "commit_comment": COMMENT
    | {"action": "created", "comment_on": "commit", "number": None, "sha": B, "comment_id": 33548674},
    "pull_request_review_comment": COMMENT | {"action": "created", "comment_on": "other", "comment_id": 284312630},
    "pull_request_review": COMMENT | {"action": "created", "comment_on": "other", "comment_id": 237895671},
    "merge_group_checks_requested": {
        "kind": "merge_group", "action": "checks_requested", "ref": QUEUE, "base_ref": "main", "sha": B,
    },
    "merge_group_destroyed": {"kind": "merge_group", "action": "destroyed", "title": "merged"},
    "check_run_rerequested": {"kind": "rerun", "sha": B, "ref": "feature/cart", "number": 7, "title": "pushboat/plan"},
    "check_run_requested_action": {
        "kind": "rerun", "action": "requested_action", "sha": B, "number": 7, "title": "pushboat/plan/staging",
        "button": "deploy", "author": "alice", "bot": False,
    },
    "check_suite_rerequested": {"kind": "rerun", "sha": B, "ref": "feature/cart", "number": None},
    "check_suite_requested": {"kind": "other", "title": "check_suite requested"},
    "create": {"kind": "other", "title": "create"},
    "delete": {"kind": "other", "title": "delete"},
}  # fmt: skip


@pytest.mark.parametrize("case", EXPECTED)
def test_a_delivery_is_read_as_what_happened(case: str) -> None:
    """Whatever GitHub sends, Pushboat understands it as GitHub means it."""
    event = asdict(deliveries.read(recorded("github", case)))

    assert {key: event[key] for key in EXPECTED[case]} == EXPECTED[case]


def test_every_recorded_delivery_has_an_expectation() -> None:
    """No sample lies around unread."""
    assert set(cases("github")) == set(EXPECTED) | {"sent_by_forgejo"}


def test_a_redelivery_has_the_same_id() -> None:
    """Pressing Redeliver deploys nothing twice."""
    assert deliveries.identify(recorded("github", "push")) == "72d3162e-cc78-11e3-81ab-4c9367dc0001"


def test_without_an_id_the_content_is_the_identity() -> None:
    """A proxy that eats headers does not make two deliveries into one."""
    first, second = recorded("github", "push"), recorded("github", "push_forced")
    for delivery in (first, second):
        del delivery.headers["x-github-delivery"]

    assert deliveries.identify(first) != deliveries.identify(second)
    assert deliveries.identify(first) == deliveries.identify(first)


def test_a_forgejo_delivery_is_not_taken_for_one_of_github() -> None:
    """Forgejo sends all of GitHub's headers; it is told that it came to the wrong door."""
    with pytest.raises(UnreadableDelivery, match="Forgejo"):
        deliveries.read(recorded("github", "sent_by_forgejo"))


def test_a_form_is_refused_with_the_setting_to_change() -> None:
    """A webhook set to form encoding is told to switch to JSON."""
    delivery = recorded("github", "push")
    delivery.headers["content-type"] = "application/x-www-form-urlencoded"

    with pytest.raises(UnsupportedEncoding, match="application/json"):
        deliveries.read(delivery)


def test_an_event_of_tomorrow_is_other() -> None:
    """An event that GitHub invents after us is recorded, not refused."""
    delivery = Delivery(headers={"x-github-event": "teleport"}, body=b'{"action": "beamed"}')

    event = deliveries.read(delivery)

    assert (event.kind, event.title) == (EventKind.OTHER, "teleport beamed")
