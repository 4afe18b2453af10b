"""Wires worker and reporter and nothing else: `python -m workers.app worker|reporter`.

Nothing happens at import. The operator's file is read once, here, from the path in PUSHBOAT_CONFIG.
"""

import logging
import os
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from celery import Celery
from celery.signals import setup_logging, worker_shutting_down

from pushboat import logs
from pushboat.collecting import collect_rarely, set_loaded_aside
from pushboat.config.following import ENGINE, Following
from pushboat.config.operator import Operator
from pushboat.own_key import kept_key
from pushboat.pulse import Pulse, show_stacks_when_asked
from pushboat.queue.bell import ring
from pushboat.store import turns
from pushboat.store.calling import Calls
from pushboat.store.database.engine import Store, open_store
from pushboat.store.processes import has_read
from pushboat.store.progress_lines import Line, record
from pushboat.tracing import wanted
from workers import reporting, tasks
from workers.application import make_app
from workers.cluster.client.kubeconfig import find_mistakes
from workers.consuming import BeatingConsumer, hearing
from workers.naming import client_by_names_of_today
from workers.running.heartbeat import beating
from workers.running.leases import LEASE, Leases
from workers.running.nudges import Nudges
from workers.running.progress_lines import ProgressLines, Said
from workers.running.scratch import scratch
from workers.running.slots import Slots
from workers.running.spawning import ENDING
from workers.tidying import tidy_caches, tidying
from workers.tools import Clients, Clusters, Tools

logger = logging.getLogger(__name__)

WORKER_THREADS = 500
"""Mostly waiting for health, and made only when needed; `workers` of the operator's file bounds those that work."""

QUEUES = {"worker": ["route", "deploy", "look", "inspect", "answer"], "reporter": ["report"]}


def make_tools(operator: Operator, store: Store, leases: Leases, folder: Path, stopping: threading.Event) -> Tools:
    """Put together what the stories work with."""
    nudges, calls = Nudges(), Calls(store)

    def ring_and_nudge() -> None:
        ring(operator.state)
        calls.call()
        nudges.nudge()

    return Tools(
        operator=operator,
        store=store,
        leases=leases,
        slots=Slots(operator.workers),
        owner=f"{socket.gethostname()}:{os.getpid()}",
        ring=ring_and_nudge,
        clients=Clients(operator, partial(client_by_names_of_today, operator, store)).of,
        clusters=Clusters(operator, folder),
        scratch=folder,
        stopping=stopping,
        nudges=nudges,
        lines=ProgressLines(partial(_write_down, store)),
        encryption_key=kept_key(operator),
    )


def _write_down(store: Store, said: Sequence[Said]) -> None:
    now = time.monotonic()
    told = [Line(deployment=one.deployment, phase=one.phase, text=one.text, ago=now - one.at) for one in said]
    record(store, [each for each in told if each.phase], [each for each in told if not each.phase])


def main(role: str) -> int:
    """Run one process of the engine room until it is told to stop, and give its exit code."""
    set_loaded_aside()
    collect_rarely()
    logs.set_up()
    show_stacks_when_asked()
    pulse = Pulse(os.environ)
    following = Following(Path(os.environ["PUSHBOAT_CONFIG"]), os.environ, ENGINE)
    following.listen()
    operator = following.now()
    store = open_store(operator.store, operator.state, notices=bool(operator.receivers), traces=wanted(os.environ).on)
    app, stopping = make_app(operator), threading.Event()
    for mistake in find_mistakes(operator.clusters.values()) if role == "worker" else ():
        logger.warning("%s", mistake)  # one line now, instead of a surprise at the first push
    threads = reporting.threads(operator) if role == "reporter" else WORKER_THREADS
    renew = partial(turns.renew, store, ttl=LEASE)
    with (
        scratch(operator.state) as folder,
        Leases(renew) as leases,
        following.looking(),
        beating(store, role, lambda: _note(following)),
    ):
        tools = make_tools(operator, store, leases, folder, stopping)
        newest = Newest(tools, following.now)
        tasks.register(app, newest)
        kept = (tools.git_caches, tools.bases, tools.outside)
        with tidying(lambda _told: tidy_caches(*kept, following.now().retention)):
            return _work(app, role, threads, tools, pulse, following)


def _note(following: Following) -> str:
    known = following.standing()
    return has_read(known.digest, known.sentence)


class Newest:
    """The tools by the operator's file that counts now; whoever has older ones in hand goes on with those."""

    def __init__(self, tools: Tools, present: Callable[[], Operator]) -> None:
        self._present, self._lock = present, threading.Lock()
        self._tools = replace(tools, newest=self)

    def __call__(self) -> Tools:
        """Give them; made anew once for each file."""
        operator = self._present()
        with self._lock:
            if operator is not self._tools.operator:
                self._tools = by_another_file(self._tools, operator)
            return self._tools


def by_another_file(tools: Tools, operator: Operator) -> Tools:
    """Give the same tools with another operator's file; connections stay where nothing about clusters changed."""
    before = tools.operator
    same = (before.clusters, before.health) == (operator.clusters, operator.health)
    return replace(
        tools,
        operator=operator,
        clients=Clients(operator, partial(client_by_names_of_today, operator, tools.store)).of,
        clusters=tools.clusters if same else Clusters(operator, tools.scratch),
    )


def _work(app: Celery, role: str, threads: int, tools: Tools, pulse: Pulse, following: Following) -> int:
    """Be a Celery worker: one process, many threads, no banner."""
    # Celery warns of root because of pickled messages; ours are JSON, and a container's root may be nobody outside.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    setup_logging.connect(_leave_the_logs_alone)  # Celery would set the level of all that is ours
    worker_shutting_down.connect(lambda **_: _end(tools), weak=False)
    worker = hearing(app.Worker, following.listen)(
        hostname=f"{role}@{socket.gethostname()}",
        pool_cls="threads",
        consumer_cls=partial(BeatingConsumer, pulse=pulse, threads=threads, stuck=tools.stuck),
        concurrency=threads,
        queues=QUEUES[role],
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _end(tools: Tools) -> None:
    tools.stopping.set()
    ENDING.set()


def _leave_the_logs_alone(**_: object) -> None:
    """Be there: who listens sets logging up, and Celery does not."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
