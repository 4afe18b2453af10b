"""Acting as a GitHub App: tokens for one repository each, kept, renewed, never shown."""

import pytest

from pushboat.config.operator import App
from pushboat.errors import ForgeRefused
from pushboat.forges.protocol import Client
from pushboat.forges.table import client_of
from pushboat.model.letter import ReplyLetter
from tests.fakes import moving
from tests.fakes.app_key import installed, key_pair
from tests.fakes.github import FakeGitHub


@pytest.fixture
def app(github: FakeGitHub) -> Client:
    """A client that acts as an App."""
    return client_of(github.configured(token="", app=installed(github)))


def tokens(github: FakeGitHub) -> int:
    """Count the tokens that were handed out."""
    return sum(asked.path.endswith("/access_tokens") for asked in github.requests)


def test_one_token_serves_until_it_expires(github: FakeGitHub, app: Client) -> None:
    """Not one per request."""
    for _ in range(3):
        app.head("acme/shop", "refs/heads/main")

    assert tokens(github) == 1


def test_each_repository_has_a_token_of_its_own(github: FakeGitHub, app: Client) -> None:
    """A job for one repository never holds the key to another."""
    github.create_repository("acme/other", {"a": "1"})

    first, second = app.remote("acme/shop"), app.remote("acme/other")

    assert first.headers != second.headers
    assert sorted(github.app_tokens.values()) == ["acme/other", "acme/shop"]


def test_a_renamed_repository_is_found_by_its_id(github: FakeGitHub, app: Client) -> None:
    """No token can be had for the old name any more; one for the id can, and for nothing else."""
    number = str(github.projects["acme/shop"].id)
    moving.rename(github, "acme/shop", "acme/store")

    assert app.name_of("acme/shop", number) == "acme/store"
    assert app.name_of("acme/shop", "99999") == ""


def test_a_token_that_expired_early_is_renewed_once(github: FakeGitHub, app: Client) -> None:
    """In the middle of a deployment, and nobody notices."""
    sha = app.head("acme/shop", "refs/heads/main")
    github.app_tokens.clear()

    assert app.head("acme/shop", "refs/heads/main") == sha
    assert tokens(github) == 2


def test_a_credential_that_never_works_is_not_renewed_for_ever(github: FakeGitHub, app: Client) -> None:
    """Two refusals are an answer."""
    github.fail(401, path="/git/ref", times=99, body={"message": "Bad credentials"})

    with pytest.raises(ForgeRefused):
        app.head("acme/shop", "refs/heads/main")
    assert tokens(github) == 2


def test_an_app_that_is_not_installed_is_refused(github: FakeGitHub, app: Client) -> None:
    """The sentence names the repository."""
    with pytest.raises(ForgeRefused, match="acme/nothing"):
        app.remote("acme/nothing")


def test_a_broken_key_is_said_at_once(github: FakeGitHub) -> None:
    """And not shown."""
    with pytest.raises(ForgeRefused, match="private key") as refusal:
        client_of(github.configured(token="", app=App(id=1, private_key="not-a-key")))

    assert "not-a-key" not in str(refusal.value)


def test_a_short_key_is_refused(github: FakeGitHub) -> None:
    """Others could compute it from its public half."""
    private, _ = key_pair(1024)
    with pytest.raises(ForgeRefused, match="no RSA key of 2048 bits or more; the operator must make a new one"):
        client_of(github.configured(token="", app=App(id=1, private_key=private)))


def test_doctor_knows_the_app(github: FakeGitHub, app: Client) -> None:
    """Its name, and what it may do."""
    github.connect("acme/shop", "https://pushboat.example.com/webhooks/github")

    found = {check.name: check for check in app.checks("acme/shop", "https://pushboat.example.com/webhooks/github")}

    assert found["token"].sentence == "we act as the App pushboat-app"
    assert found["permissions"].passed


def test_an_app_knows_its_own_replies(github: FakeGitHub, app: Client) -> None:
    """GitHub names the App's account after its slug: the outcome takes the place of its reply."""
    for body, path in (("Deploying.", ""), ("It runs.", "/deployments/7")):
        letter = ReplyLetter(number=1, body=body, marker="pushboat-1", path=path)
        app.post("acme/shop", letter, "https://pushboat.example.com")

    ((author, told),) = github.comments("acme/shop", 1)
    assert (author, told.partition("\n")[0]) == ("pushboat-app[bot]", "It runs.")


HOOK = "https://pushboat.example.com/webhooks/github"


def test_doctor_names_the_permission_that_an_app_lacks(github: FakeGitHub, app: Client) -> None:
    """Statuses go on meanwhile; what to tick is said in GitHub's own words."""
    del github.app_permissions["checks"]
    found = {check.name: check for check in app.checks("acme/shop", HOOK)}
    assert not found["check runs"].passed
    assert "Checks to Read and write" in found["check runs"].fix
    assert "buttons" not in found


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        ({}, "the App has no webhook"),
        ({"url": "https://example.com/", "content_type": "json", "secret": "***"}, "goes to https://example.com/"),
        ({"url": HOOK, "content_type": "form", "secret": "***"}, "sends forms"),
        ({"url": HOOK, "content_type": "json"}, "no secret"),
        ({"url": HOOK, "content_type": "json", "secret": "***"}, "reaches us"),
    ],
)
def test_doctor_knows_whether_buttons_reach_us(
    github: FakeGitHub, app: Client, hook: dict[str, str], said: str
) -> None:
    """GitHub tells of presses at the App's own webhook, never at the repository's."""
    github.app_hook = hook
    found = {check.name: check for check in app.checks("acme/shop", HOOK)}
    assert found["check runs"].passed
    assert said in found["buttons"].sentence
    assert found["buttons"].passed == ("reaches" in said)
