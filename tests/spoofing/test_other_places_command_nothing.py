"""Reviews, suggestions, commits, issues and system notes are no conversation in which commands count."""

from typing import Any

import pytest

from pushboat.model.ask import AskVerdict
from tests.fakes.nouns import Comment
from tests.spoofing.scene import WRITER, Scene

COMMAND = "/deploy staging"
Delivery = tuple[str, dict[str, Any]]


def of_github(scene: Scene) -> dict[str, Delivery]:
    """What GitHub sends where a command does not count."""
    _, told = scene.forge.dialect.comment(scene.forge, scene.project, _comment(scene), "created")
    pull = {"number": scene.number, "head": {"sha": scene.head}}
    review = {"id": 1, "body": COMMAND, "user": told["comment"]["user"], "state": "approved"}
    return {
        "a line's comment": ("pull_request_review_comment", {**told, "pull_request": pull}),
        "a review": ("pull_request_review", {**_less(told, "comment"), "action": "submitted", "review": review}),
        "a commit": ("commit_comment", {**told, "comment": {**told["comment"], "commit_id": scene.head}}),
        "an issue": ("issue_comment", {**told, "issue": _less(told["issue"], "pull_request")}),
        "a deleted comment": ("issue_comment", {**told, "action": "deleted"}),
        "a suggestion": (
            "pull_request_review_comment",
            {**told, "comment": {**told["comment"], "body": f"```suggestion\n{COMMAND}\n```"}},
        ),
    }


def of_gitlab(scene: Scene) -> dict[str, Delivery]:
    """What GitLab sends where a command does not count; a note on a line of the diff is one on its merge request."""
    event, told = scene.forge.dialect.comment(scene.forge, scene.project, _comment(scene), "created")

    def on(kind: str, **more: Any) -> Delivery:
        return event, {**told, "object_attributes": {**told["object_attributes"], "noteable_type": kind, **more}}

    return {
        "an issue": on("Issue"),
        "a commit": on("Commit"),
        "a snippet": on("Snippet"),
        "something newer": on("Epic"),
        "a system note": on("MergeRequest", system=True),
        "an edit": on("MergeRequest", action="update"),
    }


def of_gitea(scene: Scene) -> dict[str, Delivery]:
    """What Gitea sends where a command does not count."""
    event, told = scene.forge.dialect.comment(scene.forge, scene.project, _comment(scene), "created")
    review = {"type": "pull_request_review_comment", "content": COMMAND}
    reviewed = {**_less(told, "comment"), "action": "reviewed", "number": scene.number, "review": review}
    return {
        "a review": ("pull_request_comment", reviewed),
        "an approval": ("pull_request_approved", reviewed),
        "a rejection": ("pull_request_rejected", reviewed),
        "an issue": (event, {**told, "is_pull": False, "issue": _less(told["issue"], "pull_request")}),
        "an edit": (event, {**told, "action": "edited"}),
    }


OTHER_PLACES = {"github": of_github, "gitlab": of_gitlab, "gitea": of_gitea}
NO_COMMENTS = ("a system note",)


def test_a_command_that_stands_elsewhere_does_nothing(scene: Scene) -> None:
    """Whoever may write says it in a review, on a commit, on an issue: nothing is deployed, and it is kept why."""
    for place, delivery in OTHER_PLACES[scene.kind](scene).items():
        row = scene.delivered(*delivery)
        assert scene.deployed() == [], place
        if place in (*NO_COMMENTS, "a suggestion"):
            continue
        (entry,) = row.audit
        assert (entry.who, entry.verdict, entry.environment) == (WRITER, AskVerdict.REFUSED, "staging"), place
        assert entry.reason == row.reason, place
    assert scene.replies() == []


@pytest.mark.parametrize("bodiless", [{}, {"comment": None}, {"issue": None}, {"sender": None}])
def test_half_a_delivery_does_nothing(github_scene: Scene, bodiless: dict[str, Any]) -> None:
    """A payload that lacks who wrote, or where, is nobody's command."""
    event, told = github_scene.forge.dialect.comment(
        github_scene.forge, github_scene.project, _comment(github_scene), "created"
    )
    stripped = {**told, **bodiless} if bodiless else {**told, "comment": {**told["comment"], "user": None}}
    github_scene.delivered(event, stripped)
    assert len(github_scene.deployed()) == (1 if "sender" in bodiless else 0)


def _comment(scene: Scene) -> Comment:
    return scene.forge.write_comment(scene.project, scene.number, WRITER, COMMAND)


def _less(payload: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in names}
