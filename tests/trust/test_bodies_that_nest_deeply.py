"""What nests more deeply than anybody means is refused, as all that cannot be read."""

import pytest
import requests

from pushboat.model.api_token import Role
from pushboat.model.reach import EVERYTHING
from pushboat.store import api_tokens
from tests.dashboard.signing_in import Room


@pytest.mark.parametrize("path", ["asks", "questions"])
@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"word":' * 7_000], ids=["lists", "objects"])
def test_a_deep_body_is_refused(room: Room, path: str, body: bytes) -> None:
    """Not with 500: it is whoever sends it who must act."""
    secret = api_tokens.create(room.door.store, "deep", EVERYTHING, Role.DEPLOYER, 60.0, "root")[1]
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    refused = requests.post(f"{room.door.url}/api/v1/{path}", data=body, headers=headers, timeout=60)
    assert (refused.status_code, "is a JSON object with" in refused.text) == (400, True)
