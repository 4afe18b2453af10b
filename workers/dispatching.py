"""The dispatcher: tells workers what is due. The store decides what that is; a message is only a hint.

It is the only publisher. Lost hints come again with a growing delay; a wiped broker is noticed by its
missing epoch key.
"""

import logging
import os
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from celery import Celery
from kombu.exceptions import OperationalError

from pushboat.config.operator import Operator
from pushboat.errors import BrokerUnavailable, StoreUnavailable
from pushboat.model.deployment import Lane
from pushboat.own_key import kept_key
from pushboat.pulse import Pulse
from pushboat.queue import broker
from pushboat.queue.bell import Bell
from pushboat.reading import known
from pushboat.sealing import Key
from pushboat.store import (
    comparing,
    ending,
    hinting,
    hook_runs,
    inspections,
    looks,
    outbox,
    passing,
    processes,
    questions,
    reading_back,
    release_records,
    replanning,
    routing_jobs,
    stamping,
)
from pushboat.store.database.engine import Store
from workers import commenting
from workers.freezing import Calendar
from workers.inheriting_holds import inherit_holds
from workers.lifting import Lifting
from workers.tidying import tidy_store, tidying

IDLE = 0.25
"""Seconds between two looks when nobody rings: on several machines the bell does not reach us."""

SWEEP_EVERY = 1.0
BEAT_EVERY = 2.0
REPORT_AGAIN = 1.0
INSPECT_AGAIN = 2.0
STAMP_EVERY = 60.0
SCHEDULE_EVERY = 20.0
FORGET_AFTER = 9
"""Times that, or three minutes: a file that lacks a repository is no older one by then; what is mounted comes late."""
HINT_LIVES = 300
"""Seconds after which a hint that nobody took is dropped: the store will have given a new one."""

BATCH = 50
LET_GO_EVERY, LET_GO = 30.0, 5
"""Seconds between two tries to let go what ended deployments left of their hooks, and how many of these at once, drawn
by lot: a cluster that is away must not keep the others waiting."""
LOOKS = 3
"""Repositories a second: a thousand of them are all looked at within six minutes, and a start overwhelms no forge."""
PAUSE = 0.5
BROKER_ANSWERS, BROKER_SILENT = "broker: ok", "broker: unreachable"

logger = logging.getLogger(__name__)


class Rhythm:
    """Says when something that happens every so often is due again."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._next = 0.0

    def due(self) -> bool:
        """Say yes at most once per period."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._every
        return True


def run(present: Callable[[], Operator], store: Store, app: Celery, stop: threading.Event, pulse: Pulse) -> None:
    """Dispatch until told to stop; survive a missing broker and a missing store; beat with every turn.

    `present` gives the operator's file that counts; another one is looked through as at a start.
    """
    operator, began = None, present()
    sweeping, beating, reporting = Rhythm(SWEEP_EVERY), Rhythm(BEAT_EVERY), Rhythm(REPORT_AGAIN)
    letting_go, inspecting, to_stamp = Rhythm(LET_GO_EVERY), Rhythm(INSPECT_AGAIN), Rhythm(STAMP_EVERY)
    key = Key(kept_key(began))
    reachable = False
    calendar, comparisons, lifting = Calendar(began, store), Comparisons(began, store), Lifting(store)
    passed = 0.0
    with Bell(began.state) as bell, tidying(lambda told: tidy_store(store, key, present().retention, told)):
        rung = True
        while not stop.is_set():
            pulse.beat()
            try:
                if (newest := present()) is not operator:  # also at first, for what happened while we were down
                    inherit_holds(newest, store)  # before anything starts under a new name
                    looks.schedule(store, newest.projects)
                    lifting.begin()  # there may be other tokens now
                    calendar, comparisons = Calendar(newest, store), Comparisons(newest, store)
                    operator = newest
                comparisons.look()
                lifting.look()
                sweep = sweeping.due()
                if sweep and (swept := ending.sweep(store)):
                    logger.warning("%s expired leases were taken back", swept)
                if sweep:
                    calendar.look()
                    passed = passing.notice(store, passed)
                    replanning.begin_due(store)
                    commenting.comment(operator, store)
                    questions.forget(store)
                    _sign(store, key, to_stamp)
                reachable = _hint(operator, store, app, fresh=not reachable, look=sweep, report=rung or reporting.due())
                with suppress(OperationalError, BrokerUnavailable):  # they are due again
                    if reachable and letting_go.due():
                        _publish_left_behind(operator, store, app)
                    if reachable and inspecting.due():
                        _publish_inspections(operator, store, app)
                if beating.due():
                    processes.beat(store, "dispatcher", os.getpid(), BROKER_ANSWERS if reachable else BROKER_SILENT)
                if not reachable:
                    stop.wait(PAUSE)
            except StoreUnavailable as error:
                logger.warning("the store does not answer: %s", error.summary)
                stop.wait(PAUSE)
            rung = bell.wait(IDLE)


