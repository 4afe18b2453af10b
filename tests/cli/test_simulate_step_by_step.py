"""`pushboat simulate PAYLOAD --headers F`: a delivery as the forge's page shows it, explained step by step, offline."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushboat.config.rereading import FORMER, beside
from tests.cli.conftest import REPOSITORY, Finished, Pushboat
from tests.cli.hooked import KINDS, Scene, scene
from tests.cli.hooked import REPOSITORY as SHOP
from tests.fakes.nouns import Sent

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(params=list(KINDS))
def place(request: pytest.FixtureRequest, tmp_path: Path, home: Path, pushboat: Pushboat) -> Iterator[Scene]:
    """Each forge in turn, with a secret that it signs with and a repository's file."""
    yield from _place(request.param, tmp_path, pushboat)


def _place(kind: str, folder: Path, pushboat: Pushboat) -> Iterator[Scene]:
    with scene(kind, folder, pushboat) as made:
        made.secret.write_text(f"{SECRET}\n")
        made.forge.secret = SECRET
        (folder / ".pushboat.yaml").write_text(REPOSITORY)
        yield made


def copied(place: Scene, sent: Sent, *, body: bytes = b"", **changed: str) -> list[str]:
    """Write a delivery into files, as somebody copies it from the forge's page; give the words that simulate it."""
    headers = {**sent.headers, **changed}
    lines = ["Request URL: https://pushboat.example.com/webhooks/x", "Request method: POST", "", "Headers"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    (place.home / "headers.txt").write_text("\n".join(lines))
    (place.home / "payload.json").write_bytes(body or sent.body)
    return ["simulate", "payload.json", "--headers", "headers.txt"]


def steps(finished: Finished) -> dict[str, dict[str, Any]]:
    """Give the steps of an answer for programs, by their names."""
    return {step["step"]: step for step in json.loads(finished.stdout)["steps"]}


def pushed(place: Scene) -> Sent:
    """Push, and give what the forge sent."""
    return place.forge.push(SHOP, "main", {"a": "b"}).sent[0]


def test_a_delivery_is_explained_from_its_forge_to_its_statuses(place: Scene) -> None:
    """Whose it is, by which secret it is signed, what follows, and under which status that is seen."""
    words = copied(place, pushed(place))
    finished = place.run(*words, FORGE_TOKEN="x")

    assert finished.returncode == 0, finished.stderr
    assert [line.split(":")[0].split()[-1] for line in finished.stdout.splitlines() if line[:1] != " "] == [
        "forge", "signature", "event", "repository", "environments", "outcome",
    ]  # fmt: skip
    for words_of_it in (
        f"kind {place.kind}", f"right, by the secret of {place.secret}", "push updated", place.name,
        "staging by refs/heads/main", "would deploy staging", "post pushboat/staging: queued",
    ):  # fmt: skip
        assert words_of_it in finished.stdout
    assert SECRET not in finished.stdout + finished.stderr


def test_what_was_closed_is_not_said_to_be_open(place: Scene) -> None:
    """I simulate what a closed pull request's delivery does: nothing is deployed, and its statuses are taken back."""
    place.forge.push(SHOP, "change", {"a": "c"})
    number = place.forge.open_pull_request(SHOP, "change").number
    words = copied(place, place.forge.change_pull_request(SHOP, number, "closed").sent[0])
    outcome = steps(place.run(*words, "--json", FORGE_TOKEN="x"))["outcome"]
    assert outcome["sentence"] == f"#{number} was closed without a merge: nothing to deploy"
    assert outcome["lines"] == ["would say of its statuses: no longer proposed"]


def test_a_wrong_signature_deploys_nothing(place: Scene) -> None:
    """Pushboat would answer 401: exit code 1, no deployment in the answer, and what it would be otherwise is told."""
    words = copied(place, pushed(place))
    place.secret.write_text("another secret of another time")
    finished = place.run(*words, "--json", FORGE_TOKEN="x")

    answer = json.loads(finished.stdout)
    assert (finished.returncode, answer["deploys"], answer["statuses"]) == (1, [], [])
    assert "401" in answer["sentence"]
    assert steps(finished)["signature"]["result"] == "fail"
    assert "would deploy staging" in steps(finished)["outcome"]["lines"][0]
    assert answer["event"]["kind"] == "push"
    assert "another secret" not in finished.stdout + finished.stderr


def test_without_a_readable_secret_it_is_said_to_be_unchecked(place: Scene) -> None:
    """Somebody simulates on a machine that has no secrets: that is no wrong signature."""
    words = copied(place, pushed(place))
    place.secret.unlink()
    finished = place.run(*words, "--json", FORGE_TOKEN="x")

    assert finished.returncode == 0, finished.stderr
    assert steps(finished)["signature"]["result"] == "skip"
    assert str(place.secret) in steps(finished)["signature"]["sentence"]
    assert [deploy["environment"] for deploy in json.loads(finished.stdout)["deploys"]] == ["staging"]


def test_a_payload_as_the_page_shows_it_is_checked_as_it_was_sent(
    tmp_path: Path, home: Path, pushboat: Pushboat
) -> None:
    """GitHub shows a payload in lines and sends it in one; copied from there, its signature is still right."""
    for place in _place("github", tmp_path, pushboat):
        sent = pushed(place)
        compact = json.dumps(json.loads(sent.body), separators=(",", ":")).encode()
        headers = place.forge.dialect.sign(place.forge, "push", compact)
        shown = json.dumps(json.loads(compact), indent=2).encode()
        finished = pushboat(*copied(place, sent, body=shown, **headers), "--json", FORGE_TOKEN="x")
        assert steps(finished)["signature"]["result"] == "pass"


def test_a_header_that_the_page_hides_is_not_called_wrong(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """GitLab shows [REDACTED] in place of its token."""
    for place in _place("gitlab", tmp_path, pushboat):
        words = copied(place, pushed(place), **{"X-Gitlab-Token": "[REDACTED]"})
        step = steps(pushboat(*words, "--json", FORGE_TOKEN="x"))["signature"]
        assert (step["result"], "hides" in step["sentence"]) == ("skip", True)


def test_a_signature_of_yesterday_was_right(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """GitLab's signatures are good for minutes, and people simulate hours later."""
    token = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    for place in _place("gitlab", tmp_path, pushboat):
        place.secret.write_text(token)
        place.configure({"file": "webhook-secret", "kind": "signing"})
        sent = pushed(place)
        place.forge.signing_token = token
        stamp = {"webhook-id": "a", "webhook-timestamp": "1767225600"}
        signed = place.forge.signature("a", "1767225600", sent.body)  # type: ignore[union-attr]
        step = steps(pushboat(*copied(place, sent, **stamp, **signed), "--json", FORGE_TOKEN="x"))["signature"]
        assert step["result"] == "pass"
        assert "more than five minutes" in step["sentence"]


def test_forgejo_is_not_taken_for_github(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """It sends all of GitHub's headers as well; and a secret of a rotation is known by its place."""
    for place in _place("gitea", tmp_path, pushboat):
        place.forge.is_forgejo = True  # type: ignore[union-attr]
        beside(place.secret, FORMER).write_text(SECRET)
        place.secret.write_text("the secret of after the rotation")
        found = steps(pushboat(*copied(place, pushed(place)), "--json", FORGE_TOKEN="x"))
        assert "kind gitea, by the header x-forgejo-event" in found["forge"]["sentence"]
        assert str(beside(place.secret, FORMER)) in found["signature"]["sentence"]


@pytest.mark.parametrize(
    ("comment", "result", "words"),
    [
        ("/deploy staging", "pass", "deploy (environment staging)"),
        ("/deploy", "fail", "/deploy"),
        ("> /deploy staging", "fail", "in a quote"),
        ("looks good\n/deploy staging", "fail", "below or beside other words"),
    ],
)
def test_a_comment_is_said_to_be_a_command_or_why_not(
    tmp_path: Path, home: Path, pushboat: Pushboat, comment: str, result: str, words: str
) -> None:
    """The question behind most simulations of comments: why did nothing happen?"""
    for place in _place("github", tmp_path, pushboat):
        place.forge.push(SHOP, "change", {"a": "c"})
        place.forge.open_pull_request(SHOP, "change")
        sent = place.forge.comment(SHOP, 1, "alice", comment).sent[0]
        step = steps(pushboat(*copied(place, sent), "--json", FORGE_TOKEN="x"))["ask"]
        assert step["result"] == result
        assert words in step["sentence"]


def test_a_file_without_headers_is_usage(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """Half a copy is said to be that; without a kind and a header that names one, --kind is asked for."""
    (home / "payload.json").write_text("{}")
    (home / "empty.txt").write_text("Headers\n\n")
    finished = pushboat("simulate", "payload.json", "--headers", "empty.txt")
    assert (finished.returncode, "Name: value" in finished.stderr) == (2, True)
    finished = pushboat("simulate", "payload.json", "--event", "push")
    assert (finished.returncode, "--kind" in finished.stderr) == (2, True)
