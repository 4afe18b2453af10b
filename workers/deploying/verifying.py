"""Ask what `verify` names once everything is healthy: nothing is green before, and nobody holds a worker meanwhile.

What metrics are compared with is asked before the first write, and so is whether they can be asked at all: a query that
no Prometheus understands fails a deployment that has changed nothing yet. What is known is kept in the store, so
that whoever goes on after a crash neither forgets a number nor gives anything its time twice.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from pushboat.config.environment import Environment
from pushboat.config.urls import host_of, may_be_asked
from pushboat.config.verifying import HttpVerification, JobVerification, MetricVerification, key_of
from pushboat.errors import NotVerified
from pushboat.model.wording import printable
from pushboat.store import deployments, releases, verifications
from workers.deploying import summaries
from workers.deploying.claimed import Claimed
from workers.verifying.fetching import NoAnswer, fetch
from workers.verifying.measuring import LARGEST_ANSWER, NoNumber, measure

LOOKS_EVERY = 1.0
SAY_EVERY = 10.0
LONGEST_SHOWN = 60
"""Characters of an address or a query in a sentence."""
LEAST_PATIENCE = 30.0
"""Seconds for an answer to come, where the environment does not wait for health; and for a number that is not there."""
STEP = "verify"

Asked = HttpVerification | MetricVerification


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is wrong with an answer, nothing where it is good; `final`: asking again would not change it."""

    wrong: str
    final: bool = False


def foretold(environment: Environment) -> tuple[str, ...]:
    """Say what is asked once everything is healthy; Jobs stand in the itinerary."""
    return tuple(f"will verify: {each}" for each in environment.verify if not isinstance(each, JobVerification))


def look_before(work: Claimed, environment: Environment) -> None:
    """Ask for every number once before the first write, and keep what the later one is compared with.

    Raises:
        NotVerified: there is no such number, or nothing to compare with; nothing has been written.
        MetricsUnavailable: what knows it does not answer.
    """
    metrics = [each for each in _asked(work, environment) if isinstance(each, MetricVerification)]
    known = verifications.known(work.store, work.deployment.id)
    new = [each for each in metrics if key_of(each) not in known]
    if not new or work.tally.meant:  # an earlier attempt has asked, or has begun to write
        return
    with work.step(STEP):
        for each in new:
            verifications.note_before(
                work.store, work.claim, key_of(each), _before(work, each, _token(environment, each))
            )


def verify(work: Claimed, environment: Environment) -> int:
    """Ask one after the other, each until it is answered well or its time is over; say how many were.

    Raises:
        NotVerified: one is not answered as it must be; says which, what was expected and what came.
        MetricsUnavailable: what knows a number does not answer.
        GaveWay, LeaseLost, Cancelled: as while it waits for health.
    """
    _say_what_is_left_out(work, environment)
    asked = list(_asked(work, environment))
    if not asked:
        return 0
    work.slot.leave()
    with work.step(STEP):
        for each in asked:
            if not verifications.known(work.store, work.deployment.id).get(key_of(each), verifications.NEW).passed:
                _await(work, each, environment)
                verifications.passed(work.store, work.claim, key_of(each))
    return len(asked)


def _asked(work: Claimed, environment: Environment) -> Iterator[Asked]:
    """Leave out Jobs, which run as hooks do, and what has nothing before it."""
    for each in environment.verify:
        if isinstance(each, JobVerification) or not may_be_asked(each.url, environment.verify_hosts):
            continue
        if isinstance(each, HttpVerification) or not (each.previous and _has_nothing_before(work)):
            yield each


def _say_what_is_left_out(work: Claimed, environment: Environment) -> None:
    """Name what a release asks of a host that the operator has taken away since."""
    for each in environment.verify:
        if not (isinstance(each, JobVerification) or may_be_asked(each.url, environment.verify_hosts)):
            work.say(STEP, f"not asked, for the operator does not allow its host any more: {each}")


