"""`pushboat simulate`: how a delivery is read and what it would do, offline."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import OPERATOR, REPOSITORY, Pushboat

SHA, ZERO = "1" * 40, "0" * 40
GITHUB_PUSH = {
    "ref": "refs/heads/main",
    "before": ZERO,
    "after": SHA,
    "created": True,
    "repository": {"full_name": "acme/shop"},
    "pusher": {"name": "ada"},
}
GITLAB_PUSH = {
    "object_kind": "push",
    "ref": "refs/heads/main",
    "before": "2" * 40,
    "after": SHA,
    "checkout_sha": SHA,
    "user_username": "ada",
    "project": {"path_with_namespace": "acme/shop"},
}
GIT_PUSH = {
    "event": "push",
    "repository": "shop",
    "ref": "refs/heads/main",
    "before": "2" * 40,
    "after": SHA,
    "pusher": "ada",
}
COMMENT = {
    "action": "created",
    "issue": {"number": 7, "pull_request": {"url": "x"}},
    "comment": {"id": 1, "body": "/deploy staging", "user": {"login": "ada"}},
    "repository": {"full_name": "acme/shop"},
}
FORM = ["kind", "action", "repository", "ref", "base_ref", "sha", "before", "number", "fork", "merged_sha", "author"]


@pytest.mark.parametrize(
    ("kind", "event", "payload", "repository", "action"),
    [
        ("github", "push", GITHUB_PUSH, "acme/shop", "created"),
        ("gitlab", "push", GITLAB_PUSH, "acme/shop", "updated"),
        ("gitlab", "Push Hook", GITLAB_PUSH, "acme/shop", "updated"),
        ("git", "push", GIT_PUSH, "shop", "updated"),
    ],
)
def test_a_push_is_read_without_any_configuration(
    pushboat: Pushboat, kind: str, event: str, payload: object, repository: str, action: str
) -> None:
    """Every forge's push becomes the same words, on a machine where Pushboat is not set up."""
    finished = pushboat("simulate", "-", "--kind", kind, "--event", event, "--json", stdin=json.dumps(payload))
    assert finished.returncode == 0, finished.stderr
    answer = json.loads(finished.stdout)
    assert {"event", "deploys", "sentence"} <= set(answer)
    assert list(answer["event"]) == [*FORM, "comment"]
    assert answer["event"] | {"before": ""} == {
        "kind": "push",
        "action": action,
        "repository": repository,
        "ref": "refs/heads/main",
        "base_ref": "",
        "sha": SHA,
        "before": "",
        "number": None,
        "fork": None,
        "merged_sha": "",
        "author": "ada",
        "comment": "",
    }
    assert answer["deploys"] == []
    assert "--config" in answer["sentence"]


def test_with_both_files_it_says_what_would_be_deployed(pushboat: Pushboat, home: Path) -> None:
    """The operator's and the repository's file decide as they would for a real delivery."""
    (home / ".pushboat.yaml").write_text(REPOSITORY)
    (home / "push.json").write_text(json.dumps(GITHUB_PUSH))
    finished = pushboat("simulate", "push.json", "--kind", "github", "--event", "push", "--json")
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["deploys"] == [
        {"kind": "deploy", "environment": "staging", "ref": "refs/heads/main", "sha": SHA}
    ]


def test_a_branch_that_nothing_follows_is_explained(pushboat: Pushboat, home: Path) -> None:
    """Where nothing would happen, the sentence says why."""
    (home / "of-the-commit.yaml").write_text(REPOSITORY.replace("main", "release"))
    payload = json.dumps(GITHUB_PUSH)
    finished = pushboat(
        *("simulate", "-", "--kind", "github", "--event", "push", "--repository-file", "of-the-commit.yaml"),
        stdin=payload,
    )
    assert finished.returncode == 0, finished.stderr
    assert "would deploy" not in finished.stdout
    assert "main" in finished.stdout


def test_a_repository_that_the_operator_does_not_know_is_explained(pushboat: Pushboat, home: Path) -> None:
    """An unknown repository is the most frequent cause of "my push did nothing"."""
    payload = {**GITHUB_PUSH, "repository": {"full_name": "acme/other"}}
    finished = pushboat("simulate", "-", "--kind", "github", "--event", "push", stdin=json.dumps(payload))
    assert finished.returncode == 0, finished.stderr
    assert "acme/other" in finished.stdout


def test_a_comment_shows_what_it_stands_on(pushboat: Pushboat) -> None:
    """A comment has `on` beside its text; --header adds what --event does not."""
    finished = pushboat(
        *("simulate", "-", "--kind", "github", "--header", "X-GitHub-Event: issue_comment", "--json"),
        stdin=json.dumps(COMMENT),
    )
    event = json.loads(finished.stdout)["event"]
    assert (event["on"], event["comment"], event["number"]) == ("pull_request", "/deploy staging", 7)


