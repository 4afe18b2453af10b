"""Wires the engine room and nothing else: `python -m workers.app worker|reporter|dispatcher`.

Nothing happens at import. The operator's file is read once, here, from the path in PUSHBOAT_CONFIG.
"""

import logging
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from celery import Celery

from pushboat.config import operator as operator_file
from pushboat.config.operator import Operator
from pushboat.forges.table import client_of
from pushboat.queue import broker
from pushboat.queue.bell import ring
from pushboat.store import lanes
from pushboat.store.engine import open_store
from workers import dispatching, tasks
from workers.heartbeat import beating
from workers.leases import Leases
from workers.slots import Slots
from workers.tools import Clients, Clusters, Tools

WORKER_THREADS = 500
"""Mostly waiting for health, and made only when needed; `workers` of the operator's file bounds those that work."""

REPORTER_THREADS = 8


def worker_command() -> list[str]:
    """Give the argv of the process that routes and deploys; PUSHBOAT_CONFIG names the operator's file."""
    return [sys.executable, "-m", "workers.app", "worker"]


def reporter_command() -> list[str]:
    """Give the argv of the process that posts statuses and comments."""
    return [sys.executable, "-m", "workers.app", "reporter"]


def dispatcher_command() -> list[str]:
    """Give the argv of the process that hands out hints."""
    return [sys.executable, "-m", "workers.app", "dispatcher"]


def make_app(operator: Operator) -> Celery:
    """Make the Celery application: early acknowledgement, no results, no events; the store is the queue of record.

    Settings and their reasons: docs/adr/0003-the-store-is-the-queue.md.
    """
    app = Celery("pushboat", broker=broker.celery_url(operator), set_as_current=False)
    app.conf.update(_SETTINGS)
    return app


_SETTINGS: dict[str, Any] = {
    "task_ignore_result": True,
    "result_backend": None,
    "task_acks_late": False,
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,
    "task_publish_retry": True,
    "task_publish_retry_policy": {"max_retries": 0},
    "broker_pool_acquire_timeout": 1.0,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 0.5,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "unacked_restore_interval": 5,
        "unacked_mutex_expire": 10,
        "global_keyprefix": "pushboat:",
    },
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_hijack_root_logger": False,
    "task_create_missing_queues": True,
}


def make_tools(operator: Operator, leases: Leases, store: Any) -> Tools:
    """Put together what the stories work with."""
    return Tools(
        operator=operator,
        store=store,
        leases=leases,
        slots=Slots(operator.workers),
        owner=f"{socket.gethostname()}:{os.getpid()}",
        ring=lambda: ring(operator.state),
        clients=Clients(operator, client_of).of,
        clusters=Clusters(operator),
    )


def main(role: str) -> None:
    """Run one process of the engine room until it is told to stop."""
    logging.basicConfig(level=os.environ.get("PUSHBOAT_LOG", "WARNING"), format="%(levelname)s %(name)s: %(message)s")
    operator = operator_file.load(Path(os.environ["PUSHBOAT_CONFIG"]), os.environ)
    store = open_store(operator.store, operator.state)
    app = make_app(operator)
    if role == "dispatcher":
        _dispatch(operator, store, app)
        return
    queues, threads = ("route,deploy", WORKER_THREADS) if role == "worker" else ("report", REPORTER_THREADS)
    with Leases(lambda claim: lanes.renew(store, claim)) as leases, beating(store, role):
        tasks.register(app, make_tools(operator, leases, store))
        names = [f"--queues={queues}", f"--hostname={role}@%h"]
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        app.worker_main(["worker", "--pool=threads", f"--concurrency={threads}", "--loglevel=WARNING", *names, *alone])


def _dispatch(operator: Operator, store: Any, app: Celery) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    dispatching.run(operator, store, app, stop)


if __name__ == "__main__":
    main(sys.argv[1])
