"""How GitLab shows letters: one function per kind, and the table of them."""

import itertools
import re
from functools import partial
from typing import Any

from gitlab import Gitlab
from gitlab.exceptions import GitlabError

from pushboat.config.kinds import KINDS
from pushboat.forges import conversation
from pushboat.forges.conversation import Written
from pushboat.forges.gitlab import deployments
from pushboat.forges.gitlab.api import Api
from pushboat.forges.posting import Posting
from pushboat.model.deployment import short
from pushboat.model.forge_letters import DeploymentLetter
from pushboat.model.letter import ReactionLetter, ReplyLetter, StatusLetter, StickyLetter
from pushboat.model.refs import short_name
from pushboat.model.state import State
from pushboat.model.status import clip

LONGEST_COMMENT = KINDS["gitlab"].longest_comment
_OURS = re.compile(r"(?<![\w#/&])#(\d+)\b")
"""How we write a pull request's number. To GitLab that is an issue, which would say for ever that we mentioned it."""
STATES = {
    State.QUEUED: "pending",
    State.RUNNING: "running",
    State.SUCCEEDED: "success",
    State.FAILED: "failed",
    State.ERRORED: "failed",
    State.CANCELLED: "canceled",
    State.SUPERSEDED: "canceled",
}


def _status(api: Api, repository: str, letter: StatusLetter, public_url: str) -> None:
    """Set the external status; where it is in that state already, GitLab answers 400, and has kept its first words."""
    status = letter.status
    fields = {
        "state": STATES[status.state],
        "name": status.context,
        "target_url": public_url + status.path,
        "description": clip(status.description),
    }
    ref = short_name(status.ref)

    def post(gitlab: Gitlab) -> None:
        statuses = gitlab.projects.get(repository, lazy=True).commits.get(letter.sha, lazy=True).statuses
        try:
            statuses.create({**fields, "ref": ref} if ref else fields)
        except GitlabError as error:
            if _is_there_already(error):
                _say_anew(statuses, fields, ref)
                return
            if ref and _lacks_references(error):
                statuses.create(fields)  # the branch is gone; another one may still have the commit
                return
            raise

    api.ask(f"post {status.context} on {repository}@{short(letter.sha)}", post)


def _say_anew(statuses: Any, fields: dict[str, str], ref: str) -> None:
    """Let what waits say something else: GitLab changes words with the state only, so that status ends for another.

    So does what had begun and waits again, since *running* leads back to *pending* nowhere. The former one is cancelled
    and never green, so that nothing is merged meanwhile; where we die in between, the next try begins another. What
    runs keeps its words: it is not stopped to say how far it is.
    """
    if fields["state"] != STATES[State.QUEUED]:
        return
    place = {"ref": ref} if ref else {}
    there = statuses.list(name=fields["name"], get_all=False, **place)
    going_on = [each for each in there if each.status in (STATES[State.QUEUED], STATES[State.RUNNING])]
    if any((each.status, each.description) != (fields["state"], fields["description"]) for each in going_on):
        statuses.create({**fields, **place, "state": STATES[State.CANCELLED]})
        statuses.create({**fields, **place})


def _reply(api: Api, repository: str, letter: ReplyLetter, public_url: str) -> None:
    """Write a note, or edit the one of our newest notes that ends with the marker."""
    if letter.sha:
        _reply_on_commit(api, repository, letter, public_url)
        return
    doing = f"comment on {repository}!{letter.number}"
    text = conversation.outside_of_code(conversation.text_of(letter, public_url, LONGEST_COMMENT), _numbered_as_here)

    notes = partial(_notes, repository, letter.number)

    def marked(gitlab: Gitlab) -> list[Written]:
        newest = notes(gitlab).list(order_by="created_at", sort="desc", per_page=100, page=1)
        found = (_written(each) for each in newest)
        return [each for each in found if conversation.is_marked(each.body, letter.marker)]

    there = api.ask(doing, marked)
    ours = conversation.earlier(there, api.own_name()) if there else None
    if ours is None:
        api.ask(doing, lambda gitlab: notes(gitlab).create({"body": text}))
    elif not conversation.stays(ours, letter, text):
        api.ask(doing, lambda gitlab: notes(gitlab).update(ours.number, {"body": text}))


