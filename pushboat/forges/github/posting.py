"""How GitHub shows letters: one function per kind, and the table of them."""

import itertools

from github import Github

from pushboat.forges import conversation
from pushboat.forges.github.api import Api, create
from pushboat.forges.posting import Posting
from pushboat.model.deployment import short
from pushboat.model.letter import ReplyLetter, StatusLetter
from pushboat.model.state import State
from pushboat.model.status import clip

LONGEST_COMMENT = 65_536
_STATES = {
    State.QUEUED: "pending",
    State.RUNNING: "pending",
    State.SUCCEEDED: "success",
    State.FAILED: "failure",
    State.ERRORED: "error",
    State.CANCELLED: "error",
    State.SUPERSEDED: "error",
}


def _status(api: Api, repository: str, letter: StatusLetter, public_url: str) -> None:
    """Post a commit status; GitHub shows the newest per context."""
    status = letter.status
    fields = {
        "state": _STATES[status.state],
        "context": status.context,
        "description": clip(status.description),
        "target_url": public_url + status.path,
    }

    def post(github: Github) -> None:
        create(github, f"/repos/{repository}/statuses/{letter.sha}", fields)

    api.ask(repository, f"post {status.context} on {repository}@{short(letter.sha)}", post)


def _reply(api: Api, repository: str, letter: ReplyLetter, _public_url: str) -> None:
    """Comment unless one of the newest comments ends with the marker."""

    def post(github: Github) -> None:
        comments = github.get_repo(repository).get_issue(letter.number).get_comments()
        newest = itertools.islice(comments.reversed, 100)
        if not any(conversation.is_marked(comment.body or "", letter.marker) for comment in newest):
            fields = {"body": conversation.marked(letter.body, letter.marker, LONGEST_COMMENT)}
            create(github, f"/repos/{repository}/issues/{letter.number}/comments", fields)

    api.ask(repository, f"comment on {repository}#{letter.number}", post)


POSTING: Posting[Api] = {StatusLetter: _status, ReplyLetter: _reply}