def _has_nothing_before(work: Claimed) -> bool:
    """A first deployment has no number before it, nor one after a removal; a rollback's is that of what it ends."""
    lane = work.deployment.lane
    new = not releases.listed(work.store, lane, 1) or deployments.is_removed(work.store, lane)
    return bool(work.deployment.again) or new


def _before(work: Claimed, each: MetricVerification, token: str) -> float | None:
    give_way, began = work.give_way(), time.monotonic()
    while True:
        give_way()
        try:
            return measure(each.url, each.query, each.timeout, token)
        except NoNumber as none:
            if not none.passing:
                raise NotVerified(f"verify: {_query(each)}: {none}; nothing was written") from none
            if not each.previous:
                return None
            work.slot.leave()
            if time.monotonic() - began > LEAST_PATIENCE:
                advice = "there is nothing to compare with, so nothing was written"
                raise NotVerified(f"verify: {_query(each)}: {none}; {advice}") from none
        time.sleep(LOOKS_EVERY)


def _await(work: Claimed, each: Asked, environment: Environment) -> None:
    """Ask until the answer is good, or its time is over."""
    over, began = verifications.lasted(work.store, work.claim, key_of(each)), time.monotonic()
    give_way, said_at = work.give_way(), float("-inf")
    rests, patience = _times(each, environment.wait)
    token = _token(environment, each)
    while True:
        give_way()
        lasted = over + time.monotonic() - began
        heard = (
            _hear(work, each, token) if lasted >= rests else Heard(wrong=f"{each}: measured in {rests - lasted:.0f} s")
        )
        if not heard.wrong:
            work.say(STEP, f"verified: {each}")
            return
        if heard.final or lasted >= rests + patience:
            raise NotVerified(f"verify failed: {heard.wrong}", f"{each}, for {summaries.span(lasted)}")
        if time.monotonic() - said_at >= SAY_EVERY:
            work.say(STEP, f"{heard.wrong}; waited {lasted:.0f} s of {rests + patience:.0f} s")
            said_at = time.monotonic()
        time.sleep(LOOKS_EVERY)


def _times(each: Asked, wait: float) -> tuple[float, float]:
    """Say how long nothing is asked yet, and for how long after that a good answer may be on its way."""
    if isinstance(each, MetricVerification):
        return each.lasts or 0.0, LEAST_PATIENCE
    return 0.0, max(wait, LEAST_PATIENCE) if each.lasts is None else each.lasts


def _token(environment: Environment, each: Asked) -> str:
    """Give the token of the very host that is asked."""
    return environment.verify_tokens.get(host_of(each.url), "")


def _hear(work: Claimed, each: Asked, token: str) -> Heard:
    return _measured(work, each, token) if isinstance(each, MetricVerification) else _answered(each, token)


def _answered(each: HttpVerification, token: str) -> Heard:
    address = printable(each.url.partition("?")[0], LONGEST_SHOWN)
    try:
        answer = fetch(each.url, each.timeout, LARGEST_ANSWER if each.contains else 0, token)
    except NoAnswer as none:
        return Heard(wrong=f"{address}: {none}, must answer {each.wanted}")
    status = answer.status
    good = status == each.status if each.status else 200 <= status <= 299
    lacks = good and each.contains.encode() not in answer.body
    came = f"{status} without that" if lacks else str(status)
    return Heard(wrong="" if good and not lacks else f"{address} answers {came}, must answer {each.wanted}")


def _measured(work: Claimed, each: MetricVerification, token: str) -> Heard:
    try:
        value = measure(each.url, each.query, each.timeout, token)
    except NoNumber as none:
        return Heard(wrong=f"{_query(each)}: {none}", final=not none.passing)
    before = verifications.known(work.store, work.deployment.id)[key_of(each)].before if each.previous else None
    if each.previous and before is None:
        return Heard(wrong=f"{_query(each)}: what it was before is not known", final=True)
    was = "" if before is None else f" and was {before:g}"
    good = each.accepts(value, before or 0.0)
    return Heard(wrong="" if good else f"{_query(each)} is {value:g}{was}, must be {each.wanted}", final=True)


def _query(each: MetricVerification) -> str:
    return printable(each.query, LONGEST_SHOWN)
