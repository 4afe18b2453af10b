"""A job of CI shows the token that its forge signed for it, and is let in where the operator's rules say so."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from pushboat.model.api_token import Role
from pushboat.model.ci import CiRule
from pushboat.model.reach import reach_of
from pushboat.store import deliveries
from tests.dashboard.hostile_tokens import HEAD, HOSTILE, resigned
from tests.fakes.issuer import FakeIssuer, public_rsa
from tests.fresh_store import fresh_store
from tests.receiving.front_door import FrontDoor, make_operator, open_front_door

SHOP = "github/acme/shop"
DEPLOY = {"word": "deploy", "repository": SHOP, "environment": "staging"}
GITHUB = {"repository": "acme/shop", "ref": "refs/heads/main"}
GITLAB = {"project_path": "acme/shop", "ref": "main", "ref_protected": "true"}


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    """Run an issuer."""
    running = FakeIssuer()
    yield running
    running.close()


@pytest.fixture
def stranger() -> Iterator[FakeIssuer]:
    """Run another one, which the operator does not know."""
    running = FakeIssuer()
    yield running
    running.close()


@pytest.fixture
def opened(tmp_path: Path, issuer: FakeIssuer) -> Iterator[FrontDoor]:
    """Open a door with a rule for GitHub's jobs and one for GitLab's, both to deploy to staging."""
    reach = reach_of(SHOP, "staging")
    rules = tuple(
        CiRule(issuer=issuer.address, audience="", claims=claims, reach=reach, role=Role.DEPLOYER)
        for claims in (GITHUB, GITLAB, {"repository": "acme/gated", "environment": "staging"})
    )
    operator = make_operator(tmp_path)
    operator = replace(operator, projects={SHOP: replace(operator.projects[SHOP], ci=rules)})
    store = fresh_store(operator.state)
    with open_front_door(operator, store) as door:
        yield door
    store.close()


def ask(door: FrontDoor, token: str) -> requests.Response:
    """Ask for a deployment with a token."""
    return requests.post(
        f"{door.url}/api/v1/asks", json=DEPLOY, headers={"Authorization": f"Bearer {token}"}, timeout=60
    )


def gitea(issuer: FakeIssuer) -> dict[str, Any]:
    """Claim what Gitea's and Forgejo's Actions do: GitHub's words."""
    return issuer.github(sub="repo:acme/shop:ref:refs/heads/main", run_id="9", repository_id=None, jti=None)


@pytest.mark.parametrize(
    ("claims", "signed", "who"),
    [
        (FakeIssuer.github, {}, "ci github acme/shop run 123 (workflow deploy)"),
        (FakeIssuer.github, {"kid": "curve", "algorithm": "ES256"}, "ci github acme/shop run 123 (workflow deploy)"),
        (FakeIssuer.gitlab, {}, "ci github acme/shop run 1212"),
        (gitea, {}, "ci github acme/shop run 9 (workflow deploy)"),
    ],
    ids=["github", "github, a curve's key", "gitlab", "gitea"],
)
def test_a_job_deploys_what_its_rule_names_and_the_audit_says_which_job(
    opened: FrontDoor, issuer: FakeIssuer, claims: Callable[..., Any], signed: dict[str, str], who: str
) -> None:
    """Nothing of it is stored but its name; it sees its environment, and neither another one nor deliveries of all."""
    token = issuer.sign(claims(issuer), **signed)
    taken = ask(opened, token)
    assert taken.status_code == 202, taken.text
    row = deliveries.find(opened.store, taken.json()["delivery"])
    assert row is not None
    assert row.asks[0].who == who
    headers = {"Authorization": f"Bearer {token}"}
    for path, code in (("environments", 200), ("deployments", 200), ("deliveries", 403)):
        assert requests.get(f"{opened.url}/api/v1/{path}", headers=headers, timeout=60).status_code == code
    other = requests.post(
        f"{opened.url}/api/v1/asks", json={**DEPLOY, "environment": "production"}, headers=headers, timeout=60
    )
    assert other.status_code == 404
    assert not opened.stored(token)
    assert requests.get(f"{opened.url}/deployments/1", headers=headers, timeout=60).status_code == 404  # pages: open


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_token_is_refused_and_nothing_is_stored(
    opened: FrontDoor, issuer: FakeIssuer, stranger: FakeIssuer, name: str
) -> None:
    """Whatever is wrong with it, it is 401 with a reason, also where pages are open; nobody whom it names is asked."""
    why, make = HOSTILE[name]
    token = make(issuer, stranger)
    for answer in (
        ask(opened, token),
        requests.get(f"{opened.url}/api/v1/deployments", headers={"Authorization": f"Bearer {token}"}, timeout=60),
    ):
        assert answer.status_code == 401, answer.text
        assert answer.json()["detail"].startswith("this CI token is not taken: ")
        assert why in answer.json()["detail"]
    assert deliveries.listed(opened.store) == []
    assert stranger.asked == 0
    assert issuer.asked <= 1


def test_a_good_one_beside_them_is_taken(opened: FrontDoor, issuer: FakeIssuer) -> None:
    """The tokens above are refused for what is wrong with them: put together in the same way, a right one is good."""
    assert ask(opened, resigned(issuer, HEAD, issuer.github())).status_code == 202
    assert ask(opened, issuer.sign(issuer.github(repository="acme/gated", environment="staging"))).status_code == 202


def test_keys_that_are_twice_or_for_something_else_do_not_count(opened: FrontDoor, issuer: FakeIssuer) -> None:
    """An issuer's mistake is not ours to make good."""
    issuer.keys = [{**public_rsa("one"), "use": "enc"}, public_rsa("twice"), public_rsa("twice")]
    for kid in ("one", "twice"):
        assert ask(opened, issuer.sign(issuer.github(), kid=kid)).status_code == 401


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_short_key_does_not_count(opened: FrontDoor, issuer: FakeIssuer) -> None:
    """Neither where an issuer still has one."""
    issuer.keys = [public_rsa("short")]
    refused = ask(opened, issuer.sign(issuer.github(), kid="short"))
    assert (refused.status_code, "2048 bits" in refused.text) == (401, True)
