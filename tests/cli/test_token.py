"""`pushboat token` makes what the API is asked with, shows it once, and ends it."""

import json

import pytest

from pushboat.model.api_token import Role
from pushboat.model.reach import reach_of
from pushboat.store import api_tokens, audit
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat

SHOP = "github/acme/shop"


def test_a_token_is_shown_once(pushboat: Pushboat, store: Store) -> None:
    """Stdout has it and nothing else, so that it goes into a file; neither a list nor the store has it again."""
    made = pushboat(
        "token", "create", "ci", "--repository", "github/Acme/Shop", "--environment", "staging", "--for", "90d"
    )
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    assert secret.startswith("pushboat_")
    assert secret not in made.stderr
    kept = api_tokens.find(store, secret)
    assert kept is not None
    assert (kept.reach, kept.role) == (reach_of(SHOP, "staging"), Role.VIEWER)
    assert kept.expires_at - kept.created_at == 90 * 24 * 3600
    listed = pushboat("token", "list")
    assert ("ci" in listed.stdout, "staging" in listed.stdout, secret in listed.stdout) == (True, True, False)
    (form,) = json.loads(pushboat("token", "list", "--json").stdout)["items"]
    assert (form["name"], form["repository"], form["role"], form["revoked_at"]) == ("ci", SHOP, "viewer", None)
    assert audit.listed(store, asked=True)[0].who.endswith(" on the command line")


def test_a_revoked_token_counts_no_more(pushboat: Pushboat, store: Store) -> None:
    """It is said, and a second time there is nothing to revoke; its name may be used again."""
    words = ("token", "create", "ci", "--all-repositories", "--json")
    secret = json.loads(pushboat(*words).stdout)["token"]
    twice = pushboat(*words)
    assert (twice.returncode, "already" in twice.stderr) == (1, True)
    assert pushboat("token", "revoke", "ci").returncode == 0
    kept = api_tokens.find(store, secret)
    assert kept is not None
    assert not kept.lives(store.now())
    again = pushboat("token", "revoke", "ci")
    assert (again.returncode, "pushboat token list" in again.stderr) == (1, True)
    assert "revoked" in pushboat("token", "list").stdout
    assert pushboat(*words).returncode == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "--all-repositories"),
        (("--environment", "staging"), "--repository"),
        (("--all-repositories", "--repository", SHOP), "--repository"),
        (("--repository", "github/acme/shup"), "github/acme/shop"),
        (("--repository", SHOP, "--environment", "stagin"), "staging"),
        (("--all-repositories", "--for", "0"), "longer than nothing"),
        (("--all-repositories", "--for", "400d"), "d"),
        (("--all-repositories", "--role", "admin"), "deployer"),
    ],
)
def test_what_it_is_for_must_be_said(pushboat: Pushboat, store: Store, words: tuple[str, ...], says: str) -> None:
    """No token sees everything by mistake, or lasts for ever."""
    refused = pushboat("token", "create", "ci", *words)
    assert (refused.returncode, says in refused.stderr, refused.stdout) == (2, True, "")
    assert api_tokens.listed(store) == []
