"""How plain git shows letters: a status is a line in the commit's note. There is nowhere to reply."""

from pushboat.config.operator import Forge
from pushboat.forges.git import notes, repositories
from pushboat.forges.posting import Posting
from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import clip

_WORDS = {
    State.QUEUED: "queued",
    State.RUNNING: "running",
    State.SUCCEEDED: "success",
    State.FAILED: "failure",
    State.ERRORED: "error",
    State.CANCELLED: "cancelled",
    State.SUPERSEDED: "superseded",
}


def _status(forge: Forge, repository: str, letter: StatusLetter, public_url: str) -> None:
    """Add a line to the commit's note."""
    status = letter.status
    sentence = f"{_WORDS[status.state]}: {clip(status.description)} {public_url}{status.path}".rstrip()
    notes.append(repositories.folder(forge, repository), letter.sha, status.context, sentence)


POSTING: Posting[Forge] = {StatusLetter: _status}
