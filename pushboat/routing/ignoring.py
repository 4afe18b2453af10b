"""Where an event alone says that nothing follows from it, and what to tell whoever looks for its effect."""

from collections.abc import Callable, Mapping

from pushboat.events import ZERO_SHA, Event, EventKind
from pushboat.model.ask import Ask
from pushboat.model.command_words import ON_COMMITS, SLASH
from pushboat.model.marker import is_ours
from pushboat.model.status import FILE_CONTEXT, clip
from pushboat.model.wording import printable
from pushboat.routing.merge_queue import BRANCHES, DESTROYED, REQUESTED, TURN

LONGEST_SENTENCE = 300
"""People read it in the forge's delivery log, where nobody scrolls."""

TEST = "a test of the webhook, which reaches Pushboat"
"""What Gitea's test button sends is a push like any other, but for this."""

PLANNED = ("opened", "updated", "reopened", "ready", "retargeted")
"""What happens to a pull request that may change what its merge would do."""


def ignored(event: Event, ask: Ask | None = None, *, operator_knows_repository: bool) -> str:
    """Say why nothing follows from an event, or nothing where more must be known to decide."""
    return clip(_reason(event, ask, known=operator_knows_repository), LONGEST_SENTENCE)


def _reason(event: Event, ask: Ask | None, *, known: bool) -> str:
    if event.kind is EventKind.PING:
        return "ping: the webhook reaches Pushboat; the next push will be routed"
    if event.kind is EventKind.OTHER:
        what = printable(event.title) or "this kind of event"
        return f"{what} is not followed: Pushboat acts on pushes, pull requests and comments on them"
    if not known:
        return (
            f"{printable(event.repository, 120) or 'this repository'} is not in the operator's file: "
            "add it under projects in pushboat.yaml, or remove this webhook"
        )
    if event.kind is EventKind.MERGE_GROUP and event.action in (REQUESTED, DESTROYED, TURN):
        return ""
    if event.kind is EventKind.ASK:
        return "" if ask else "nobody asked for anything"
    if event.kind in _READERS and (event.kind is not EventKind.RERUN or event.sha):
        return _READERS[event.kind](event, ask)
    return f"not yet supported: {event.kind.value.replace('_', ' ')}; nothing was done"


def _of_check(event: Event, _ask: Ask | None) -> str:
    if not _is_ours(event.title):
        return f"{printable(event.title, 80)} is somebody else's check"
    if event.button and event.bot:
        return f"{printable(event.author)} is a bot: buttons are for people"
    return ""


def _is_ours(check: str) -> bool:
    """Say whether a check's name is one of our contexts; without a name, all of a commit's are meant."""
    return check in ("", FILE_CONTEXT) or check.startswith(f"{FILE_CONTEXT}/")


def _of_push(event: Event, _ask: Ask | None) -> str:
    ref = printable(event.branch or event.tag or event.ref, 120)
    if not event.branch and not event.tag:
        return f"{ref} is neither a branch nor a tag, so nothing follows it"
    if event.action == "deleted" or event.sha in ("", ZERO_SHA):
        return f"{ref} was deleted: nothing deploys, and what runs keeps running"
    if event.branch and event.before == event.sha and not event.found:
        return f"{TEST}: a push that leaves {ref} where it is"
    if event.branch.startswith(BRANCHES):
        return f"{ref} is GitHub's merge queue at work: the merge itself deploys"
    return ""


def _of_pull_request(event: Event, _ask: Ask | None) -> str:
    if event.action in (*PLANNED, "merged", "closed"):
        return ""
    if event.action == "draft":
        return f"#{event.number} is a draft now; its plan stays as it is"
    return f"#{event.number} changed in words only: its plan stays as it is"


def _of_deployment(event: Event, ask: Ask | None) -> str:
    if event.sender:
        return f"{printable(event.sender)} sent a deployment that stands under the name of {printable(event.author)}"
    where = printable(event.environment) or "a deployment without an environment"
    return "" if ask else f"{where} is nothing that Pushboat deploys here: it is left to others"


def _of_review(_event: Event, _ask: Ask | None) -> str:
    return ""


def _of_comment(event: Event, ask: Ask | None) -> str:
    if event.action != "created":
        return "commands count when a comment is written, not when it is edited or deleted: write a new comment"
    if event.bot:
        return f"{printable(event.author)} is a bot: commands are taken from people only"
    if is_ours(event.comment):
        return "Pushboat wrote this comment itself: its own words command nothing"
    if event.sender:
        sender, author = printable(event.sender), printable(event.author)
        return (
            f"{sender} sent a comment that stands under the name of {author}: commands are taken from who writes them"
        )
    if ask is None:
        return f"the comment's first line is no {SLASH} command"
    if ask.overheard:
        return f"its {SLASH} stands {ask.overheard}: commands count on a comment's first line, alone"
    if event.comment_on == "pull_request" or (event.comment_on == "commit" and ask.word in ON_COMMITS):
        return ""
    return (
        f"{SLASH} works on pull and merge requests ({SLASH} approve on commits too), and this comment stands elsewhere"
    )


_READERS: Mapping[EventKind, Callable[[Event, Ask | None], str]] = {
    EventKind.PUSH: _of_push,
    EventKind.PULL_REQUEST: _of_pull_request,
    EventKind.RERUN: _of_check,
    EventKind.COMMENT: _of_comment,
    EventKind.DEPLOYMENT: _of_deployment,
    EventKind.REVIEW: _of_review,
}
