"""Letters leave here: the head of each stream, in order, again and again until the forge has them.

Every forge has seats of its own among the threads: one that takes connections and answers nothing keeps its own seats
busy, and what goes to the others passes by. So has whoever listens to notices, one each.
"""

import logging
import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from pushboat import machine
from pushboat.config.operator import Operator
from pushboat.errors import ForgeRefused, ForgeUnavailable, MachineUnavailable, NotConfigured, StoreUnavailable
from pushboat.forges import punctual
from pushboat.forges.answers import SHORTEST_PAUSE, Forbidden, Limited, NoRoom, Quieted, Unauthorized, Unseen
from pushboat.forges.protocol import Client
from pushboat.later_words import LaterWord
from pushboat.logs import about
from pushboat.model.forge_letters import DeploymentLetter, RenderLetter
from pushboat.model.letter import KINDS, Letter, StatusLetter
from pushboat.reading import check_runs
from pushboat.store import forge_deployments, outbox, quieting, saving, traces
from pushboat.store.outbox import Envelope, Settled
from workers.notifying import story as notifying
from workers.reading_back import read_back
from workers.running.leases import Until, now
from workers.source.publishing import publish
from workers.tools import Tools

LETTER_LEASE = 30.0
"""Seconds for one letter."""
LETTER_SECONDS = 20.0
"""After its taking no answer is waited for, and nothing asked: who was frozen says nothing late, but leaves it."""

SEATS = 8
"""Threads that may speak to one forge at the same time."""

LONGEST_DELAY = 60.0
SEEN_WITHIN = 6
"""Tries of half a minute in all for what is said of a commit that the forge does not have yet."""
MENDED_WITHIN = 288
"""Tries, five minutes apart, for what met a bug of ours; all of its stream waits behind it, and nobody sees that."""
MENDING_DELAY = 300.0

logger = logging.getLogger(__name__)


class Seats:
    """Who of this process's threads speaks to which forge, and which letters have no place at one of which kind."""

    def __init__(self, seats: int = SEATS) -> None:
        self._seats = seats
        self._free: dict[str, threading.Semaphore] = {}
        self._lock = threading.Lock()
        self.not_shown: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self.last: dict[str, str] = {}
        """Whose letter each forge was told last, by the repository's path: the next one is another repository's."""

    @contextmanager
    def at(self, forge: str) -> Iterator[bool]:
        """Take a seat at a forge for the time of the block, or say that none is free."""
        with self._lock:
            seats = 1 if notifying.is_notice(forge) else self._seats
            free = self._free.setdefault(forge, threading.Semaphore(seats))
        seated = free.acquire(blocking=False)
        try:
            yield seated
        finally:
            if seated:
                free.release()


def threads(operator: Operator) -> int:
    """Count the threads that a reporter needs: all seats, and one for the letters of forges that have left the file."""
    listening = len(operator.receivers) + 1 if operator.receivers else 0  # one hands out
    return SEATS * len(operator.forges) + listening + 1


def _kind(operator: Operator, forge: str) -> str:
    """Name the kind of a forge as the operator's file has it now: a name may come to mean another one."""
    return operator.forges[forge].kind if forge in operator.forges else ""


def report(tools: Tools, seats: Seats, forge: str, clock: Callable[[], float] = now) -> None:
    """Post what is due to a forge until nothing is, or this process was told to end; `clock` is that of leases.

    Where all seats are taken, this hint is one too many: those who sit there go on as long as something is due.
    """
    with seats.at(forge) as seated:
        settled: Settled | None = None
        lease = notifying.LEASE if notifying.is_notice(forge) else LETTER_LEASE
        while seated and not tools.stopping.is_set():
            # One at a time: whatever waits for its turn behind a slow request could go by another thread.
            not_shown = seats.not_shown[forge, _kind(tools.by_now().operator, forge)]
            due = partial(outbox.due_head, tools.store, tools.owner, forge, limit=1, lease=lease)
            after = None if notifying.is_notice(forge) else seats.last.get(forge, "")
            ends = clock() + LETTER_SECONDS
            taken = due(settled=settled, not_shown=frozenset(not_shown), after=after)
            if not taken:
                settled = None
                if notifying.is_notice(forge) or not read_back(tools.by_now(), forge):
                    return
                continue
            seats.last[forge] = taken[0].repository
            with about(**taken[0].ids, trace_id=traces.id_of_deployment(tools.store, taken[0].deployment)):
                settled = _post(tools.by_now(), taken[0], not_shown, Until(ends, clock))
        if settled:
            outbox.settle(tools.store, settled)


def _post(tools: Tools, envelope: Envelope, not_shown: set[str], until: Until) -> Settled | None:
    """Post a letter and give how it ended, to be noted with the next one that is taken; None where it is noted."""
    try:
        letter = _opened(envelope)
        if other_way := _other_way(tools, envelope, letter):
            return other_way()
        client = tools.client(envelope.forge)
        if why := _spared(tools, client, envelope, letter):
            return Settled(envelope, why)
        with machine.troubles(), punctual.within(until.left):
            whole = _whole(tools, client, envelope, letter)
            shown = whole is not None and client.post(envelope.repository, whole, tools.operator.public_url)
    except ForgeUnavailable as trouble:
        _troubled(tools, envelope, trouble)
    except MachineUnavailable as trouble:
        outbox.retry(tools.store, envelope, trouble.summary, _delay(envelope.attempts))
        logger.warning("letters wait: %s", trouble.summary)
    except (ForgeRefused, NotConfigured) as refusal:
        _refused(tools, envelope, refusal)
    except StoreUnavailable:
        raise
    except Exception:  # the last door: a letter that meets a bug of ours must not hold the others up
        _met_a_bug(tools, envelope)
        logger.exception("a %s for %s/%s met a bug", envelope.kind, envelope.forge, envelope.repository)
    else:
        if whole is not None and not shown:
            not_shown.add(envelope.kind)
        return Settled(envelope, outbox.SENT if shown else outbox.NOT_SHOWN)
    return None


