"""How a command says that it was carried out: a reply where the ask stands in a conversation, a sentence everywhere."""

from pushboat.model.ask import Ask, AskVerdict
from pushboat.model.status import clip
from pushboat.routing.decision import Act, Answer, Decision, Reply
from pushboat.routing.ignoring import LONGEST_SENTENCE


def done(ask: Ask, sentence: str, body: str, *acts: Act) -> Decision:
    """Say what follows; `body` is the reply's, in markdown."""
    replies = (Reply(number=ask.number, body=body),) if ask.number else ()
    said = clip(sentence, LONGEST_SENTENCE)
    return Decision(acts=(*acts, *replies), sentence=said, answer=Answer(verdict=AskVerdict.DONE, reason=said))
