"""The page of holds: the table of kinds, and the samples that tests/store/test_holds_in_pairs.py puts side by side."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pushboat.model.hold import Hold
from pushboat.routing.holds import KINDS, HoldKind
from tests.store.held import BY_THE_CLOCK, HERE, SAMPLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "holds.md"
NOON = 1_790_164_800.0
INTRODUCTION = """\
# Holds

A hold is why a deployment may not start yet. Whoever waits is told so beside its commit, in the conversation where it
was asked for, on its page, by `pushboat status` and `pushboat holds`: each hold in one sentence, in the order in which
they will end, with who ends it and how. A hold binds whatever deploys alike: pushes, merges, commands, buttons, the
command line, what a look catches up. Plans of pull requests do not wait, and what runs goes on.

This page is written by `.venv/bin/python -m tests.conformance`, from the table of kinds and the samples with which
`tests/store/test_holds_in_pairs.py` tries every kind alone and beside every other one.

*Passes*: what such a hold does not bind. **Rollbacks** are people's (`/deploy rollback`), **what has begun** is a
deployment that has written already and is only tried again, **broken glass** is `--break-glass "reason"`.
"""


def holds_page() -> str:
    """Write the page."""
    head = "| Kind | Says, for example | Ends by | Passes |\n|---|---|---|---|"
    return "\n".join((INTRODUCTION, head, *(_row(kind) for _, kind in sorted(KINDS.items())), ""))


def _row(kind: HoldKind) -> str:
    sample = SAMPLES[kind.name]
    hold = replace(sample, scope=HERE, since=NOON, begins=NOON if kind.name == "freeze" else sample.begins)
    if kind.name in BY_THE_CLOCK:
        hold = replace(hold, until=NOON + 7200)
    name, passes = kind.name.replace("_", " "), ", ".join(_passes(kind, hold))
    return f"| {name} | {_cell(kind.sentence(hold))} | {_ends(kind, hold)} | {passes} |"


def _ends(kind: HoldKind, hold: Hold) -> str:
    command = kind.ends(hold)
    return f"{_cell(kind.who(hold))}{f': `{command}`' if command else ''}"


def _passes(kind: HoldKind, hold: Hold) -> Iterator[str]:
    if not kind.rollbacks:
        yield "rollbacks"
    if not kind.begun:
        yield "what has begun"
    if kind.breakable:
        yield "broken glass"
    if hold.spares:
        yield "its holder's own"
    if hold.pull_request:
        yield "what it is pinned to"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
