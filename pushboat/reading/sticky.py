"""The text of a pull request's sticky comment: pure, from what proposed.py gathers, for a phone as for a desk.

The first line is a sentence that says it all; forges and mails show it alone. Environments' names and numbers are ours
to write; whatever else stands here was written by others, and is put into code spans and fences.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pushboat.model import markdown
from pushboat.model.changeset import Action, Change, Topic
from pushboat.model.command_words import SLASH
from pushboat.model.deployment import short, total
from pushboat.model.fitting import Part, Piece, fitted
from pushboat.model.state import State
from pushboat.model.wording import code, counted, listed, would_do, would_do_in_short
from pushboat.reading import headlines
from pushboat.reading.proposed import Planned, Proposed
from pushboat.reading.tried import history

LONGEST_SENTENCE = 240
"""Characters of what others say: a warning, a reason; the page has the whole."""
MOST_NOTES = 5
"""Of one object."""
MOST_HOLDS = 3
"""Of one environment."""
MOST_NAMED = 3
"""Environments that a sentence names."""
_ACTS = {
    Action.CREATED: "create",
    Action.CONFIGURED: "change",
    Action.RECREATED: "recreate",
    Action.UNCHANGED: "leave as it is",
    Action.DELETED: "delete",
    Action.REFUSED: "refused",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticky:
    """What the comment says; `currency` is the line of it that may change without being news."""

    body: str
    currency: str = ""


def write(proposed: Proposed, public_url: str, room: int) -> Sticky:
    """Write the comment into so many bytes."""
    affected = [each for each in proposed.planned if not each.unaffected]
    unaffected = [each for each in proposed.planned if each.unaffected]
    currency = _currency(proposed)
    parts = [
        Part(head=f"**{headline(proposed)}.**"),
        _table(affected, public_url),
        _held(() if proposed.closed else proposed.planned, several=len(proposed.planned) > 1),
        _notable(affected, several=len(affected) > 1),
        *(_fold(each, public_url) for each in affected if each.changes),
        *([Part(head=_nothing(unaffected))] if unaffected and affected else []),
        history(proposed, public_url),
    ]
    last = "\n\n".join(each for each in (_way_on(proposed, affected), currency) if each)
    return Sticky(body=fitted([each for each in parts if each.head or each.pieces], last, room), currency=currency)


def headline(proposed: Proposed) -> str:
    """Say in one sentence what merging would do, or what it did."""
    if proposed.closed:
        return _ended(proposed)
    if not proposed.planned:
        answer = proposed.answer
        if answer and answer.state is State.SUCCEEDED:
            return f"Merging deploys nothing: {_inert(answer.description)}"
        return f"Nothing is planned yet: {_inert(answer.description)}" if answer else "Nothing is planned yet"
    for state in (State.FAILED, State.ERRORED, State.CANCELLED, State.RUNNING, State.QUEUED, State.SUPERSEDED):
        found = [each for each in proposed.planned if each.plan.state is state]
        if found:
            return headlines.of_plans(state, _names(found))
    affected = [each for each in proposed.planned if not each.unaffected]
    if len(affected) == 1:
        return headlines.of_plan(affected[0].plan, affected[0].hooks)
    if affected:
        return f"Merging deploys to {_names(affected)}: {would_do(total(each.plan.counts for each in affected))}"
    return f"Merging changes nothing in {_names(proposed.planned)}"


def _ended(proposed: Proposed) -> str:
    if not proposed.merged and not proposed.brought:
        return "Closed: nothing more of it is planned"
    if not proposed.brought:
        return f"Merged as {short(proposed.merged)}"
    newest = {each.lane.environment: each for each in reversed(proposed.brought)}
    for state in (State.FAILED, State.ERRORED, State.CANCELLED, State.RUNNING, State.QUEUED, State.SUCCEEDED):
        found = [name for name, each in sorted(newest.items()) if each.state is state]
        if found:
            return f"Merged: {headlines.of_merged(state, short(proposed.merged), _few(found))}"
    return f"Merged: a newer commit took the place of {short(proposed.merged)}"


def _table(affected: Iterable[Planned], public_url: str) -> Part:
    rows = tuple(
        Piece(text=f"| {markdown.link(each.environment, public_url + each.plan.path)} | {_row(each)} |")
        for each in affected
    )
    head = "| Environment | What merging does |\n|---|---|" if rows else ""
    return Part(head=head, pieces=rows, joint="\n", rest="… and {number} more environments")


def _row(planned: Planned) -> str:
    """Say it in words of ours only: what would break out of a table's cell never comes into one."""
    plan = planned.plan
    if plan.state is not State.SUCCEEDED:
        return headlines.in_short(plan.state)
    warnings = planned.warnings
    restarts = sum(each.topic is Topic.RESTARTS for each in warnings)
    alarming = len(warnings) - restarts + len(planned.exposed)
    return "; ".join(
        each
        for each in (
            would_do_in_short(plan.counts) or "no object changes",
            f"{counted(planned.hooks, 'hook')} to run" if planned.hooks else "",
            f"{counted(restarts, 'workload')} {'restarts' if restarts == 1 else 'restart'}" if restarts else "",
            counted(alarming, "warning") if alarming else "",
        )
        if each
    )


