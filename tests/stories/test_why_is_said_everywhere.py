"""One failing push, and the same sentence wherever somebody looks."""

import subprocess

import pytest
import yaml

from tests.stories.conftest import Shop
from tests.stories.test_a_comment_deploys import replies
from tests.stories.test_a_pull_request_is_planned import opened
from tests.until import until
from tests.written import deployment, repository_file


def waiting_for_a_secret() -> str:
    """Write a Deployment that mounts a Secret which nobody has made."""
    body = yaml.safe_load(deployment())
    body["spec"]["template"]["spec"]["volumes"] = [{"name": "keys", "secret": {"secretName": "db-keys"}}]
    return yaml.safe_dump(body)


@pytest.mark.proves("health-why", "pages")
def test_the_same_sentence_stands_on_every_surface(shop: Shop, environ: dict[str, str]) -> None:
    """My pod waits for a Secret: status, page, API, commands and comment all say to add it, and which pod waits."""
    sha = shop.push({".pushboat.yaml": repository_file(wait="15s"), "deploy/web.yaml": waiting_for_a_secret()})
    ended = shop.ended(sha)
    sentence = ended["reason"]
    assert f"Deployment/{shop.namespace}/web: add Secret db-keys — pod web-" in sentence
    assert 'FailedMount: secret "db-keys" not found (0 of 1 ready)' in sentence

    assert shop.status(sha, "failure").removesuffix("…") in sentence
    number = ended["id"]
    page = shop.served.page(f"/deployments/{number}")
    assert "add Secret db-keys — pod web-" in page
    assert "<b>Pod</b>/<b>web-" in page
    assert shop.served.get(f"/api/v1/deployments/{number}")["reason"] == sentence
    for words in (("show", str(number)), ("history", shop.repository)):
        assert sentence in command(shop, environ, *words).stdout
    asked = command(shop, environ, "why", "deploy/web", "-n", shop.namespace)
    assert (asked.returncode, sentence.partition("web: ")[2] in asked.stdout) == (1, True)
    again = command(shop, environ, "deploy", shop.repository, "staging", "--sha", sha)
    assert again.returncode == 1
    assert "add Secret db-keys — pod web-" in again.stderr

    opened_number, _ = opened(shop, {"README": "a change"})
    shop.forge.comment(shop.name, opened_number, "rita", "/deploy status")
    [reply] = until(lambda: replies(shop, opened_number), what="the reply")
    assert "add Secret db-keys — pod web-" in reply


def test_the_last_lines_are_shown_to_the_operator_and_in_no_status(shop: Shop, environ: dict[str, str]) -> None:
    """My container prints a token and dies: the operator reads it at the terminal, the forge is told nothing of it."""
    crash = deployment(behaviour="crash-loop", message="no database", logs="token=abc123\nno database")
    sha = shop.push({".pushboat.yaml": repository_file(wait="15s"), "deploy/web.yaml": crash})
    number = shop.ended(sha)["id"]
    shown = command(shop, environ, "show", str(number)).stdout
    assert ", container web:\n  token=abc123\n  no database\n" in shown
    assert shop.served.get(f"/api/v1/deployments/{number}")["logs"][0]["lines"] == ["token=abc123", "no database"]
    shop.status(sha, "failure")
    assert not [text for text in shop.descriptions(sha) if "abc123" in text]


def command(shop: Shop, environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a `pushboat` command."""
    return shop.served.command(*words, env=environ)
