"""I sign in with my forge and deploy on a page; it happens under my name, if I may when it is my turn."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.browser.living import living
from tests.cluster_view import ClusterView
from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map


@dataclass
class Person:
    """Somebody who signed in, and the shop that they look at."""

    shop: Shop
    browser: requests.Session

    def deployments(self) -> list[dict[str, Any]]:
        """List what was deployed to staging, newest first."""
        path = f"/api/v1/deployments?repository={self.shop.repository}&environment=staging"
        return list(self.browser.get(self.shop.served.url + path, timeout=30).json()["items"])

    def ended(self, count: int) -> dict[str, Any]:
        """Wait until so many deployments have ended, and give the newest."""

        def newest() -> dict[str, Any] | None:
            rows = self.deployments()
            return rows[0] if len(rows) == count and rows[0]["finished_at"] else None

        return until(newest, what=f"the end of deployment number {count}")

    def ask(self, **form: str) -> str:
        """Send a form of the environment's page; give the address that it leads to."""
        page = f"{self.shop.served.url}/environments/{self.shop.repository}/staging"
        token = re.search(r'name="form_token" value="([0-9a-f]+)"', self.browser.get(page, timeout=30).text)
        assert token
        said = {"form_token": token[1], "place": f"{self.shop.repository}/staging", **form}
        answer = self.browser.post(f"{self.shop.served.url}/asks", said, allow_redirects=False, timeout=30)
        assert answer.status_code == 303, answer.text
        return self.shop.served.url + answer.headers["Location"]


@pytest.fixture
def alice(tmp_path: Path, kubeconfig: Path, cluster: ClusterView) -> Iterator[Person]:
    """She may write to a repository on GitHub, and is signed in at a Pushboat of its own."""
    with living(tmp_path, kubeconfig, cluster) as running, requests.Session() as browser:
        there = browser.get(f"{running.url}/login/start", allow_redirects=False, timeout=30).headers["Location"]
        assert browser.get(running.accounts.sign_in(there), timeout=30).status_code == 200
        yield Person(running.shop, browser)


def test_what_is_asked_for_on_a_page_happens_under_the_persons_name(alice: Person) -> None:
    """Back to release 1 and forward again; whoever lost the permission while the ask waited is refused."""
    shop = alice.shop
    for number, version in enumerate(("one", "two"), 1):
        shop.push({"deploy/a.yaml": config_map("a", version=version)})
        assert alice.ended(number)["state"] == "succeeded"

    alice.ask(word="rollback", release="1", reason="two is too slow")
    back = alice.ended(3)
    assert (back["state"], back["trigger"]) == ("succeeded", "rollback")
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "one"}

    taken = alice.ask(word="deploy")
    forward = alice.ended(4)
    assert (forward["state"], forward["trigger"]) == ("succeeded", "page")
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "two"}
    assert "alice" in alice.browser.get(taken, timeout=30).text
