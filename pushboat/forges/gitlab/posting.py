"""How GitLab shows letters: one function per kind, and the table of them."""

from gitlab import Gitlab
from gitlab.exceptions import GitlabError

from pushboat.forges import conversation
from pushboat.forges.gitlab.api import Api
from pushboat.forges.posting import Posting
from pushboat.model.deployment import short
from pushboat.model.letter import ReplyLetter, StatusLetter
from pushboat.model.state import State
from pushboat.model.status import clip

LONGEST_COMMENT = 1_000_000
_STATES = {
    State.QUEUED: "pending",
    State.RUNNING: "running",
    State.SUCCEEDED: "success",
    State.FAILED: "failed",
    State.ERRORED: "failed",
    State.CANCELLED: "canceled",
    State.SUPERSEDED: "canceled",
}


def _status(api: Api, repository: str, letter: StatusLetter, public_url: str) -> None:
    """Set the external status; where it already is in that state, GitLab's 400 is a success."""
    status = letter.status
    fields = {
        "state": _STATES[status.state],
        "name": status.context,
        "target_url": public_url + status.path,
        "description": clip(status.description),
    }
    ref = status.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")

    def post(gitlab: Gitlab) -> None:
        statuses = gitlab.projects.get(repository, lazy=True).commits.get(letter.sha, lazy=True).statuses
        try:
            statuses.create({**fields, "ref": ref} if ref else fields)
        except GitlabError as error:
            if _is_there_already(error):
                return
            if ref and _lacks_references(error):
                statuses.create(fields)  # the branch is gone; another one may still have the commit
                return
            raise

    api.ask(f"post {status.context} on {repository}@{short(letter.sha)}", post)


def _reply(api: Api, repository: str, letter: ReplyLetter, _public_url: str) -> None:
    """Write a note unless one of the newest notes ends with the marker."""

    def post(gitlab: Gitlab) -> None:
        notes = gitlab.projects.get(repository, lazy=True).mergerequests.get(letter.number, lazy=True).notes
        newest = notes.list(order_by="created_at", sort="desc", per_page=100, page=1)
        if not any(conversation.is_marked(note.body or "", letter.marker) for note in newest):
            notes.create({"body": conversation.marked(letter.body, letter.marker, LONGEST_COMMENT)})

    api.ask(f"comment on {repository}!{letter.number}", post)


def _is_there_already(error: GitlabError) -> bool:
    return error.response_code == 400 and "cannot transition" in str(error.error_message).lower()


def _lacks_references(error: GitlabError) -> bool:
    return error.response_code == 404 and "references for commit" in str(error.error_message).lower()


POSTING: Posting[Api] = {StatusLetter: _status, ReplyLetter: _reply}
