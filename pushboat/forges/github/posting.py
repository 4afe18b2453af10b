"""How GitHub shows letters: one function per kind, and the table of them."""

import itertools

from github import Github
from github.IssueComment import IssueComment

from pushboat.config.kinds import KINDS
from pushboat.forges import conversation
from pushboat.forges.conversation import Written
from pushboat.forges.github import check_runs, deployments
from pushboat.forges.github.api import Api, create, edit, listed
from pushboat.forges.github.sentences import narrowed
from pushboat.forges.posting import Posting
from pushboat.model.deployment import short
from pushboat.model.forge_letters import DeploymentLetter, ReviewLetter
from pushboat.model.letter import ReactionLetter, ReplyLetter, StatusLetter, StickyLetter
from pushboat.model.state import State

LONGEST_COMMENT = KINDS["github"].longest_comment
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
    """Show a check run where we are an App that may, else post a commit status; the newest per context is shown."""
    if check_runs.show(api, repository, letter, public_url):
        return
    status = letter.status
    fields = {
        "state": STATES[status.state],
        "context": status.context,
        "description": narrowed(status.description),
        "target_url": public_url + status.path,
    }

    def post(github: Github) -> None:
        create(github, f"/repos/{repository}/statuses/{letter.sha}", fields)

    api.ask(repository, f"post {status.context} on {repository}@{short(letter.sha)}", post)


def _reply(api: Api, repository: str, letter: ReplyLetter, public_url: str) -> None:
    """Comment, or edit the one of our newest comments that ends with the marker."""
    if letter.sha:
        _reply_on_commit(api, repository, letter, public_url)
        return
    doing = f"comment on {repository}#{letter.number}"
    text = conversation.text_of(letter, public_url, LONGEST_COMMENT)

    def marked(github: Github) -> list[Written]:
        comments = github.get_repo(repository).get_issue(letter.number).get_comments()
        newest = itertools.islice(comments.reversed, 100)
        found = (_written(each) for each in newest)
        return [each for each in found if conversation.is_marked(each.body, letter.marker)]

    def post(github: Github) -> None:
        create(github, f"/repos/{repository}/issues/{letter.number}/comments", {"body": text})

    there = api.ask(repository, doing, marked)
    ours = conversation.earlier(there, api.own_name(repository)) if there else None
    if ours is None:
        api.ask(repository, doing, post)
    elif not conversation.stays(ours, letter, text):
        place = f"/repos/{repository}/issues/comments/{ours.number}"
        api.ask(repository, doing, lambda github: edit(github, place, {"body": text}))


def _reply_on_commit(api: Api, repository: str, letter: ReplyLetter, public_url: str) -> None:
    """Comment below a commit, once."""
    place = f"/repos/{repository}/commits/{letter.sha}/comments"
    doing = f"comment on {repository}@{short(letter.sha)}"
    text = conversation.text_of(letter, public_url, LONGEST_COMMENT)

    def is_there(github: Github) -> bool:
        return any(conversation.is_marked(each["body"] or "", letter.marker) for each in listed(github, place))

    if not api.ask(repository, doing, is_there):
        api.ask(repository, doing, lambda github: create(github, place, {"body": text}))


def _sticky(api: Api, repository: str, letter: StickyLetter, _public_url: str) -> None:
    """Comment, or edit our comment, wherever it stands, that ends with the marker."""
    doing = f"comment on {repository}#{letter.number}"
    body = {"body": conversation.sticky_text(letter, LONGEST_COMMENT)}
    own_name = api.own_name(repository)

    def find(github: Github) -> Written | None:
        comments = github.get_repo(repository).get_issue(letter.number).get_comments()
        oldest = itertools.islice(comments, conversation.MOST_LOOKED_AT)
        return conversation.the_sticky((_written(each) for each in oldest), letter, own_name)

    ours = api.ask(repository, doing, find)
    if ours is None:
        place = f"/repos/{repository}/issues/{letter.number}/comments"
        api.ask(repository, doing, lambda github: create(github, place, body))
    elif conversation.is_outdated(ours, letter):
        place = f"/repos/{repository}/issues/comments/{ours.number}"
        api.ask(repository, doing, lambda github: edit(github, place, body))


def _written(comment: IssueComment) -> Written:
    """Read a comment; of an account that is gone GitHub names nobody."""
    return Written(number=comment.id, author=comment.user.login if comment.user else "", body=comment.body or "")


def _reaction(api: Api, repository: str, letter: ReactionLetter, _public_url: str) -> None:
    """Put eyes on a comment, if it is still there; GitHub gives the same reaction back where that is."""
    path = f"/repos/{repository}/issues/comments/{letter.comment}/reactions"
    doing = f"react to a comment on {repository}#{letter.number}"

    def react(github: Github) -> None:
        create(github, path, {"content": "eyes"})

    api.ask_unless_missing(repository, doing, react, None)


def _review(api: Api, repository: str, letter: ReviewLetter, _public_url: str) -> None:
    """Answer a workflow's job that waits for our word."""
    path = f"/repos/{repository}/actions/runs/{letter.run}/deployment_protection_rule"
    state = "approved" if letter.approved else "rejected"
    fields = {"environment_name": letter.environment, "state": state, "comment": letter.comment}
    doing = f"answer run {letter.run} about {letter.environment} on {repository}"
    api.ask(repository, doing, lambda github: github.requester.requestJsonAndCheck("POST", path, input=fields))


POSTING: Posting[Api] = {
    StatusLetter: _status,
    ReplyLetter: _reply,
    ReactionLetter: _reaction,
    StickyLetter: _sticky,
    DeploymentLetter: deployments.show,
    ReviewLetter: _review,
}
