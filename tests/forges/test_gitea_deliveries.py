"""Gitea's deliveries say what happened, in our words. They were sent by a Gitea 1.24."""

import hashlib
import hmac
from dataclasses import asdict, replace
from typing import Any

import pytest

from pushboat.config.operator import Secret
from pushboat.errors import BadSignature, UnreadableDelivery, UnsupportedEncoding
from pushboat.events import ZERO_SHA, Delivery
from pushboat.forges.gitea import deliveries
from tests.forges.recorded import MERGED, SECRET, A, B, cases, recorded, signed

PUSH = {"kind": "push", "repository": "acme/shop", "repository_id": "1", "author": "alice", "bot": False}
PULL = {
    "kind": "pull_request", "repository": "acme/shop", "ref": "feature/cart", "base_ref": "main", "sha": B,
    "number": 1, "fork": False, "merged_sha": "", "author": "ada",
}  # fmt: skip
COMMENT = {
    "kind": "comment", "action": "created", "repository": "acme/shop", "author": "rita", "comment": "/deploy staging",
    "comment_on": "pull_request", "number": 1, "sha": B, "ref": "feature/cart", "base_ref": "main", "fork": False,
}  # fmt: skip
EXPECTED: dict[str, dict[str, Any]] = {
    "push": PUSH | {"action": "updated", "ref": "refs/heads/main", "before": A, "sha": B},
    "push_created": PUSH | {"action": "created", "ref": "refs/heads/feature/cart", "before": ZERO_SHA, "sha": B},
    "push_forced": PUSH | {"action": "updated", "ref": "refs/heads/force3", "before": A, "sha": B},
    "push_of_a_merge": PUSH | {"action": "updated", "ref": "refs/heads/main", "sha": B},
    "test_delivery": PUSH | {"action": "updated", "ref": "refs/heads/main", "author": "ada"},
    "branch_created": {"kind": "other", "title": "create", "repository": "acme/shop"},
    "branch_deleted": PUSH | {"action": "deleted", "ref": "refs/heads/feature/cart", "sha": ZERO_SHA},
    "tag_created": {"kind": "other", "title": "create", "repository": "acme/shop"},
    "tag_pushed_annotated": PUSH | {"action": "created", "ref": "refs/tags/v1.2.0", "sha": B},
    "tag_deleted": PUSH | {"action": "deleted", "ref": "refs/tags/v1.2.0", "sha": ZERO_SHA},
    "tag_deleted_told_twice": PUSH | {"action": "deleted", "ref": "refs/tags/v1.2.0", "sha": ZERO_SHA},
    "pull_request_opened": PULL | {"action": "opened"},
    "pull_request_synchronized": PULL | {"action": "updated"},
    "pull_request_draft": PULL | {"action": "draft"},
    "pull_request_ready": PULL | {"action": "ready"},
    "pull_request_edited": PULL | {"action": "edited"},
    "pull_request_retargeted": PULL | {"action": "retargeted", "base_ref": "next"},
    "pull_request_closed": PULL | {"action": "closed"},
    "pull_request_reopened": PULL | {"action": "reopened"},
    "pull_request_labelled": {"kind": "other", "title": "pull_request label_updated", "repository": "acme/shop"},
    "pull_request_merged": PULL | {"action": "merged", "merged_sha": MERGED},
    "pull_request_merged_by_squash": PULL | {"action": "merged", "ref": "f-squash", "number": 3, "merged_sha": MERGED},
    "pull_request_merged_by_rebase": PULL | {"action": "merged", "ref": "f-rebase", "number": 4, "merged_sha": B},
    "pull_request_merged_by_fast_forward_only": PULL
    | {"action": "merged", "ref": "f-fast-forward-only", "number": 5, "merged_sha": B},
    "pull_request_from_a_fork": PULL
    | {"action": "opened", "ref": "evil", "number": 7, "fork": True, "author": "mallory"},
    "pull_request_of_a_push_for": PULL
    | {"action": "opened", "ref": "refs/pull/6/head", "number": 6, "fork": True, "author": "rita"},
    "comment_on_a_pull_request": COMMENT,
    "comment_edited": COMMENT | {"action": "edited", "comment": "/deploy production"},
    "comment_deleted": COMMENT | {"action": "deleted", "comment": "/deploy production"},
    "comment_on_an_issue": COMMENT
    | {"comment_on": "issue", "number": 2, "sha": "", "ref": "", "base_ref": "", "fork": None},
    "review_comment": COMMENT | {"comment_on": "other"},
    "review_approved": COMMENT | {"comment_on": "other"},
}


@pytest.mark.parametrize("case", EXPECTED)
def test_a_delivery_is_read_as_what_happened(case: str) -> None:
    """Whatever Gitea sends, Pushboat understands it as Gitea means it."""
    event = asdict(deliveries.read(recorded("gitea", case)))

    assert {key: event[key] for key in EXPECTED[case]} == EXPECTED[case]


def test_every_recorded_delivery_has_an_expectation() -> None:
    """No sample lies around unread."""
    assert set(cases("gitea")) == set(EXPECTED)


def test_forgejo_is_read_by_its_own_names_too() -> None:
    """With its headers beside Gitea's, or alone."""
    delivery = recorded("gitea", "push")
    digest = hmac.new(SECRET.encode(), delivery.body, hashlib.sha256).hexdigest()
    alone = {"x-forgejo-event": "push", "x-forgejo-signature": digest, "content-type": "application/json"}

    for headers in (alone, {**delivery.headers, **alone, "x-gitea-signature": digest}):
        sent = replace(delivery, headers=headers)
        deliveries.verify(sent, (Secret(value=SECRET),))
        assert deliveries.read(sent) == deliveries.read(delivery)


@pytest.mark.parametrize("header", ["x-gitea-signature", "x-forgejo-signature"])
@pytest.mark.parametrize("value", ["", "0" * 64, "sha256=", "\xfcn\xefcode"])
def test_no_signature_of_ours_opens_by_github_s_name(header: str, value: str) -> None:
    """A right digest under GitHub's name helps nobody whose own header is empty or wrong."""
    delivery = signed("github", recorded("gitea", "push"))
    sent = replace(delivery, headers={**delivery.headers, header: value})

    with pytest.raises(BadSignature):
        deliveries.verify(sent, (Secret(value=SECRET),))


def test_a_delivery_of_github_is_refused_by_name() -> None:
    """A hook that points at the wrong forge is found at its first delivery."""
    with pytest.raises(UnreadableDelivery, match="kind really gitea"):
        deliveries.read(recorded("github", "push"))


def test_a_hook_that_sends_forms_is_told_what_to_change() -> None:
    """Gitea offers forms beside JSON."""
    form = Delivery(headers={"content-type": "application/x-www-form-urlencoded", "x-gitea-event": "push"}, body=b"a=b")
    with pytest.raises(UnsupportedEncoding, match="application/json"):
        deliveries.read(form)


def test_a_redelivery_has_the_id_of_the_first() -> None:
    """Its page's button sends the same delivery again."""
    assert deliveries.identify(recorded("gitea", "push")) == recorded("gitea", "push").headers["x-gitea-delivery"]