@pytest.mark.parametrize(("permission", "deployed"), [("write", ["staging"]), ("read", [])])
def test_a_command_is_judged_by_the_permission_that_is_assumed(
    pushboat: Pushboat, home: Path, permission: str, deployed: list[str]
) -> None:
    """Offline nobody says what the author may do, so that --permission does; a refusal says what is missing."""
    (home / ".pushboat.yaml").write_text(REPOSITORY)
    finished = pushboat(
        *("simulate", "-", "--kind", "github", "--event", "issue_comment", "--permission", permission, "--json"),
        stdin=json.dumps(COMMENT),
    )
    answer = json.loads(finished.stdout)
    assert [deploy["environment"] for deploy in answer["deploys"]] == deployed
    assert ("may not deploy" in answer["sentence"]) == (not deployed)


def test_a_comment_may_name_what_a_folder_makes(pushboat: Pushboat, home: Path) -> None:
    """No file names the environment: its folder beside the repository's file does, and the operator's pattern."""
    pattern = OPERATOR.replace("staging: {", '"env-{name}": {').replace("shop-staging", '"shop-{name}"')
    (home / "pushboat.yaml").write_text(pattern)
    (home / ".pushboat.yaml").write_text("environments: {'env-{name}': {path: 'envs/{name}', branch: main}}\n")
    (home / "envs/eu").mkdir(parents=True)
    (home / "envs/eu/a.yaml").write_text("")
    for said, sentence in (("env-eu", ""), ("env-euu", "Did you mean 'env-eu'?")):
        payload = {**COMMENT, "comment": {**COMMENT["comment"], "body": f"/deploy {said}"}}
        finished = pushboat(
            "simulate", "-", "--kind", "github", "--event", "issue_comment", "--json", stdin=json.dumps(payload)
        )
        answer = json.loads(finished.stdout)
        assert [each["environment"] for each in answer["deploys"]] == ([] if sentence else [said])
        assert sentence in json.dumps(answer), answer


def test_a_missing_event_names_the_option(pushboat: Pushboat) -> None:
    """Without --event GitHub's payloads cannot be told apart: exit code 2 and the option's name."""
    finished = pushboat("simulate", "-", "--kind", "github", stdin=json.dumps(GITHUB_PUSH))
    assert finished.returncode == 2
    assert "--event" in finished.stderr


def test_an_unreadable_payload_is_a_no(pushboat: Pushboat) -> None:
    """What the webhook would answer 400 is exit code 1 and a sentence."""
    finished = pushboat("simulate", "-", "--kind", "github", "--event", "push", stdin="[1, 2]")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "not an object" in finished.stderr


def test_an_unknown_kind_lists_those_there_are(pushboat: Pushboat) -> None:
    """A wrong --kind is usage; Forgejo is read as Gitea, whose words it speaks."""
    assert "github, gitlab, gitea, git" in pushboat("simulate", "-", "--kind", "svn").stderr
    forgejo = pushboat("simulate", "-", "--kind", "forgejo", "--event", "push", stdin="{}")
    assert (forgejo.returncode, "a push without `ref`" in forgejo.stderr) == (1, True)


def test_without_the_repositorys_file_nothing_is_claimed_about_the_commit(pushboat: Pushboat, home: Path) -> None:
    """Nobody looked into the commit: the sentence asks for the file instead of saying that there is none."""
    finished = pushboat("simulate", "-", "--kind", "github", "--event", "push", stdin=json.dumps(GITHUB_PUSH))
    assert finished.returncode == 0, finished.stderr
    assert "· 5. outcome: no .pushboat.yaml given: name one with --repository-file" in finished.stdout
    assert "has no .pushboat.yaml" not in finished.stdout


def test_the_operators_secrets_are_not_needed(pushboat: Pushboat, home: Path) -> None:
    """A developer simulates with the operator's file and has none of its variables and files."""
    (home / ".pushboat.yaml").write_text(REPOSITORY)
    written = OPERATOR.replace("HOOK_SECRET", "NOBODY_SET_THIS").replace("{env: TOKEN}", "{file: nowhere/token}")
    for more in ("", "store: {env: NO_STORE}\nbroker: {env: NO_BROKER}\n"):
        for text in (written, OPERATOR.replace("TOKEN", "NO_TOKEN")):
            (home / "pushboat.yaml").write_text(more + text)
            finished = pushboat("simulate", "-", "--kind", "github", "--event", "push", stdin=json.dumps(GITHUB_PUSH))
            assert finished.returncode == 0, finished.stderr
            assert "would deploy staging" in finished.stdout


def test_other_mistakes_of_the_operators_file_still_count(pushboat: Pushboat, home: Path) -> None:
    """With their place, as everywhere."""
    (home / "pushboat.yaml").write_text(OPERATOR + "colour: blue\n")
    finished = pushboat("simulate", "-", "--kind", "github", "--event", "push", stdin=json.dumps(GITHUB_PUSH))
    assert finished.returncode == 2
    assert f"{home}/pushboat.yaml:12:" in finished.stderr
