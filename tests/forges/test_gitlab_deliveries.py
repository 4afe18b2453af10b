"""GitLab's deliveries say what happened, in our words."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from pushboat.config.operator import Secret
from pushboat.errors import BadSignature
from pushboat.events import ZERO_SHA, Delivery
from pushboat.forges.gitlab import deliveries, signing
from tests.forges.recorded import MERGED, SECRET, A, B, cases, recorded

PUSH = {"kind": "push", "repository": "acme/web/shop", "author": "alice", "bot": False, "forced": False}
MERGE = {
    "kind": "pull_request", "repository": "acme/web/shop", "ref": "feature/cart", "base_ref": "main", "sha": B,
    "number": 7, "fork": False, "merged_sha": "", "author": "alice",
}  # fmt: skip
NOTE = {
    "kind": "comment", "action": "created", "repository": "acme/web/shop", "author": "rita", "bot": False,
    "comment": "/deploy staging", "comment_id": 1244,
}  # fmt: skip
ON_MERGE = NOTE | {"comment_on": "pull_request", "number": 7, "sha": B, "base_ref": "main", "fork": False}
EXPECTED: dict[str, dict[str, Any]] = {
    "push": PUSH | {"action": "updated", "ref": "refs/heads/main", "before": A, "sha": B},
    "push_created": PUSH | {"action": "created", "ref": "refs/heads/feature/cart", "before": ZERO_SHA, "sha": B},
    "push_deleted": PUSH | {"action": "deleted", "ref": "refs/heads/feature/cart", "before": B, "sha": ZERO_SHA},
    "push_of_an_old_version": PUSH | {"action": "updated", "author": "Alice Example"},
    "push_by_a_bot": PUSH | {"author": "project_15_bot_3f0e9d", "bot": True},
    "tag_push_annotated": PUSH | {"action": "created", "ref": "refs/tags/v1.2.0", "sha": B},
    "tag_push_deleted": PUSH | {"action": "deleted", "ref": "refs/tags/v1.2.0", "sha": ZERO_SHA},
    "push_of_an_instance": PUSH | {"action": "updated", "sha": B},
    "project_create_of_an_instance": {"kind": "other", "title": "project_create", "repository": "acme/web/shop"},
    "merge_request_open": MERGE | {"action": "opened"},
    "merge_request_new_commits": MERGE | {"action": "updated", "before": A},
    "merge_request_title_edited": MERGE | {"action": "edited"},
    "merge_request_ready": MERGE | {"action": "ready"},
    "merge_request_draft": MERGE | {"action": "draft"},
    "merge_request_ready_of_an_old_version": MERGE | {"action": "ready"},
    "merge_request_retargeted": MERGE | {"action": "retargeted"},
    "merge_request_reopen": MERGE | {"action": "reopened"},
    "merge_request_close": MERGE | {"action": "closed"},
    "merge_request_merged": MERGE | {"action": "merged", "merged_sha": MERGED},
    "merge_request_fast_forwarded": MERGE | {"action": "merged", "merged_sha": B},
    "merge_request_from_a_fork": MERGE | {"action": "opened", "fork": True, "author": "mallory"},
    "merge_request_approved": {"kind": "other", "title": "merge_request"},
    "note_on_a_merge_request": ON_MERGE,
    "note_on_a_line": ON_MERGE,
    "note_on_an_issue": NOTE | {"comment_on": "issue", "number": 12, "sha": "", "fork": None},
    "note_on_a_commit": NOTE | {"comment_on": "commit", "number": None, "sha": B},
    "note_by_a_bot": ON_MERGE | {"author": "group_9_bot_ab12", "bot": True},
    "note_edited": ON_MERGE | {"action": "edited"},
    "note_by_the_system": {"kind": "other", "title": "note"},
    "note_of_an_old_version": ON_MERGE,
    "confidential_note": NOTE | {"comment_on": "issue", "number": 12},
    "pipeline": {"kind": "other", "title": "pipeline", "repository": "acme/web/shop"},
    # GitLab names the merge request's own branch there, and nowhere the train's: nothing tells it from other pipelines.
    "pipeline_of_a_merge_train": {"kind": "other", "title": "pipeline", "repository": "acme/web/shop"},
}
SIGNING = Secret(value="whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", kind="signing")
VECTOR = Delivery(
    headers={
        "webhook-id": "f5e5f430-f57b-4e6e-9fac-d9128cd7232f",
        "webhook-timestamp": "1767225600",
        "webhook-signature": "v1,YoWTc/lnFx0737d3U1+bnfMWl3wbxHZTijwz92juQCg=",
    },
    body=b'{"object_kind":"push"}',
)
"""Of GitLab's documentation, checked against a second implementation."""


