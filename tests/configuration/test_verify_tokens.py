"""A token stands beside the host that it is for, in the operator's file alone, and nowhere that it could leak from."""

from pathlib import Path

import pytest

from pushboat.config import operator, repository
from pushboat.config.environment import effective
from pushboat.config.operator import Operator
from pushboat.errors import ConfigurationError, InvalidRepositoryFile

TEXT = """
forges: {{github: {{kind: github, webhook_secrets: [{{env: S}}], token: {{env: S}}}}}}
clusters: {{dev: {{in_cluster: true}}}}
projects:
  - repository: github/acme/shop
    environments: {{staging: {{cluster: dev, namespaces: [shop], verify_hosts: [{hosts}]}}}}
"""
SECRET = "0123456789abcdef"


def read(hosts: str, token: str = "t0ken") -> Operator:
    return operator.parse(TEXT.format(hosts=hosts), "pushboat.yaml", {"S": SECRET, "T": token})


def test_a_host_may_have_a_token(tmp_path: Path) -> None:
    """From a variable or a file, beside hosts without one; nothing that prints them shows it."""
    kept = tmp_path / "token"
    kept.write_text("fr0m-file\n")
    found = read(
        f"plain.example, {{host: 'Prom.example:443', token: {{env: T}}}}, {{host: p, token: {{file: {kept}}}}}"
    )
    project = found.projects["github/acme/shop"]
    limits = project.environments["staging"]
    assert limits.verify_hosts == ("plain.example", "prom.example", "p")
    assert limits.verify_tokens == {"prom.example": "t0ken", "p": "fr0m-file"}
    staging = effective(project, repository.parse("environments: {staging: {path: a}}"))["staging"]
    assert staging.verify_tokens == limits.verify_tokens
    assert not [each for each in (found, limits, staging) if "t0ken" in repr(each) or "fr0m-file" in repr(each)]


@pytest.mark.parametrize(
    ("entry", "token", "said"),
    [
        ("{host: '*.shop.example', token: {env: T}}", "t", "has a token for any name: list the host itself"),
        ("{host: 'http://prom:9090', token: {env: T}}", "t", "is plain http, which shows the token to the network"),
        ("{host: prom, token: {env: T}}", "two words", "has a token that no header can carry"),
        ("{host: prom, token: {env: T}}", "a\r\nX: y", "has a token that no header can carry"),
        ("{host: prom, token: t0ken}", "t", "is a secret and must not stand in the file"),
        ("{host: prom, token: {env: NOPE}}", "t", "needs the environment variable NOPE, which is not set"),
        ("{host: prom}", "t", "'token' is missing"),
        ("{host: prom, token: {env: T}, tokn: 1}", "t", "unknown key 'tokn'"),
        ("{host: 'a b', token: {env: T}}", "t", "lists hosts such as shop.example"),
        ("3", "t", "verify_hosts"),
    ],
)
def test_every_mistake_is_named(entry: str, token: str, said: str) -> None:
    """I read the line and what to write, and never the token."""
    with pytest.raises(ConfigurationError) as raised:
        read(entry, token)
    assert said in str(raised.value)
    assert "t0ken" not in str(raised.value)


def test_this_machine_may_be_asked_with_a_token_in_clear_text() -> None:
    """Nobody else reads it on the way."""
    limits = read("{host: 'http://127.0.0.1:9090', token: {env: T}}").projects["github/acme/shop"].environments
    assert limits["staging"].verify_tokens == {"http://127.0.0.1:9090": "t0ken"}


@pytest.mark.parametrize("entry", ["{http: 'https://a', token: {env: T}}", "{http: 'https://a', headers: {A: b}}"])
def test_a_repository_names_no_token(entry: str) -> None:
    """Whoever may push cannot have a variable of Pushboat's sent anywhere."""
    with pytest.raises(InvalidRepositoryFile, match="unknown key"):
        repository.parse(f"environments: {{staging: {{path: a, verify: [{entry}]}}}}")
