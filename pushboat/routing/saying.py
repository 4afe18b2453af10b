"""How a command says that it was carried out: a reply where the ask stands in a conversation, a sentence everywhere."""

from pushboat.model.ask import Ask, AskVerdict
from pushboat.model.deployment import short
from pushboat.model.state import State
from pushboat.model.status import clip
from pushboat.routing.decision import Act, Answer, Decision, Facts, Reply
from pushboat.routing.ignoring import LONGEST_SENTENCE


def done(ask: Ask, sentence: str, body: str, *acts: Act) -> Decision:
    """Say what follows; `body` is the reply's, in markdown."""
    replies = (Reply(number=ask.number, body=body),) if ask.number else ()
    said = clip(sentence, LONGEST_SENTENCE)
    return Decision(acts=(*acts, *replies), sentence=said, answer=Answer(verdict=AskVerdict.DONE, reason=said))


def next_in(where: str, facts: Facts) -> str:
    """Say which commit goes on in an environment once nothing holds it any more."""
    waiting = [
        deployment
        for standing in facts.standings
        if standing.environment == where
        for deployment in standing.unfinished
        if deployment.state is State.QUEUED
    ]
    return f"{short(waiting[-1].sha)} is next" if waiting else "nothing waits there"
