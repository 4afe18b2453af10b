"""A later version writes beside ours: pages, the API and the metrics go on, and tell its words as they stand."""

import pytest
import requests
import sqlalchemy as sa

from pushboat.model.api_token import Role
from pushboat.model.reach import EVERYTHING
from pushboat.store import api_tokens
from tests.browser.showing import PAGES
from tests.receiving.front_door import FrontDoor

LATER = "by-moonlight"
DESCRIBING = (
    "UPDATE deployment SET cause = :later",
    "UPDATE ask SET source = :later",
    "UPDATE audit SET source = :later, verdict = :later",
    "UPDATE approval SET source = :later",
    "UPDATE hook_run SET outcome = :later",
)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(DESCRIBING, id="what describes"),
        pytest.param(("UPDATE deployment SET kind = :later",), id="kind", marks=pytest.mark.proof),
        pytest.param(("UPDATE deployment SET state = :later",), id="state", marks=pytest.mark.proof),
    ],
)
def test_nothing_that_is_shown_breaks(filled: FrontDoor, changes: tuple[str, ...]) -> None:
    """Whoever looks during an upgrade sees each page."""
    secret = api_tokens.create(filled.store, "eyes", EVERYTHING, Role.VIEWER, 3600.0, "root")[1]
    with filled.store.writing() as tx:
        for change in changes:
            tx.change(sa.text(change), later=LATER)
        numbers = {
            table: [row["id"] for row in tx.rows(sa.text(f"SELECT id FROM {table}"))]
            for table in ("deployment", "delivery")
        }
    ours = {"Authorization": f"Bearer {secret}"}
    paths = {*PAGES.values(), "/metrics", "/api/v1/environments", "/api/v1/deployments", "/api/v1/deliveries"}
    roots = ("/deployments", "/plans", "/api/v1/deployments")
    paths |= {f"{root}/{number}" for number in numbers["deployment"] for root in roots}
    paths |= {f"{root}/{number}" for number in numbers["delivery"] for root in ("/deliveries", "/api/v1/deliveries")}
    answers = {path: requests.get(filled.url + path, headers=ours, timeout=60).status_code for path in sorted(paths)}
    assert {path: code for path, code in answers.items() if code >= requests.codes.server_error} == {}
    assert list(answers.values()).count(requests.codes.ok) > len(paths) / 3
