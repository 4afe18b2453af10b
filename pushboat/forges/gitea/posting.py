"""How Gitea and Forgejo show letters: one function per kind, and the table of them."""

from collections.abc import Iterator

from pushboat.config.kinds import KINDS
from pushboat.forges import conversation
from pushboat.forges.answers import Unseen
from pushboat.forges.conversation import Written
from pushboat.forges.gitea.api import Api, Connection, of
from pushboat.forges.posting import Posting
from pushboat.model.deployment import short
from pushboat.model.letter import ReactionLetter, ReplyLetter, StatusLetter, StickyLetter
from pushboat.model.state import State
from pushboat.model.status import clip

LONGEST_COMMENT = KINDS["gitea"].longest_comment
STATES = {
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
        "state": STATES[status.state],
        "context": status.context,
        "description": clip(status.description),
        "target_url": public_url + status.path,
    }
    path = of(repository, "statuses", letter.sha)
    doing = f"post {status.context} on {repository}@{short(letter.sha)}"
    commit = of(repository, "git", "commits", letter.sha)
    absent = Unseen(f"{api.name} has no such commit, or not yet; tried to {doing}")
    api.ask_about(commit, doing, lambda forge: forge.create(path, fields), absent)


def _reply(api: Api, repository: str, letter: ReplyLetter, public_url: str) -> None:
    """Comment, or edit our comment, of those that are there, that ends with the marker; commits have no comments."""
    if letter.sha:
        return
    doing = f"comment on {repository}#{letter.number}"
    issue = of(repository, "issues", str(letter.number))
    text = conversation.text_of(letter, public_url, LONGEST_COMMENT)

    def marked(forge: Connection) -> list[Written]:
        found = _comments(forge, issue)
        return [each for each in found if conversation.is_marked(each.body, letter.marker)]

    there = api.ask_about(issue, doing, marked)
    ours = conversation.earlier(there, api.own_name()) if there else None
    if ours is None:
        api.ask_about(issue, doing, lambda forge: forge.create(f"{issue}/comments", {"body": text}))
    elif not conversation.stays(ours, letter, text):
        place = of(repository, "issues", "comments", str(ours.number))
        api.ask(doing, lambda forge: forge.edit(place, {"body": text}))


def _sticky(api: Api, repository: str, letter: StickyLetter, _public_url: str) -> None:
    """Comment, or edit our comment that ends with the marker."""
    doing = f"comment on {repository}#{letter.number}"
    issue = of(repository, "issues", str(letter.number))
    body = {"body": conversation.sticky_text(letter, LONGEST_COMMENT)}
    own_name = api.own_name()

    def find(forge: Connection) -> Written | None:
        return conversation.the_sticky(_comments(forge, issue), letter, own_name)

    ours = api.ask_about(issue, doing, find)
    if ours is None:
        api.ask_about(issue, doing, lambda forge: forge.create(f"{issue}/comments", body))
    elif conversation.is_outdated(ours, letter):
        place = of(repository, "issues", "comments", str(ours.number))
        api.ask(doing, lambda forge: forge.edit(place, body))


def _comments(forge: Connection, issue: str) -> Iterator[Written]:
    """Read a conversation; of an account that is gone Gitea names nobody."""
    for each in forge.get(f"{issue}/comments"):
        yield Written(number=each["id"], author=(each["user"] or {}).get("login", ""), body=each["body"])


def _reaction(api: Api, repository: str, letter: ReactionLetter, _public_url: str) -> None:
    """Put eyes on a comment, if it is still there; the same reaction once more is no error."""
    comment = of(repository, "issues", "comments", str(letter.comment))
    doing = f"react to a comment on {repository}#{letter.number}"

    def react(_forge: Connection) -> None:
        api.ask_about(comment, doing, lambda forge: forge.react(f"{comment}/reactions", "eyes"))

    api.ask_unless_missing(repository, doing, react, None)


POSTING: Posting[Api] = {StatusLetter: _status, ReplyLetter: _reply, ReactionLetter: _reaction, StickyLetter: _sticky}
