"""A token of the API lets in until it expires or is revoked, and shows what it is for and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests

from dashboard.api.table import ROUTES
from pushboat.config.pages import Access, Pages
from pushboat.config.project import Allowed, Limits, Project
from pushboat.model.api_token import Role, digest
from pushboat.model.ask import AskVerdict
from pushboat.model.reach import EVERYTHING, Reach, reach_of
from pushboat.model.state import State
from pushboat.store import api_tokens, audit
from pushboat.store.database.engine import Store
from tests.dashboard.filled import fill
from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger
from tests.receiving.front_door import OLD_SECRET, SECRET, FrontDoor, make_operator, open_front_door

PASSWORD = "password of the pages"
FORGES_TOKEN = "what-we-show-the-forge"
SHOP, OTHER = "github/acme/shop", "github/acme/other"
NOTHING = ("/diff", "/record")
"""What has no answer where no environment is named, or no release made."""
MONTH = 30 * 24 * 3600.0
PAGES = {
    "hidden": Pages(access=Access.HIDDEN),
    "password": Pages(access=Access.PASSWORD, password=PASSWORD),
    "open": Pages(access=Access.OPEN),
}


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[Pages], Any]:
    """Open a front door with two repositories, both with something of everything."""

    @contextmanager
    def open_it(pages: Pages) -> Iterator[FrontDoor]:
        operator = replace(make_operator(tmp_path), pages=pages)
        limits = {"staging": Limits(environment="staging", cluster="dev", namespaces=("other",))}
        other = Project(repository=OTHER, environments=Allowed(limits))
        forges = {
            name: replace(each, token=FORGES_TOKEN) if name == "github" else each
            for name, each in operator.forges.items()
        }
        operator = replace(operator, projects={**operator.projects, OTHER: other}, forges=forges)
        store = fresh_store(operator.state)
        fill(Ledger(store))
        theirs = Ledger(store, repository="acme/other", numbers=count(50))
        theirs.ended(State.FAILED, "Deployment/other/db crashes")
        theirs.refused(".pushboat.yaml:1:1 of the other repository", "and more")
        with open_front_door(operator, store) as door:
            door.post(b"{}", {"Content-Type": "application/json"})
            yield door
        store.close()

    return open_it


def token(store: Store, name: str, reach: Reach = EVERYTHING, role: Role = Role.VIEWER, lasts: float = MONTH) -> str:
    """Make one."""
    return api_tokens.create(store, name, reach, role, lasts, "root")[1]


def ask(door: FrontDoor, path: str, secret: str | None) -> requests.Response:
    """Ask with a token, or without one."""
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    return requests.get(door.url + path, headers=headers, timeout=60)


def every_address(numbers: range = range(1, 12)) -> list[str]:
    """Name each address of the API, with each number that there may be."""
    return [
        route.address.replace("{id}", str(number))
        for route in ROUTES
        if route.method == "GET" and not route.private  # an answer is its asker's alone: test_clusters_are_asked
        for number in (numbers if route.numbered else range(1))
    ]


@pytest.mark.parametrize("pages", PAGES)
def test_every_address_lets_in_who_may_and_nobody_else(opened: Callable[[Pages], Any], pages: str) -> None:
    """Without a token `pages` decides; a wrong one, an expired, a revoked one open nothing, open pages neither."""
    with opened(PAGES[pages]) as door:
        good = token(door.store, "good")
        revoked, expired = token(door.store, "revoked"), token(door.store, "expired", lasts=-1.0)
        api_tokens.revoke(door.store, "revoked", "root")
        wrong = ["", "x", good[:-1], f"{good}x", good.upper(), digest(good), "pushboat_", "ä" * 43, PASSWORD, SECRET]
        for path in every_address(range(1, 2)):
            bare, let_in = ask(door, path, None), 404 if path.endswith(NOTHING) else 200
            assert bare.status_code == {"hidden": 403, "password": 401, "open": let_in}[pages], path
            assert ask(door, path, good).status_code == let_in, path
            for bad in (*wrong, revoked, expired):
                refused = requests.get(door.url + path, headers={"Authorization": f"Bearer {bad}".encode()}, timeout=60)
                assert (refused.status_code, refused.json()["status"]) == (401, 401), (path, bad)
                assert refused.headers["WWW-Authenticate"].startswith("Bearer")
                assert len(bad) < 10 or bad not in refused.text
        assert "revoked" in ask(door, "/api/v1/", revoked).json()["detail"]
        assert "expired" in ask(door, "/api/v1/", expired).json()["detail"]
        assert ask(door, "/deliveries", good).status_code == {"hidden": 403, "password": 401, "open": 200}[pages]


@pytest.mark.parametrize("role", list(Role))
def test_a_token_for_a_repository_sees_nothing_of_others(opened: Callable[[Pages], Any], role: Role) -> None:
    """No answer at any address names the other repository; what is not to be seen is as if it were not there."""
    with opened(PAGES["hidden"]) as door:
        ours = token(door.store, "ours", reach_of("github/Acme/Shop"), role)
        theirs = token(door.store, "theirs", reach_of(OTHER), role)
        seen = {"ours": 0, "theirs": 0}
        for path in every_address():
            for name, secret, foreign in (("ours", ours, "acme/other"), ("theirs", theirs, "acme/shop")):
                answer = ask(door, path, secret)
                assert answer.status_code in (200, 404), path
                assert foreign not in answer.text, (path, name)
                seen[name] += answer.status_code == 200
        assert (
            seen["ours"]
            > seen["theirs"]
            > len([route for route in ROUTES if not route.numbered and route.method == "GET"])
        )
        for kind, number in (("deployments", 5), ("deliveries", 8)):
            hidden = ask(door, f"/api/v1/{kind}/{number}", ours)
            never = ask(door, f"/api/v1/{kind}/999", ours)
            assert hidden.status_code == never.status_code == 404
            assert hidden.json()["detail"].replace(str(number), "N") == never.json()["detail"].replace("999", "N")
        for route in (each for each in ROUTES if each.path.startswith("deployments/{id}")):
            path, there = route.address.replace("{id}", "5"), 404 if route.path.endswith(NOTHING) else 200
            assert (ask(door, path, ours).status_code, ask(door, path, theirs).status_code) == (404, there), path
        for path in ("deployments", "deliveries", "environments", "audit"):
            assert ask(door, f"/api/v1/{path}?repository={OTHER}", ours).json() == {"items": [], "next": None}
            assert ask(door, f"/api/v1/{path}?repository={OTHER}", theirs).json()["items"]
        rejected = ask(door, "/api/v1/deliveries?limit=1", token(door.store, "all")).json()["items"][0]
        assert rejected["verdict"] == "rejected"
        assert ask(door, f"/api/v1/deliveries/{rejected['id']}", ours).status_code == 404


def test_a_token_for_an_environment_sees_that_one(opened: Callable[[Pages], Any]) -> None:
    """Deployments of another environment are not there, and what came in is not shown: it speaks of all of them."""
    with opened(PAGES["open"]) as door:
        secret = token(door.store, "live", reach_of(SHOP, "production"))
        for path in every_address():
            answer = ask(door, path, secret)
            if not path.endswith("openapi.json"):
                assert "staging" not in answer.text.replace("shop-staging", "staging"), path
        items = ask(door, "/api/v1/deployments", secret).json()["items"]
        assert {each["environment"] for each in items} == {"production"}
        assert ask(door, "/api/v1/deployments?environment=staging", secret).json()["items"] == []
        assert [each["environment"] for each in ask(door, "/api/v1/environments", secret).json()["items"]] == [
            "production"
        ]
        refused = ask(door, "/api/v1/deliveries", secret)
        assert (refused.status_code, "--environment" in refused.json()["detail"]) == (403, True)
        assert ask(door, "/api/v1/deliveries/1", secret).status_code == 404


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("reach", [EVERYTHING, reach_of(SHOP), reach_of(SHOP, "staging")], ids=["all", "shop", "one"])
def test_no_answer_has_a_secret(opened: Callable[[Pages], Any], role: Role, reach: Reach) -> None:
    """No answer has a token, its digest, the password, or what we show a forge or it shows us, whoever asks; the store
    has none of it either."""
    with opened(PAGES["password"]) as door:
        secret = token(door.store, "all", reach, role)
        hidden = (secret, digest(secret), PASSWORD, SECRET, OLD_SECRET, FORGES_TOKEN)
        for path in every_address():
            said = ask(door, path, secret)
            whole = said.text + str(said.headers)
            assert not [each for each in hidden if each in whole], path
        assert not [each for each in hidden if each != digest(secret) and door.stored(each)]


def test_what_is_done_with_tokens_stays_written_down(opened: Callable[[Pages], Any]) -> None:
    """The audit says who made and who revoked it; the list says when it was last used."""
    with opened(PAGES["hidden"]) as door:
        secret = token(door.store, "ci", reach_of(SHOP, "staging"))
        assert api_tokens.listed(door.store)[0].used_at is None
        assert ask(door, "/api/v1/environments", secret).status_code == 200
        assert api_tokens.listed(door.store)[0].used_at == pytest.approx(door.store.now(), abs=30)
        api_tokens.revoke(door.store, "ci", "ada")
        said = [
            (each.word, each.who, each.repository, each.environment, each.verdict)
            for each in audit.listed(door.store, asked=True)
        ]
        assert said[:2] == [
            ("token revoke", "ada", SHOP, "staging", AskVerdict.DONE),
            ("token create", "root", SHOP, "staging", AskVerdict.DONE),
        ]
        assert token(door.store, "ci") != secret, "the name is free again"
