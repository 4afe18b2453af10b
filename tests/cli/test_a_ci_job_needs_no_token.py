"""In a job of CI the command line needs no stored token: the runner gives it one, or GitLab a variable."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config import operator as operator_file
from pushboat.config.pages import Access, Pages
from pushboat.model.api_token import Role
from pushboat.model.ci import CiRule
from pushboat.model.reach import reach_of
from tests.cli.conftest import Pushboat
from tests.dashboard.filled import fill
from tests.fakes.issuer import TICKET, FakeIssuer
from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor, open_front_door

SHOP = "github/acme/shop"


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    """Run an issuer, which is the runner as well."""
    running = FakeIssuer()
    yield running
    running.close()


@pytest.fixture
def door(home: Path, environ: dict[str, str], issuer: FakeIssuer) -> Iterator[FrontDoor]:
    """Open a door for jobs of the shop."""
    operator = operator_file.load(home / "pushboat.yaml", environ)
    (home / "var").mkdir()
    store = fresh_store(home / "var")
    fill(Ledger(store))
    with open_front_door(replace(operator, state=home / "var", pages=Pages(access=Access.HIDDEN)), store) as probe:
        port = int(probe.url.rpartition(":")[2])
    rules = [
        CiRule(issuer=issuer.address, audience="", claims=claims, reach=reach_of(SHOP), role=Role.VIEWER)
        for claims in ({"repository": "acme/shop"}, {"project_path": "acme/shop"})
    ]
    project = replace(operator.projects[SHOP], ci=tuple(rules))
    operator = replace(
        operator,
        public_url=f"http://127.0.0.1:{port}",
        state=home / "var",
        pages=Pages(access=Access.HIDDEN),
        projects={SHOP: project},
    )
    with open_front_door(operator, store, port=port) as opened:
        yield opened
    store.close()


def runner(issuer: FakeIssuer, door: FrontDoor, ticket: str = TICKET) -> dict[str, str]:
    """Give the variables of a job that may have a token."""
    return {
        "PUSHBOAT_CONFIG": "/nowhere",
        "PUSHBOAT_URL": door.url,
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{issuer.url}/runner/token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": ticket,
    }


def test_the_runner_is_asked_for_a_token(pushboat: Pushboat, issuer: FakeIssuer, door: FrontDoor) -> None:
    """A job with `id-token: write` needs nothing but PUSHBOAT_URL."""
    done = pushboat("status", **runner(issuer, door))
    assert (done.returncode, "staging" in done.stdout) == (0, True), done.stderr


def test_gitlabs_variable_is_a_token(pushboat: Pushboat, issuer: FakeIssuer, door: FrontDoor) -> None:
    """`id_tokens: {PUSHBOAT_TOKEN: …}` is all that a job writes."""
    token = issuer.sign(issuer.gitlab(aud=door.url))
    done = pushboat("status", PUSHBOAT_CONFIG="/nowhere", PUSHBOAT_URL=door.url, PUSHBOAT_TOKEN=token)
    assert (done.returncode, "staging" in done.stdout) == (0, True), done.stderr


def test_a_runner_that_gives_none_is_said_and_its_ticket_is_not(
    pushboat: Pushboat, issuer: FakeIssuer, door: FrontDoor
) -> None:
    """What to do stands there; it is not known whether the answer would be yes."""
    done = pushboat("status", **runner(issuer, door, ticket="another ticket"))
    assert (done.returncode, "permissions: {id-token: write}" in done.stderr) == (3, True)
    assert "another ticket" not in done.stdout + done.stderr


def test_a_ticket_goes_over_no_wire_in_the_clear(pushboat: Pushboat, issuer: FakeIssuer, door: FrontDoor) -> None:
    """An address that is not https is not asked."""
    away = {"ACTIONS_ID_TOKEN_REQUEST_URL": "http://runner.example/token"}
    done = pushboat("status", **{**runner(issuer, door), **away})
    assert (done.returncode, "in the clear" in done.stderr) == (3, True)


def test_what_a_token_lacks_is_told_at_the_terminal(pushboat: Pushboat, issuer: FakeIssuer, door: FrontDoor) -> None:
    """The job's log says which claim no rule takes."""
    token = issuer.sign(issuer.github(aud=door.url, repository="acme/other"))
    done = pushboat("status", PUSHBOAT_CONFIG="/nowhere", PUSHBOAT_URL=door.url, PUSHBOAT_TOKEN=token)
    assert (done.returncode, "repository 'acme/other'" in done.stderr) == (2, True), done.stderr