def _held(planned: Iterable[Planned], *, several: bool) -> Part:
    """Say of each environment in one line what holds it, and who is in line to."""
    pieces = []
    for each in planned:
        held = [*([each.pinned] if each.pinned else []), *each.held]
        said = [markdown.sentence(one, LONGEST_SENTENCE) for one in held[:MOST_HOLDS]]
        more = f" and {len(held) - MOST_HOLDS} more" if len(held) > MOST_HOLDS else ""
        compared = each.pinned and each.plan.state is State.SUCCEEDED
        end = ", and is compared with what is pinned here" if compared else ""
        where = f"{each.environment}: " if several else ""
        waits = f"{'; '.join(said)}{more}; what merging brings waits for that{end}"
        pieces += [Piece(text=f"- {where}**held back**: {waits}")] if held else []
    return Part(pieces=tuple(pieces), joint="\n", rest="… and {number} more environments are held back")


def _notable(affected: Iterable[Planned], *, several: bool) -> Part:
    pieces = []
    for planned in affected:
        where = f"{planned.environment}: " if several else ""
        pieces += [Piece(text=f"- {where}{line}") for line in _sentences(planned)]
    return Part(pieces=tuple(pieces), joint="\n", rest="… and {number} more, on the pages of the plans")


def _sentences(planned: Planned) -> Iterator[str]:
    """Say what nobody should miss: what went wrong, what is refused, what may be a mistake, what restarts."""
    plan = planned.plan
    if plan.state in (State.FAILED, State.ERRORED, State.CANCELLED) and plan.reason:
        yield f"**{plan.state}**: {markdown.sentence(plan.reason, LONGEST_SENTENCE)}"
    for said in planned.exposed:
        yield f"**warning**: {markdown.sentence(said, LONGEST_SENTENCE)}"
    for change in planned.changes:
        if change.action in (Action.REFUSED, Action.RECREATED):
            why = f": {markdown.sentence(change.why, LONGEST_SENTENCE)}" if change.why else ""
            yield f"**{_ACTS.get(change.action, change.action)}** {_named(change)}{why}"
    for alarming in (True, False):
        for each in planned.warnings:
            if each.alarming is alarming:
                warns = "**warning**: " if alarming else ""
                yield f"{warns}{markdown.sentence(each.sentence, LONGEST_SENTENCE)}"


def _fold(planned: Planned, public_url: str) -> Part:
    page = public_url + planned.plan.path
    number = len(planned.changes)
    summary = f"<summary><b>{planned.environment}</b>: {counted(number, 'object')} in detail</summary>"
    return Part(
        head=f"<details>\n{summary}",
        pieces=tuple(_object(each) for each in planned.changes),
        end="</details>",
        rest=f"… {{number}} more did not fit: {markdown.link('the whole plan', page)}",
    )


def _object(change: Change) -> Piece:
    said = [change.why, *change.notes, *(_left(each.field, each.whose) for each in change.left)]
    notes = [f"- {markdown.sentence(each, LONGEST_SENTENCE)}" for each in said if each.strip()]
    more = len(notes) - MOST_NOTES
    notes = notes[:MOST_NOTES] + ([f"- and {more} more"] if more > 0 else [])
    return Piece(
        text="\n".join(
            (f"**{_ACTS.get(change.action, change.action)}** {_named(change)}", *([""] if notes else []), *notes)
        ),
        lines=markdown.diff_lines(change.diff),
    )


def _left(field: str, whose: str) -> str:
    return f"{field} is left as it is{f', it belongs to {whose}' if whose else ''}"


def _named(change: Change) -> str:
    return code(str(change.ref), LONGEST_SENTENCE)


def _nothing(unaffected: Iterable[Planned]) -> str:
    return f"No change in {_names(unaffected)}."


def _way_on(proposed: Proposed, affected: Iterable[Planned]) -> str:
    names = [each.environment for each in affected if each.plan.state is State.SUCCEEDED]
    if proposed.closed or proposed.fork or not names:
        return ""
    where = f" {names[0]}`" if len(names) == 1 else "` and an environment's name"
    return f"To try it before the merge, comment `{SLASH}{where}."


def _currency(proposed: Proposed) -> str:
    """Say of which commit this is, and what it was planned against."""
    if not proposed.head:
        return ""
    if not proposed.planned or not all(each.plan.state.ended for each in proposed.planned):
        return f"This is about `{short(proposed.head)}`."
    bases = dict.fromkeys((each.plan.base, each.plan.base_sha) for each in proposed.planned if each.plan.base)
    against = listed(f"{code(base)} {f'at `{short(sha)}`' if sha else ''}".rstrip() for base, sha in bases)
    return f"Planned `{short(proposed.head)}`{f' against {against}' if against else ''}."


def _names(found: Iterable[Planned]) -> str:
    return _few([each.environment for each in found])


def _few(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return listed([*names[:MOST_NAMED], counted(more, "other")] if more > 0 else names)


def _inert(description: str) -> str:
    """Let a status' sentence stand in bold as text: what it names may be anybody's words."""
    return markdown.sentence(description, LONGEST_SENTENCE)
