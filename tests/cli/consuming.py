"""A Celery worker with our consumer and one thread, run as a process of its own: `python consuming.py SOCKET FOLDER`.

Its one task waits until FOLDER/go is there; it says that it waits by FOLDER/taken. The worker is stuck while
FOLDER/stuck is there.
"""

import os
import sys
import time
from functools import partial
from pathlib import Path

from celery import Celery

from pushboat.pulse import Pulse
from workers.consuming import BeatingConsumer

NAME = "wait"


def app(address: str) -> Celery:
    """Make the application that both ends use."""
    celery = Celery("consuming", broker=f"redis+socket://{address}", set_as_current=False)
    celery.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)
    return celery


def main() -> None:
    """Consume until killed."""
    folder = Path(sys.argv[2])
    celery = app(sys.argv[1])

    def wait() -> None:
        (folder / "taken").touch()
        while not (folder / "go").exists():
            time.sleep(0.05)

    celery.task(name=NAME)(wait)
    stuck = (folder / "stuck").exists
    consumer = partial(BeatingConsumer, pulse=Pulse(os.environ), threads=1, stuck=stuck)
    celery.Worker(pool_cls="threads", concurrency=1, consumer_cls=consumer, quiet=True, loglevel="ERROR").start()


if __name__ == "__main__":
    main()
