"""`login` in the operator's file: what is wrong is said at once, with what to write, and no secret is shown."""

from typing import Any

import pytest

from pushboat.config import operator
from pushboat.config.operator import Operator
from pushboat.errors import ConfigurationError

REST = """
forges:
  hub: {kind: github, webhook_secrets: [{env: HOOK}], token: {env: HOOK}}
  tea: {kind: gitea, url: https://tea.example.org, webhook_secrets: [{env: HOOK}], token: {env: HOOK}}
  local: {kind: git, root: /srv/git, webhook_secrets: [{env: HOOK}]}
clusters: {dev: {kubeconfig: c}}
projects: []
"""
APPLICATION = "client_id: x, client_secret: {env: LOGIN}"
ISSUER = "issuer: https://login.example.org"


def read(text: str) -> Operator:
    """Read a file that begins so."""
    return operator.parse(f"{text}{REST}", "pushboat.yaml", {"HOOK": "hook-secret", "LOGIN": "login-secret"})


@pytest.mark.parametrize(
    ("login", "called", "hosts"),
    [
        ("forge: hub", "GitHub", ("github.com", "api.github.com")),
        ("forge: tea", "Gitea", ("tea.example.org", "tea.example.org")),
        (
            f"{ISSUER}, viewers: [all], hosts: [keys.example.org]",
            "login.example.org",
            ("login.example.org", "keys.example.org"),
        ),
    ],
)
def test_a_forge_or_an_issuer_signs_people_in(login: str, called: str, hosts: tuple[str, ...]) -> None:
    """Only their own hosts are asked; the secret is nowhere to be seen."""
    found = read(f"login: {{{login}, {APPLICATION}}}").login
    assert found is not None
    assert (found.called, found.hosts, found.client_secret) == (called, hosts, "login-secret")
    assert "login-secret" not in repr(found)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"login: {{{APPLICATION}}}", "needs one of the two: forge, by its name under forges, or issuer"),
        (f"login: {{forge: hub, {ISSUER}, {APPLICATION}}}", "needs one of the two"),
        (f"login: {{forge: hubb, {APPLICATION}}}", "is no forge of this file: did you mean 'hub'?"),
        (f"login: {{forge: local, {APPLICATION}}}", "has no accounts"),
        (f"login: {{{ISSUER}, {APPLICATION}}}", "lets nobody see anything"),
        (f"login: {{issuer: http://login.example.org, viewers: [a], {APPLICATION}}}", "plain http"),
        (f"login: {{forge: hub, groups_claim: g, {APPLICATION}}}", "'groups_claim' is for an issuer"),
        ("login: {forge: hub, client_id: x, client_secret: hunter2}", "is a secret and must not stand in the file"),
        ("login: {forge: hub, client_id: x}", "'client_secret' is missing"),
        ("login: {forge: hub, client_secret: {env: LOGIN}}", "'client_id' is missing"),
        (f"login: {{forge: hub, viewer: [a], {APPLICATION}}}", "did you mean 'viewers'?"),
        (f"pages: open\nlogin: {{forge: hub, {APPLICATION}}}", "leave 'pages' out"),
        (f"public_url: http://boat.example.org\nlogin: {{forge: hub, {APPLICATION}}}", "'login' needs https"),
    ],
)
def test_mistakes_say_what_to_write(text: str, sentence: str) -> None:
    """What cannot be meant is refused with the way to write it."""
    with pytest.raises(ConfigurationError) as raised:
        read(text)
    said = "\n".join(map(str, raised.value.mistakes))
    assert sentence in said
    assert "hunter2" not in said


def test_all_mistakes_are_said_at_once() -> None:
    """Not one after the other."""
    with pytest.raises(ConfigurationError) as raised:
        read("pages: open\nlogin: {client_id: x, client_secret: {env: ABSENT}, hosts: [a b]}")
    assert len(raised.value.mistakes) >= 4


def test_without_a_login_pages_decide_as_before() -> None:
    """There is none by itself."""
    found: Any = read("public_url: http://127.0.0.1:1").login
    assert found is None
