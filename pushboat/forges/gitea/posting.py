"""How Gitea and Forgejo show letters: one function per kind, and the table of them."""

from pushboat.forges import conversation
from pushboat.forges.gitea.api import Api, Connection, of
from pushboat.forges.posting import Posting
from pushboat.model.deployment import short
from pushboat.model.letter import ReplyLetter, StatusLetter
from pushboat.model.state import State
from pushboat.model.status import clip

LONGEST_COMMENT = 65_536
"""They name no limit; longer ones nobody reads."""
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
    """Post a commit status; the newest per context is shown."""
    status = letter.status
    fields = {
        "state": _STATES[status.state],
        "context": status.context,
        "description": clip(status.description),
        "target_url": public_url + status.path,
    }
    path = of(repository, "statuses", letter.sha)
    doing = f"post {status.context} on {repository}@{short(letter.sha)}"
    commit = of(repository, "git", "commits", letter.sha)
    api.ask_about(commit, doing, lambda forge: forge.create(path, fields))


def _reply(api: Api, repository: str, letter: ReplyLetter, _public_url: str) -> None:
    """Comment unless a comment that is there, of which all are listed, ends with the marker."""
    issue = of(repository, "issues", str(letter.number))
    path = f"{issue}/comments"

    def post(forge: Connection) -> None:
        there = forge.get(path)
        if not any(conversation.is_marked(comment["body"], letter.marker) for comment in there):
            forge.create(path, {"body": conversation.marked(letter.body, letter.marker, LONGEST_COMMENT)})

    api.ask_about(issue, f"comment on {repository}#{letter.number}", post)


POSTING: Posting[Api] = {StatusLetter: _status, ReplyLetter: _reply}
