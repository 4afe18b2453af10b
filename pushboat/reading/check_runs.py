"""What a check run says below a status: the change set as a table, the refusal in full, lines of files, buttons.

It is read of the page that the status leads to when the letter is posted, so that a letter stays small. The logs of
containers are no part of it: who may read them is the operator's to say. All else was masked where it was made.
"""

import re
from collections.abc import Iterator, Sequence

from pushboat.model.changeset import Action, Change
from pushboat.model.check_run import MOST_ANNOTATIONS, Output, placed
from pushboat.model.code_fences import fence_around, fenced
from pushboat.model.deployment import Deployment
from pushboat.model.letter import StatusLetter
from pushboat.model.plan_summary import CONTEXT
from pushboat.model.state import Kind
from pushboat.model.status import FILE_CONTEXT, context
from pushboat.model.wording import code, counted, printable, unbold
from pushboat.routing.buttons import WORDS, offered
from pushboat.store import asks, audit, change_sets, deliveries, deployments, progress_lines
from pushboat.store.database.engine import Store

LONGEST_SENTENCE = 1_000
"""Characters."""
LONGEST_LINE = 2_000
LONGEST_REF = 200
MOST_ROWS = 50
MOST_PLANS = 100
MOST_WARNINGS = 20
MOST_PRESSES = 3
"""Answers to buttons that are told, the newest ones."""
_PAGE = re.compile(r"/(plans|deployments|deliveries)/(\d{1,18})")


def output(store: Store, repository: str, letter: StatusLetter) -> Output:
    """Say below a status what its page says; while it goes on, its sentence is all there is."""
    status, page = letter.status, _PAGE.fullmatch(letter.status.path)
    if not status.state.ended or page is None:
        return Output(summary=code(status.description, LONGEST_SENTENCE))
    asked = tuple(_asked(store, repository, letter))
    if page[1] == "deliveries":
        row = deliveries.find(store, int(page[2]))
        details = row.details if row and not row.forgotten else ""
        return _told(letter, None, status.description, details, asked)
    about = deployments.find(store, int(page[2]))
    if about is None:
        return _told(letter, None, status.description, "", asked)
    # Of another state, or commit, is what was made of it: drift, a follower's share.
    same = about.state is status.state and about.sha == letter.sha
    sentence = about.reason if same and about.reason else status.description
    if status.context == CONTEXT:
        return _told(letter, about, status.description, "", (_plans(store, about), *asked))
    fork = about.kind is Kind.PLAN and asks.is_fork(store, repository, about.lane.number)
    exposed = progress_lines.exposed(store, about.id)
    more = (*_table(change_sets.listed(store, about.id), about, exposed), *asked)
    return _told(letter, about, sentence, about.details, more, fork=fork)


def _told(
    letter: StatusLetter,
    about: Deployment | None,
    sentence: str,
    details: str,
    more: Sequence[str],
    *,
    fork: bool = False,
) -> Output:
    # Each place is marked once, however many checks fail because of it: by the check that it is about.
    own = FILE_CONTEXT if about is None else context(about)
    mine = letter.status.context == own and (about is None or about.sha == letter.sha)
    lines = (placed(details) or placed(sentence) or placed(letter.status.description)) if mine else ()
    cut = (
        [f"Of {counted(len(lines), 'place')} the first {MOST_ANNOTATIONS} are marked in the files."]
        if len(lines) > MOST_ANNOTATIONS
        else []
    )
    return Output(
        summary="\n\n".join((code(" ".join(sentence.split()), LONGEST_SENTENCE), *more, *cut)),
        text=_fenced(unbold(details)) if details else "",
        annotations=lines[:MOST_ANNOTATIONS],
        buttons=offered(letter.sha, letter.status, about, fork=fork),
    )


def _plans(store: Store, about: Deployment) -> str:
    """List the newest plan of each environment for the proposal that one of them is of."""
    found = deployments.listed(
        store, kinds=(Kind.PLAN,), repository=about.lane.repository, sha=about.sha, limit=MOST_PLANS
    )
    newest = {each.lane.environment: each for each in reversed(found) if each.lane.number == about.lane.number}
    rows = [f"| {_cell(name)} | {each.state} | {_cell(each.reason)} |" for name, each in sorted(newest.items())]
    return "\n".join(("| environment | plan | |", "|---|---|---|", *rows))


def _table(changes: Sequence[Change], about: Deployment, exposed: Sequence[str]) -> Iterator[str]:
    """Write the change set: what changes, and what should be known before or after it."""
    changed = [each for each in changes if each.action is not Action.UNCHANGED]
    if changed:
        rows = [f"| {_cell(str(each.ref))} | {each.action}{_why(each)} |" for each in changed[:MOST_ROWS]]
        more = [f"| … and {counted(len(changed) - MOST_ROWS, 'other')} | |"] if len(changed) > MOST_ROWS else []
        where = _cell(about.lane.environment)
        yield "\n".join(
            (f"| {where} | {'would be' if about.path.startswith('/plans') else 'was'} |", "|---|---|", *rows, *more)
        )
    warned = [*exposed, *(warning.sentence for each in changes for warning in each.warnings if warning.alarming)]
    if warned:
        more = [f"- … and {len(warned) - MOST_WARNINGS} more"] if len(warned) > MOST_WARNINGS else []
        said = [f"- {code(each, LONGEST_SENTENCE)}" for each in warned[:MOST_WARNINGS]]
        yield "\n".join(("Look at this first:", "", *said, *more))


def _why(change: Change) -> str:
    return f": {_cell(change.why)}" if change.why else ""


def _cell(text: str) -> str:
    """Put a name into a table's cell, which a bar would end even in a code span."""
    return code(" ".join(text.split()), LONGEST_REF).replace("|", "\\|")


def _fenced(text: str) -> str:
    """Show a text as it is, within a fence that is longer than any of its own; what would not print is escaped."""
    lines = [printable(line, LONGEST_LINE) for line in text.splitlines()]
    return fenced(lines, "", fence_around(lines))


def _asked(store: Store, repository: str, letter: StatusLetter) -> Iterator[str]:
    """Tell what became of presses that no conversation answers."""
    for entry in audit.pressed(store, repository, letter.status.context, letter.sha, MOST_PRESSES):
        label = WORDS[entry.word].label if entry.word in WORDS else "Re-run"
        yield f"{code(entry.who)} pressed {label}, {entry.verdict}: {code(entry.reason, LONGEST_SENTENCE)}"