def _sign(store: Store, key: Key, rhythm: Rhythm) -> None:
    """Sign what nobody but us has the key for: records of releases each second, the audit every minute."""
    release_records.sign_due(store, key)
    if rhythm.due():
        stamping.stamp(store, key)


def _hint(operator: Operator, store: Store, app: Celery, *, fresh: bool, look: bool, report: bool) -> bool:
    """Publish what is due; say whether the broker answers.

    After an outage (`fresh`) and after a wipe everything that waits is due at once: the hints of before may be lost.
    """
    try:
        wiped = look and broker.claim_epoch(operator)
        if wiped or fresh:
            hinting.wake_all(store)
        _publish_hints(operator, store, app, report=report)
        if look:
            _publish_looks(operator, store, app)
    except (OperationalError, BrokerUnavailable) as error:
        logger.warning("the broker does not answer; hints wait: %s", error)
        return False
    return True


def _publish(operator: Operator, app: Celery, task: str, about: object, queue: str, lives: float = HINT_LIVES) -> None:
    with broker.translated(broker.broker_url(operator)):
        app.send_task(task, (about,), queue=queue, expires=lives)


def _publish_hints(operator: Operator, store: Store, app: Celery, *, report: bool) -> None:
    publish = partial(_publish, operator, app)
    for repository in routing_jobs.due_repositories(store, BATCH):
        publish("pushboat.route", repository, "route")
    ids = hinting.due(store, BATCH)
    for deployment in ids:
        publish("pushboat.deploy", deployment, "deploy")
    hinting.hinted(store, ids)
    asked = questions.due_clusters(store)
    for cluster in asked:
        publish("pushboat.answer", cluster, "answer")
    questions.hinted(store, asked)
    for forge in sorted({*outbox.due_forges(store), *reading_back.due_forges(store)}) if report else ():
        publish("pushboat.report", forge, "report")


class Comparisons:
    """Sees to it that every repository is looked at and every environment compared with its release in time: also what
    has come since, and what a dispatcher with another file took out.
    """

    def __init__(self, operator: Operator, store: Store, every: float = SCHEDULE_EVERY) -> None:
        self._operator, self._store = operator, store
        self._looking, self._rounds = Rhythm(every), 0
        self._scheduled: dict[Lane, str] | None = None

    def look(self) -> None:
        """Schedule them anew where they are not those of the look before."""
        if not self._looking.due():
            return
        looks.assure(self._store, self._operator.projects)
        self._rounds += 1
        if self._rounds == FORGET_AFTER:
            looks.forget_left(self._store)
        there = clusters_of(self._operator, self._store)
        if there != self._scheduled:
            comparing.schedule(self._store, there, self._operator.drift_every)
            self._scheduled = there


def clusters_of(operator: Operator, store: Store) -> dict[Lane, str]:
    """Name the environments that the timer compares, each with its cluster: none, where there is no timer."""
    return {
        Lane(repository=repository, environment=name): limits.cluster
        for repository, environments in (known.everywhere(store, operator) if operator.drift_every else {}).items()
        for name, limits in environments.items()
    }


def _publish_inspections(operator: Operator, store: Store, app: Celery) -> None:
    for cluster in inspections.due_clusters(store, operator.drift_every):
        _publish(operator, app, "pushboat.inspect", cluster, "inspect")


def _publish_looks(operator: Operator, store: Store, app: Celery) -> None:
    for repository in looks.due(store, LOOKS):
        _publish(operator, app, "pushboat.look", repository, "look")


def _publish_left_behind(operator: Operator, store: Store, app: Celery) -> None:
    left = hook_runs.left_behind(store)
    for deployment in random.sample(left, min(len(left), LET_GO)):
        _publish(operator, app, "pushboat.let_go", deployment, "look", LET_GO_EVERY)