def _reply_on_commit(api: Api, repository: str, letter: ReplyLetter, public_url: str) -> None:
    """Comment below a commit, once."""
    doing = f"comment on {repository}@{short(letter.sha)}"
    text = _OURS.sub(r"!\1", conversation.text_of(letter, public_url, LONGEST_COMMENT))

    def comments(gitlab: Gitlab) -> Any:
        return gitlab.projects.get(repository, lazy=True).commits.get(letter.sha, lazy=True).comments

    def is_there(gitlab: Gitlab) -> bool:
        found = itertools.islice(comments(gitlab).list(per_page=100, iterator=True), conversation.MOST_LOOKED_AT)
        return any(conversation.is_marked(each.note or "", letter.marker) for each in found)

    if not api.ask(doing, is_there):
        api.ask(doing, lambda gitlab: comments(gitlab).create({"note": text}))


def _sticky(api: Api, repository: str, letter: StickyLetter, _public_url: str) -> None:
    """Write a note, or edit our note, wherever it stands, that ends with the marker."""
    doing = f"comment on {repository}!{letter.number}"
    body = {"body": conversation.outside_of_code(conversation.sticky_text(letter, LONGEST_COMMENT), _numbered_as_here)}
    own_name = api.own_name()

    notes = partial(_notes, repository, letter.number)

    def find(gitlab: Gitlab) -> Written | None:
        every = notes(gitlab).list(order_by="created_at", sort="asc", per_page=100, iterator=True)
        oldest = itertools.islice(every, conversation.MOST_LOOKED_AT)
        return conversation.the_sticky((_written(each) for each in oldest), letter, own_name)

    ours = api.ask(doing, find)
    if ours is None:
        api.ask(doing, lambda gitlab: notes(gitlab).create(body))
    elif conversation.is_outdated(ours, letter):
        api.ask(doing, lambda gitlab: notes(gitlab).update(ours.number, body))


def _numbered_as_here(line: str) -> str:
    return _OURS.sub(r"!\1", line)


def _notes(repository: str, number: int, gitlab: Gitlab) -> Any:
    """Name the notes of a merge request, without a question."""
    return gitlab.projects.get(repository, lazy=True).mergerequests.get(number, lazy=True).notes


def _written(note: Any) -> Written:
    """Read a note; of an account that is gone GitLab may name nobody."""
    return Written(number=note.id, author=(note.author or {}).get("username", ""), body=note.body or "")


def _reaction(api: Api, repository: str, letter: ReactionLetter, _public_url: str) -> None:
    """Award eyes to a note, if it is still there; where they are there, GitLab's 404 is a success."""

    def award(gitlab: Gitlab) -> None:
        notes = _notes(repository, letter.number, gitlab)
        try:
            notes.get(letter.comment, lazy=True).awardemojis.create({"name": "eyes"})
        except GitlabError as error:
            if "already been taken" not in str(error.error_message).lower():
                raise

    api.ask_unless_missing(repository, f"react to a comment on {repository}!{letter.number}", award, None)


def _is_there_already(error: GitlabError) -> bool:
    return error.response_code == 400 and "cannot transition" in str(error.error_message).lower()


def _lacks_references(error: GitlabError) -> bool:
    return error.response_code == 404 and "references for commit" in str(error.error_message).lower()


POSTING: Posting[Api] = {
    StatusLetter: _status,
    ReplyLetter: _reply,
    ReactionLetter: _reaction,
    StickyLetter: _sticky,
    DeploymentLetter: deployments.show,
}
