"""Wires the dispatcher and nothing else: `python -m workers.dispatcher`.

It stands apart from `app.py` because it needs nothing of what deploys: half the memory, and a start in half the time.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from pushboat import logs
from pushboat.collecting import set_loaded_aside
from pushboat.config import operator as operator_file
from pushboat.pulse import Pulse, show_stacks_when_asked
from pushboat.store.database.engine import open_store
from workers import dispatching
from workers.application import make_app


def main() -> int:
    """Dispatch until told to stop, and give the exit code."""
    set_loaded_aside()
    logs.set_up()
    show_stacks_when_asked()
    operator = operator_file.load(Path(os.environ["PUSHBOAT_CONFIG"]), os.environ)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    store = open_store(operator.store, operator.state, notices=bool(operator.receivers))
    dispatching.run(operator, store, make_app(operator), stopping, Pulse(os.environ))
    return 0


if __name__ == "__main__":
    sys.exit(main())
