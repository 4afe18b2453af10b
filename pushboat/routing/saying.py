"""How a command says that it was carried out: a reply where the ask stands in a conversation, a sentence everywhere."""

from collections.abc import Sequence

from pushboat.errors import CommandRefused, Mistake
from pushboat.model.ask import Answer, Ask, AskVerdict, Source
from pushboat.model.command_words import SLASH
from pushboat.model.deployment import short
from pushboat.model.refs import short_name
from pushboat.model.state import State
from pushboat.model.status import clip
from pushboat.model.wording import code, printable
from pushboat.routing.decision import Act, Decision, Facts, Reply
from pushboat.routing.followed import Commit
from pushboat.routing.ignoring import LONGEST_SENTENCE

LONGEST_MISTAKE = 400
"""Characters of each: a hundred of them, which is all that are counted of a file, fit in one reply."""

NOTHING_WAITS = "nothing waits there"


def in_answer(ask: Ask, body: str, once: str = "") -> tuple[Reply, ...]:
    """Answer an ask where it was written: in a conversation, or below a commit; elsewhere the sentence does."""
    if ask.number:
        return (Reply(number=ask.number, body=body, once=once),)
    return (Reply(number=0, body=body, once=once, sha=ask.sha),) if ask.source is Source.COMMENT and ask.sha else ()


def done(ask: Ask, sentence: str, body: str, *acts: Act) -> Decision:
    """Say what follows; `body` is the reply's, in markdown."""
    said = clip(sentence, LONGEST_SENTENCE)
    return Decision(
        acts=(*acts, *in_answer(ask, body)), sentence=said, answer=Answer(verdict=AskVerdict.DONE, reason=said)
    )


def mistaken(mistakes: Sequence[Mistake], commit: Commit) -> CommandRefused:
    """Refuse because of what is wrong with a commit's file: all of it, as code."""
    lines = "\n".join(f"    {printable(str(mistake), LONGEST_MISTAKE)}" for mistake in mistakes)
    return CommandRefused(f"The {code('.pushboat.yaml')} of {short(commit.sha)} has mistakes:\n\n{lines}")


def moved_on(ask: Ask, facts: Facts, seen: str, now: str) -> CommandRefused:
    """Refuse because a pull request's head is another one by now than the asker saw, and show what changed."""
    changed = f"look at [what changed]({facts.moved})" if facts.moved else "look at what changed"
    again = " ".join(each for each in (SLASH, "" if ask.word == "deploy" else ask.word, ask.environment) if each)
    return CommandRefused(
        f"#{ask.number} has moved on since you saw it, from {code(short(seen))} to {code(short(now))}: "
        f"{changed} and comment {code(again)} again."
    )


def next_in(where: str, facts: Facts) -> str:
    """Say which commit goes on in an environment once nothing holds it any more."""
    waiting = [
        deployment
        for standing in facts.standings
        if standing.environment == where
        for deployment in standing.unfinished
        if deployment.state is State.QUEUED
    ]
    if waiting:
        return f"{short(waiting[-1].sha)} is next"
    untold = next((each for each in facts.newest if each.environment == where), None)
    if untold is None:
        return NOTHING_WAITS
    return f"{short(untold.sha)} of {printable(short_name(untold.ref), 80)} is next, which no delivery has told of yet"
