"""Wires the dispatcher and nothing else: `python -m workers.dispatcher`.

It stands apart from `app.py` because it needs nothing of what deploys: half the memory, and a start in half the time.
"""

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from pushboat import logs
from pushboat.collecting import set_loaded_aside
from pushboat.config.following import ENGINE, Following
from pushboat.pulse import Pulse, show_stacks_when_asked
from pushboat.queue.bell import ring
from pushboat.store.calling import Listening
from pushboat.store.database.engine import open_store
from pushboat.tracing import wanted
from workers import dispatching
from workers.application import make_app
from workers.tracing.sending import sending


def main() -> int:
    """Dispatch until told to stop, and give the exit code."""
    set_loaded_aside()
    logs.set_up()
    show_stacks_when_asked()
    following = Following(Path(os.environ["PUSHBOAT_CONFIG"]), os.environ, ENGINE)
    following.listen()
    operator = following.now()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    store = open_store(operator.store, operator.state, notices=bool(operator.receivers), traces=wanted(os.environ).on)
    with following.looking(), sending(store, os.environ), Listening(store, partial(ring, operator.state)):
        dispatching.run(following.now, store, make_app(operator), stopping, Pulse(os.environ))
    return 0


if __name__ == "__main__":
    sys.exit(main())
