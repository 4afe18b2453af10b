"""Whom an environment asks before a deployment starts, and before it counts as done. Silence is never a yes.

Before: the worker asks at the moment when it would begin, and goes on to other work while a gate does not know yet.
After: the deployment waits as it does for health, and a newer commit may end that.
"""

import time
from collections.abc import Iterator

from pushboat.config.gates import Gate, asked
from pushboat.errors import Denied, GateSilent
from pushboat.model.hold import Hold, Scope
from pushboat.store import verifications
from workers.deploying import summaries
from workers.deploying.claimed import Claimed
from workers.gates.answers import Answer, Word
from workers.gates.asking import ask
from workers.tools import Tools

PHASE = "gate"
LOOKS_EVERY = 1.0
"""Seconds between two looks whether a wait must end, while a gate is not asked."""


def ask_before(tools: Tools, work: Claimed) -> Iterator[Hold]:
    """Ask one after the other, and give what is to be waited for as soon as one does not say yes.

    Raises:
        Denied: one says no.
        GateSilent: one said nothing clear for longer than its patience.
    """
    for gate in _asked(tools, work, "before"):
        work.slot.step_aside()
        answer = _hear(tools, work, gate, "before")
        work.go_on()  # it may have taken its time
        if answer.word is not Word.ALLOW:
            key = f"{PHASE}-before:{gate.name}"
            lasted = verifications.lasted(work.store, work.claim, key)
            _refuse_at_last(gate, answer, lasted, "nothing was deployed")
            verifications.comes_back(work.store, work.claim, key, answer.pause)
            yield Hold(
                kind=PHASE,
                scope=Scope(),
                by=gate.name,
                subject=gate.name,
                reason=_why(answer),
                until=work.store.now() + answer.pause,
            )
            return


def ask_after(tools: Tools, work: Claimed) -> None:
    """Ask one after the other until each says yes, once everything is healthy and verified.

    Raises:
        Denied: one says no.
        GateSilent: one said nothing clear for longer than its patience.
        GaveWay, LeaseLost, Cancelled: as while it waits for health.
    """
    for gate in _asked(tools, work, "after"):
        key = f"{PHASE}:{gate.name}"
        if not verifications.known(work.store, work.deployment.id).get(key, verifications.NEW).passed:
            work.slot.leave()
            try:
                _await(tools, work, gate, key)
            finally:
                verifications.comes_back(work.store, work.claim, key, 0.0)
            verifications.passed(work.store, work.claim, key)


def _asked(tools: Tools, work: Claimed, when: str) -> tuple[Gate, ...]:
    """Leave out whoever the asker passed by breaking the glass; what brings back what ran before asks nobody."""
    deployment = work.deployment
    limits = tools.operator.limits(deployment.lane.repository, deployment.lane.environment)
    gates = asked(limits.gates, when) if limits and not (deployment.heals or deployment.mends) else ()
    if gates and deployment.glass:
        work.say(PHASE, f"not asked, since the glass was broken: {', '.join(gate.name for gate in gates)}")
        return ()
    return gates


def _await(tools: Tools, work: Claimed, gate: Gate, key: str) -> None:
    give_way, over, began = work.give_way(), verifications.lasted(work.store, work.claim, key), time.monotonic()
    while True:
        give_way()
        answer = _hear(tools, work, gate, "after")
        if answer.word is Word.ALLOW:
            return
        lasted = over + time.monotonic() - began
        _refuse_at_last(gate, answer, lasted, "what was deployed stays, and does not count as done")
        again = time.monotonic() + answer.pause
        while (left := again - time.monotonic()) > 0:
            time.sleep(min(left, LOOKS_EVERY))
            give_way()


def _hear(tools: Tools, work: Claimed, gate: Gate, when: str) -> Answer:
    answer = ask(gate, when, work.deployment, tools.operator.public_url)
    said = "says nothing clear" if answer.word is Word.SILENCE else f"says {answer.word}"
    work.say(PHASE, f"{gate.name} {said}{_because(answer)}")
    return answer


def _refuse_at_last(gate: Gate, answer: Answer, waited: float, then: str) -> None:
    if answer.word is Word.DENY:
        raise Denied(f"gate {gate.name} says no{_because(answer)}")
    if waited >= gate.patience:
        said = "said wait" if answer.word is Word.WAIT else "said nothing clear"
        raise GateSilent(f"gate {gate.name} {said} for {summaries.span(waited)}, so {then}{_because(answer)}")


def _because(answer: Answer) -> str:
    return f": {answer.reason}" if answer.reason else ""


def _why(answer: Answer) -> str:
    return f"it says nothing clear ({answer.reason})" if answer.word is Word.SILENCE else answer.reason
