"""What looks after webhooks keeps the same promises at every forge, an App's own webhook included."""

import pytest

from pushboat.config.operator import Secret
from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.table import webhooks_of
from pushboat.forges.webhooks import NotOurs, Wanted, Webhooks, checks_certificates, reachable, same_address
from tests.fakes import app_key
from tests.fakes.github import FakeGitHub

URL = "https://pushboat.example.com/webhooks/here"
WANTED = Wanted(url=URL, secret=Secret(value="the secret of the test"))
OTHERS = "https://ci.example.com/hook"


@pytest.fixture
def app(github: FakeGitHub) -> Webhooks:
    """An App's webhooks."""
    return webhooks_of(github.configured(token="", app=app_key.installed(github)))


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_each_forge_creates_finds_and_changes(kind: str, request: pytest.FixtureRequest) -> None:
    """Created as it should be, found by its address, changed without a second one; others' webhooks stay."""
    forge = request.getfixturevalue(kind)
    name = next(iter(forge.projects))
    forge.scopes.append("admin:repo_hook")
    forge.projects[name].permissions[forge.bot] = "admin"
    forge.projects[name].hooks.append({"id": 1, "url": OTHERS})
    webhooks = webhooks_of(forge.configured())
    assert webhooks.found(name, URL) == ()

    made = webhooks.create(name, WANTED)
    assert tuple(webhooks.differences(made, WANTED)) == ()
    assert "the secret of the test" not in repr(made)
    assert [one.number for one in webhooks.found(name, f"{URL}/")] == [made.number]

    again = Wanted(url=URL, secret=Secret(value="another secret"))
    changed = webhooks.change(name, made, again)
    (hook,) = [one for one in forge.projects[name].hooks if one["url"] == URL]
    assert (hook["id"], hook["secret"]) == (changed.number, "another secret")
    assert forge.projects[name].hooks[0] == {"id": 1, "url": OTHERS}


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_each_forge_names_the_page_and_the_right_that_is_missing(kind: str, request: pytest.FixtureRequest) -> None:
    """At this forge's own address, Enterprise and self-managed ones too."""
    forge = request.getfixturevalue(kind)
    name = next(iter(forge.projects))
    manual = webhooks_of(forge.configured(url="https://git.example.com")).manual(name, URL)
    assert manual.page.startswith(f"https://git.example.com/{name}/")
    assert URL in manual.fields.values()
    assert manual.scope


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_what_is_refused_and_what_is_unknown_are_told_apart(kind: str, request: pytest.FixtureRequest) -> None:
    """A token without the right is a no; an answer that got lost is none."""
    forge = request.getfixturevalue(kind)
    name = next(iter(forge.projects))
    forge.projects[name].permissions[forge.bot] = "write"
    webhooks = webhooks_of(forge.configured())
    with pytest.raises(ForgeRefused):
        webhooks.create(name, WANTED)
    forge.fail(502, method="POST", path="hooks")
    with pytest.raises(ForgeUnavailable):
        webhooks.create(name, WANTED)


def test_an_app_gets_our_address_where_it_has_none(github: FakeGitHub, app: Webhooks) -> None:
    """One webhook for all of the App's repositories; what it lacks of events, only its owner can add."""
    github.app_hook = {"url": "", "content_type": "form"}
    made = app.create("acme/shop", WANTED)

    assert github.app_hook == {
        "url": URL, "content_type": "json", "insecure_ssl": "0", "secret": "the secret of the test",
    }  # fmt: skip
    assert (made.number, made.of, made.page) == (0, "the App", f"{github.url}/settings/apps/pushboat-app")
    assert tuple(app.differences(made, WANTED)) == ()
    github.app_events = ["push"]
    (found,) = app.found("acme/shop", URL)
    assert [one.setting for one in app.differences(found, WANTED)] == ["Events"]
    app.change("acme/shop", found, Wanted(url=URL, secret=Secret(value="another secret")))
    assert github.app_hook["secret"] == "another secret"


def test_an_apps_webhook_that_goes_elsewhere_is_left_alone(github: FakeGitHub, app: Webhooks) -> None:
    """It belongs to somebody else's program."""
    github.app_hook = {"url": OTHERS, "content_type": "json"}
    with pytest.raises(NotOurs, match=r"ci\.example\.com"):
        app.create("acme/shop", WANTED)
    assert github.app_hook["url"] == OTHERS


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/webhooks/x", "https://A.example:443/webhooks/x/", True),
        ("http://a.example/webhooks/x", "https://a.example/webhooks/x", False),
        ("https://a.example/webhooks/x", "https://a.example/webhooks/X", False),
        ("https://a.example/webhooks/x?a=1", "https://a.example/webhooks/x", False),
        ("https://[broken/webhooks/x", "https://a.example/webhooks/x", False),
    ],
)
def test_addresses_are_compared_by_where_they_lead(one: str, other: str, *, same: bool) -> None:
    """Capital letters of a host, a usual port and a last slash make no second webhook; a path is what it is."""
    assert same_address(one, other) is same


@pytest.mark.parametrize(
    ("ours", "forge", "answer"),
    [
        ("http://127.0.0.1:8700", "https://github.com", False),
        ("http://localhost:8700", "https://git.corp.example", False),
        ("http://[::1]:8700", "http://127.0.0.1:3000", True),
        ("http://10.0.0.4:8700", "https://git.corp.example", True),
    ],
)
def test_only_a_forge_of_this_machine_reaches_this_machine(ours: str, forge: str, *, answer: bool) -> None:
    """A private network may be the forge's own; this machine is nobody else's."""
    assert reachable(ours, forge) is answer


def test_certificates_are_checked_wherever_there_may_be_any() -> None:
    """Only plain http on this machine has none and nobody on the way."""
    assert checks_certificates("https://127.0.0.1:8700/webhooks/x")
    assert checks_certificates("http://pushboat.corp.example/webhooks/x")
    assert not checks_certificates("http://127.0.0.1:8700/webhooks/x")