def _spared(tools: Tools, client: Client, envelope: Envelope, letter: Letter) -> str:
    if not isinstance(letter, StatusLetter):
        return ""
    most, repeats = client.most_statuses, client.shows_output
    return saving.spared(tools.store, envelope, letter, most=most, repeats=repeats)


def _troubled(tools: Tools, envelope: Envelope, trouble: ForgeUnavailable) -> None:
    if isinstance(trouble, Quieted):
        outbox.retry(tools.store, envelope, trouble.summary, trouble.retry_after or 0.0)
    elif isinstance(trouble, Limited):
        pause, own = trouble.retry_after or 0.0, _delay(envelope.attempts)
        _quiet(tools, envelope, pause if pause > SHORTEST_PAUSE else own, trouble.summary)
        outbox.retry(tools.store, envelope, trouble.summary, own)
    else:
        outbox.retry(tools.store, envelope, trouble.summary, trouble.retry_after or _delay(envelope.attempts))
        logger.warning("%s waits: %s", envelope.forge, trouble.summary)


def _other_way(tools: Tools, envelope: Envelope, letter: Letter) -> Callable[[], Settled | None] | None:
    """Give the way of a letter that leaves by no forge's API."""
    if notifying.is_notice(envelope.forge):
        return partial(notifying.notify, tools, envelope, letter, _delay(envelope.attempts))
    if isinstance(letter, RenderLetter):
        return machine.troubles()(partial(publish, tools, envelope, letter))
    return None


def _opened(envelope: Envelope) -> Letter:
    """Read a letter.

    Raises:
        ForgeUnavailable: another version wrote it, and its reporter is there, or comes.
    """
    try:
        return outbox.opened(envelope)
    except LaterWord as later:
        raise ForgeUnavailable(f"it waits for a newer Pushboat: {later}") from later


def _met_a_bug(tools: Tools, envelope: Envelope) -> None:
    why = "Pushboat's own fault; its log has the details"
    tired = envelope.attempts >= MENDED_WITHIN  # which an outage of some hours does as well
    if tired and outbox.age(tools.store, envelope) >= MENDED_WITHIN * MENDING_DELAY:
        outbox.dead(tools.store, envelope, why)
    else:
        outbox.retry(tools.store, envelope, why, MENDING_DELAY)


def _refused(tools: Tools, envelope: Envelope, refusal: ForgeRefused | NotConfigured) -> None:
    if isinstance(refusal, Forbidden) and KINDS[envelope.kind].may_be_forbidden:
        outbox.unallowed(tools.store, envelope, refusal.summary)  # the doctor says it, once for all of them
        return
    if isinstance(refusal, Unauthorized):  # no letter's fault: all of them wait for another token
        if quieting.unknown(tools.store, _credential(tools, envelope), refusal.summary):
            logger.warning("%s/%s posts nothing: %s", envelope.forge, envelope.repository, refusal.summary)
        outbox.retry(tools.store, envelope, refusal.summary, _delay(envelope.attempts))
        return
    if isinstance(refusal, Unseen) and envelope.attempts < SEEN_WITHIN:
        outbox.retry(tools.store, envelope, refusal.summary, _delay(envelope.attempts))
        return
    letter = outbox.opened(envelope) if isinstance(refusal, NoRoom) else None
    if isinstance(letter, StatusLetter):
        saving.full(tools.store, envelope, letter, refusal.summary)
    else:
        outbox.dead(tools.store, envelope, refusal.summary)
    again = f"; once that is mended: pushboat letters resend {envelope.id}" if letter is None else ""
    logger.warning("%s/%s will not have it: %s%s", envelope.forge, envelope.repository, refusal.summary, again)


def _quiet(tools: Tools, envelope: Envelope, delay: float, why: str) -> None:
    """Let the letter's credential be quiet; the log says so where that is news."""
    credential = _credential(tools, envelope)
    if quieting.quiet(tools.store, credential, delay, why):
        logger.warning("%s posts nothing for %.0f s: %s", credential, delay, why)


def _credential(tools: Tools, envelope: Envelope) -> str:
    by_owner = tools.client(envelope.forge).by_owner
    return quieting.credential(envelope.forge, envelope.repository, by_owner=by_owner)


def _whole(tools: Tools, client: Client, envelope: Envelope, letter: Letter) -> Letter | None:
    """Add what is known only now: what stands below a status, as which number the forge knows a deployment.

    None where the operator does not want it posted.
    """
    repository = f"{envelope.forge}/{envelope.repository}"
    if isinstance(letter, DeploymentLetter):
        limits = tools.operator.limits(tools.operator.spelled(repository), letter.environment)
        if limits is not None and not limits.forge_deployments:
            return None
        remember = partial(forge_deployments.remember, tools.store, letter.deployment)
        known = forge_deployments.completed(tools.store, letter)
        return replace(known, tried=envelope.attempts > 1, remember=remember)
    if not isinstance(letter, StatusLetter) or not client.shows_output:
        return letter
    return replace(letter, output=check_runs.output(tools.store, repository, letter))


def _delay(attempts: int) -> float:
    """Back off from half a second to a minute, spread so that posters do not come back together."""
    return min(LONGEST_DELAY, 0.5 * 2.0 ** min(attempts, 8)) * random.uniform(0.75, 1.25)  # noqa: S311 - not a secret
