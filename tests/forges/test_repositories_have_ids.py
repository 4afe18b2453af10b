"""Each forge's deliveries say which repository they mean by the id that a rename does not change."""

import json
from typing import Any

import pytest

from pushboat.forges.table import deliveries_of
from tests.forges.recorded import cases, recorded


def said(forge: str, body: dict[str, Any]) -> Any:
    """Find the id where the forge writes it."""
    if forge != "gitlab":
        return body.get("repository", {}).get("id")
    return body.get("project", {}).get("id", body.get("project_id"))


RECORDED = [
    (forge, case) for forge in ("github", "gitlab", "gitea") for case in cases(forge) if case != "sent_by_forgejo"
]


@pytest.mark.parametrize(("forge", "case"), RECORDED)
def test_every_delivery_of_a_repository_says_its_id(forge: str, case: str) -> None:
    """Whatever happened, the event carries the id that the payload has, and none where it has none."""
    delivery = recorded(forge, case)
    number = said(forge, json.loads(delivery.body))
    assert deliveries_of(forge).read(delivery).repository_id == ("" if number is None else str(number))


def test_some_of_them_have_one() -> None:
    """The recorded pushes do say it, or the promise above would be empty."""
    assert deliveries_of("github").read(recorded("github", "push")).repository_id
    assert deliveries_of("gitea").read(recorded("gitea", "push")).repository_id
    assert deliveries_of("gitlab").read(recorded("gitlab", "push")).repository_id
