"""The forge's story: a push runs, a pull request shows its plan, and a comment of the visitor's deploys it."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import click

from cli import output
from cli.lab.demo.forge_stage import BOT, REPOSITORY, VISITOR, ForgeStage, propose, push_first
from pushboat.model.letter import STICKY_MARKER

COMMENT = "/deploy staging"
GIVE_UP_AFTER = 120.0
Found = TypeVar("Found")


def meet(stage: ForgeStage, *, by_itself: bool) -> bool:
    """Play up to the open pull request; then wait for the visitor's comment, or write it. Say whether it went well."""
    output.say("dora pushes to main", glyph="►")
    first = push_first(stage)
    _tell(stage, first, "pushboat/staging")
    output.say("dora proposes a change", glyph="►")
    number, head = propose(stage)
    _tell(stage, head, "pushboat/plan/staging")
    page = f"{stage.gitea.url}/{REPOSITORY}/pulls/{number}"
    output.say("")
    if by_itself:
        output.say(f"dora comments {COMMENT} on {page}", glyph="►")
        stage.ask("POST", f"/issues/{number}/comments", body=COMMENT)
    else:
        output.data(f"page: {page}")
        output.say(f"sign in as {VISITOR} with the password {stage.password}, and comment: {COMMENT}")
        output.say("everything stays until Ctrl-C")
        _until(lambda: _commented(stage, number), forever=True)
    went_well = _tell(stage, head, "pushboat/staging")
    for reply in _until(lambda: _replies(stage, number)):
        output.say(reply.splitlines()[0], glyph="«")
    if not by_itself:
        with suppress(KeyboardInterrupt):  # here it is the way to the end, not an interruption
            _follow(stage, head)
    return went_well


def _tell(stage: ForgeStage, sha: str, context: str) -> bool:
    """Say each word of a status as it comes, until its last; say whether that is a success."""
    shown: list[tuple[str, str]] = []

    def last() -> str:
        for state, sentence in _statuses(stage, sha, context)[len(shown) :]:
            shown.append((state, sentence))
            output.say(f"{context} {state}: {sentence}", glyph="✔" if state == "success" else "◐")
        return shown[-1][0] if shown and shown[-1][0] != "pending" else ""

    return _until(last) == "success"


def _statuses(stage: ForgeStage, sha: str, context: str) -> list[tuple[str, str]]:
    found = stage.ask("GET", f"/commits/{sha}/statuses?sort=oldest&limit=50")
    return [(one["status"], one["description"]) for one in found if one["context"] == context]


def _comments(stage: ForgeStage, number: int) -> list[dict[str, Any]]:
    return list(stage.ask("GET", f"/issues/{number}/comments"))


def _commented(stage: ForgeStage, number: int) -> bool:
    return any(one["body"].startswith("/deploy") for one in _comments(stage, number))


def _replies(stage: ForgeStage, number: int) -> list[str]:
    told = [one["body"] for one in _comments(stage, number) if one["user"]["login"] == BOT]
    return [body for body in told if STICKY_MARKER not in body]


def _follow(stage: ForgeStage, head: str) -> None:
    """Go on saying what becomes of the pull request's head, as long as somebody looks."""
    told = _statuses(stage, head, "pushboat/staging")
    while True:
        now = _statuses(stage, head, "pushboat/staging")
        for state, sentence in now[len(told) :]:
            output.say(f"pushboat/staging {state}: {sentence}", glyph="◐")
        told = now
        time.sleep(0.5)


def _until(question: Callable[[], Found], *, forever: bool = False) -> Found:
    deadline = time.monotonic() + GIVE_UP_AFTER
    while not (found := question()):
        if not forever and time.monotonic() > deadline:
            raise click.ClickException(f"nothing happened for {GIVE_UP_AFTER:.0f} s; the page of Pushboat says more")
        time.sleep(0.2)
    return found
