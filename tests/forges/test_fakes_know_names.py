"""Names at the fakes behave as at the forges: capitals make no difference, a renamed repository stays the same one."""

import json
import subprocess
from pathlib import Path

import requests

from tests.fakes import moving
from tests.fakes.github import FakeGitHub


def payloads(github: FakeGitHub) -> list[dict[str, object]]:
    """Give what was sent."""
    return [json.loads(sent.body) for sent in github.deliveries]


def test_a_repository_answers_to_its_name_in_any_letters(github: FakeGitHub, tmp_path: Path) -> None:
    """I ask the API and clone by a name in other letters than the forge's, and get the same repository."""
    name = next(iter(github.projects))
    github.push(name, "main", {"a": "1"})
    other = name.upper()
    told = requests.get(
        f"{github.api_url}/repos/{other}", headers={"Authorization": f"Bearer {github.token}"}, timeout=5
    )
    assert told.json()["full_name"] == name
    address = f"{github.url}/{other}.git".replace("://", f"://x:{github.token}@")
    done = subprocess.run(["git", "ls-remote", address], capture_output=True, text=True, check=False)
    assert github.projects[name].bare.resolve("main") in done.stdout, done.stderr


def test_a_renamed_repository_keeps_its_id_and_its_commits(github: FakeGitHub) -> None:
    """The forge renames it: payloads have the new name, the id that it always had, and the old commit before."""
    name = next(iter(github.projects))
    before = github.push(name, "main", {"a": "1"}).sha
    moving.rename(github, name, "acme/renamed")
    github.push("acme/renamed", "main", {"a": "2"})
    first, second = (payload["repository"] for payload in payloads(github)[-2:])
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert (first["full_name"], second["full_name"]) == (name, "acme/renamed")
    assert first["id"] == second["id"]
    assert payloads(github)[-1]["before"] == before


def test_a_merge_queue_pushes_the_group_and_asks_for_its_checks(github: FakeGitHub) -> None:
    """A pull request enters the queue: both deliveries are about the commit that would be merged."""
    name = next(iter(github.projects))
    base = github.push(name, "main", {"a": "1"}).sha
    github.push(name, "feature", {"b": "1"})
    github.open_pull_request(name, "feature")
    sha = moving.enqueue(github, name, 1).sha
    pushed, asked = payloads(github)[-2:]
    group = asked["merge_group"]
    assert isinstance(group, dict)
    assert pushed["ref"] == group["head_ref"] == f"refs/heads/gh-readonly-queue/main/pr-1-{base}"
    assert pushed["after"] == group["head_sha"] == sha
    assert (group["base_sha"], github.projects[name].bare.resolve("main")) == (base, base)


def test_tags_that_came_at_once_are_told_in_any_order(github: FakeGitHub) -> None:
    """One push brings two tags, and the newer one's delivery comes first."""
    name = next(iter(github.projects))
    commits = {tag: github.push(name, "main", {"a": tag}, deliver=False).sha for tag in ("v1", "v2")}
    moving.push_tags(github, name, commits, ["v2", "v1"])
    told = [(payload["ref"], payload["after"]) for payload in payloads(github)[-2:]]
    assert told == [("refs/tags/v2", commits["v2"]), ("refs/tags/v1", commits["v1"])]
