"""What an event leads to whose commit or file is refused: a word where people look for one."""

from pushboat.errors import PushboatError
from pushboat.events import Event, EventKind
from pushboat.model.ask import Answer, AskVerdict
from pushboat.model.state import State
from pushboat.model.status import clip
from pushboat.model.wording import code
from pushboat.routing.decision import Decision, Post, Reply
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.merge_queue import number_of
from pushboat.routing.planning import SUMMARY

LONGEST_REPLY = 1_000
"""Characters; forges and git speak in it, whose words are not ours to say."""


def unreadable(event: Event, failure: PushboatError, state: State = State.FAILED) -> Decision:
    """Say under `pushboat`, or in reply to a comment, why nothing is deployed; errored where the commit is not why."""
    sentence = clip(f"nothing deployed: {failure.summary}", LONGEST_SENTENCE)
    if event.kind in (EventKind.COMMENT, EventKind.ASK):
        verdict = AskVerdict.REFUSED if state is State.FAILED else AskVerdict.UNKNOWN
        answer = Answer(verdict=verdict, reason=failure.summary)
        reply = Reply(number=event.number or 0, body=f"Nothing deployed: {code(failure.summary, LONGEST_REPLY)}")
        replies = (reply,) if event.kind is EventKind.COMMENT else ()
        return Decision(acts=replies, sentence=sentence, answer=answer)
    merged = event.merged_sha
    plans = event.kind in (EventKind.PULL_REQUEST, EventKind.MERGE_GROUP) and not merged
    number = number_of(event) if event.kind is EventKind.MERGE_GROUP else event.number or 0
    ref = f"refs/heads/{event.base_ref if merged else event.ref}" if event.kind is EventKind.PULL_REQUEST else event.ref
    acts = tuple(
        Post(
            sha=merged or event.sha,
            context=context,
            state=state,
            description=clip(failure.summary),
            ref=ref,
            number=number if plans else 0,
        )
        for context in (("pushboat", SUMMARY) if plans else ("pushboat",))
    )
    return Decision(acts=acts, sentence=sentence, details=failure.details)