@pytest.mark.parametrize("case", EXPECTED)
def test_a_delivery_is_read_as_what_happened(case: str) -> None:
    """Whatever GitLab sends, Pushboat understands it as GitLab means it."""
    event = asdict(deliveries.read(recorded("gitlab", case)))

    assert {key: event[key] for key in EXPECTED[case]} == EXPECTED[case]


def test_every_recorded_delivery_has_an_expectation() -> None:
    """No sample lies around unread."""
    assert set(cases("gitlab")) == set(EXPECTED)


def test_a_resend_has_the_same_id() -> None:
    """Pressing Resend deploys nothing twice, although GitLab makes new ids for everything else."""
    first = recorded("gitlab", "push")
    again = replace(first, headers={**first.headers, "x-gitlab-event-uuid": "new", "x-gitlab-webhook-uuid": "new"})

    assert deliveries.identify(first) == deliveries.identify(again) == "f5e5f430-f57b-4e6e-9fac-d9128cd70001"
    assert deliveries.identify(replace(first, headers={**first.headers, "webhook-id": "w-1"})) == "w-1"


def test_an_old_gitlab_is_told_apart_by_content() -> None:
    """Before 17.4 there is no id that a Resend keeps, so the content decides; the event's uuid may repeat."""
    first, other = recorded("gitlab", "push"), recorded("gitlab", "push_created")
    for delivery in (first, other):
        del delivery.headers["idempotency-key"]
        delivery.headers["x-gitlab-event-uuid"] = "repeated"

    assert deliveries.identify(first) != deliveries.identify(other)


def test_the_documented_signature_is_accepted() -> None:
    """A signing token of GitLab 19.0 works."""
    signing.verify(VECTOR, (SIGNING,), now=1767225600 + 299)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("webhook-signature", "v1,YoWTc/lnFx0737d3U1+bnfMWl3wbxHZTijwz92juQCh="),
        ("webhook-signature", "v1,"),
        ("webhook-signature", ""),
        ("webhook-signature", "v1,Ünicode"),
        ("webhook-signature", "v2,YoWTc/lnFx0737d3U1+bnfMWl3wbxHZTijwz92juQCg="),
        ("webhook-id", "another"),
        ("webhook-timestamp", "1767225601"),
        ("webhook-timestamp", "soon"),
    ],
)
def test_another_signature_id_or_time_is_refused(header: str, value: str) -> None:
    """The signature covers all three."""
    with pytest.raises(BadSignature):
        signing.verify(replace(VECTOR, headers={**VECTOR.headers, header: value}), (SIGNING,), now=1767225600)


@pytest.mark.parametrize("drift", [-301, 301])
def test_a_signature_of_another_time_is_a_replay(drift: int) -> None:
    """More than five minutes away from our clock, a correct signature is worth nothing."""
    with pytest.raises(BadSignature, match="clock"):
        signing.verify(VECTOR, (SIGNING,), now=1767225600 + drift)


def test_any_of_several_signatures_will_do() -> None:
    """While GitLab rotates a token it sends several signatures."""
    both = {**VECTOR.headers, "webhook-signature": f"v1,AAAA {VECTOR.headers['webhook-signature']}"}

    signing.verify(replace(VECTOR, headers=both), (SIGNING,), now=1767225600)


def test_the_clear_token_does_not_replace_a_signature() -> None:
    """Once a signing token is configured, who knows only the clear one stays outside."""
    delivery = recorded("gitlab", "push")
    delivery.headers["x-gitlab-token"] = SECRET

    with pytest.raises(BadSignature):
        deliveries.verify(delivery, (Secret(value=SECRET), SIGNING))
