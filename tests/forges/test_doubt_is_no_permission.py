"""What a delivery does not say is never read in the sender's favour; the same for every forge with pull requests."""

import json
from dataclasses import replace
from typing import Any

import pytest

from pushboat.config.operator import Secret
from pushboat.errors import BadSignature
from pushboat.forges.gitlab import deliveries as gitlab
from pushboat.forges.table import deliveries_of
from tests.forges.recorded import recorded


def without(payload: dict[str, Any], *path: str) -> bytes:
    """Take one field out of a payload."""
    *way, last = path
    inner = payload
    for step in way:
        inner = inner[step]
    del inner[last]
    return json.dumps(payload).encode()


@pytest.mark.parametrize(
    ("forge", "case", "paths"),
    [
        (
            "github",
            "pull_request_from_a_fork",
            [("pull_request", "head", "repo", "id"), ("pull_request", "base", "repo", "id")],
        ),
        (
            "gitlab",
            "merge_request_from_a_fork",
            [("object_attributes", "source_project_id"), ("object_attributes", "target_project_id")],
        ),
        (
            "gitea",
            "pull_request_from_a_fork",
            [("pull_request", "head", "repo", "id"), ("pull_request", "base", "repo", "id")],
        ),
    ],
)
def test_a_pull_request_without_an_origin_is_not_ours(forge: str, case: str, paths: list[tuple[str, ...]]) -> None:
    """Where both sides do not say which repository they are, they are not the same one."""
    delivery = recorded(forge, case)
    for path in paths:
        delivery = replace(delivery, body=without(json.loads(delivery.body), *path))
        assert deliveries_of(forge).read(delivery).fork is not False


@pytest.mark.parametrize("token", ["whsec_\u00e4\u00f6\u00fc", "whsec_%%%", "whsec_"])
def test_an_unusable_signing_token_opens_nothing(token: str) -> None:
    """A token that was copied wrongly refuses every delivery as badly signed; it does not crash."""
    delivery = recorded("gitlab", "push")
    headers = {"webhook-signature": "v1,x", "webhook-id": "1", "webhook-timestamp": "1"}
    with pytest.raises(BadSignature):
        gitlab.verify(
            replace(delivery, headers={**delivery.headers, **headers}), (Secret(value=token, kind="signing"),)
        )
