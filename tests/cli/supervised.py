"""A supervisor over small programs, run as a process of its own: `python supervised.py HOW FOLDER NAME=KIND …`.

How: `executed` or `forked`.
Kinds: `good` ends on SIGTERM and says so in FOLDER/ended; `deaf` ignores SIGTERM; `parent` has a child of its own;
`looping` has a work loop that beats until SIGUSR1 makes it hang, and a child; `mute` should beat and never does;
`telling` says as JSON what it is and has; `failing` ends with an exception, `leaving` with words.
Each program writes its pid into FOLDER/NAME.pid. What hangs is found after three seconds.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cli import forking
from cli.children import Program
from cli.supervisor import Supervisor
from cli.systemd import Systemd
from cli.watching import Silences

GOOD = """
import os, pathlib, signal, sys
folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
def end(*_):
    with open(folder / "ended", "a") as ended: ended.write(name + "\\n")
    print("last words of", name, end="", flush=True)
    os._exit(0)
signal.signal(signal.SIGTERM, end)
print("hello from", name, flush=True)
(folder / (name + ".new")).write_text(str(os.getpid()))
os.rename(folder / (name + ".new"), folder / (name + ".pid"))
while True: signal.pause()
"""
DEAF = GOOD.replace("signal.signal(signal.SIGTERM, end)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
PARENT = GOOD.replace(
    'print("hello',
    "import subprocess; child = subprocess.Popen(['sleep', '600'])\n"
    "(folder / (name + '.born')).write_text(str(child.pid))\n"
    "os.rename(folder / (name + '.born'), folder / (name + '.child'))\nprint(\"hello",
)
LOOPING = """
import os, signal, threading
from pushboat.pulse import Pulse, show_stacks_when_asked
hangs = []
signal.signal(signal.SIGUSR1, lambda *_: hangs.append(1))
show_stacks_when_asked()
pulse = Pulse(os.environ)
def take_a_lock_that_nobody_leaves():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
""" + PARENT.replace(
    "while True: signal.pause()",
    """
while True:
    pulse.beat()
    signal.sigtimedwait([], 0.1)
    if hangs: take_a_lock_that_nobody_leaves()
""",
)
TELLING = (
    r"""
import faulthandler, json, os, signal, sys
print(json.dumps({
    "environment": dict(os.environ),
    "words": open("/proc/self/cmdline").read().strip("\0").replace("\0", " "),
    "files": sorted(set(os.listdir("/proc/self/fd")) - {str(os.open("/", os.O_RDONLY))}),
    "reads": os.readlink("/proc/self/fd/0"),
    "signals": {str(each): str(signal.getsignal(each)) for each in sorted(signal.valid_signals())},
    "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
    "wakes": signal.set_wakeup_fd(-1),
    "shows stacks": faulthandler.is_enabled(),
    "leads its group": os.getpgrp() == os.getpid(),
    "encodings": [sys.stdout.encoding, sys.stderr.encoding],
}), flush=True)
"""
    + GOOD
)
FAILING = "raise RuntimeError('no such luck')"
LEAVING = "import sys; print('without an end of line', end=''); sys.exit('that is all')"
KINDS = {
    "good": GOOD,
    "deaf": DEAF,
    "parent": PARENT,
    "looping": LOOPING,
    "mute": GOOD,
    "telling": TELLING,
    "failing": FAILING,
    "leaving": LEAVING,
}
OURS = "tests.cli.supervised"
SILENCES = Silences(first_seconds=12.0, next_seconds=4.0, stacks_seconds=1.0)
"""Three times what a healthy program needs on a busy machine to start, and between two beats."""


def main(*words: str) -> None:
    """Be one of the programs, or supervise until told to stop; exit code 0 when all ended by themselves."""
    if words:
        _be(*words)
    else:
        sys.exit(_supervise(sys.argv[1], Path(sys.argv[2]), [word.split("=") for word in sys.argv[3:]]))


def _be(kind: str, *words: str) -> None:
    sys.argv = ["-c", *words]
    exec(KINDS[kind], {"__name__": "__main__"})


def _supervise(how: str, folder: Path, pairs: Sequence[Sequence[str]]) -> int:
    forking.load([OURS])
    programs = [
        Program(
            name=name,
            argv=[sys.executable, "-m", OURS, kind, str(folder), name],
            environment=os.environ,
            beats=kind in ("looping", "mute"),
            loaded=how == "forked",
        )
        for name, kind in pairs
    ]
    say = lambda name, line: print(f"{name} | {line}", flush=True)  # noqa: E731
    return 0 if Supervisor(programs, say, silences=SILENCES, systemd=Systemd(os.environ)).run() else 1


if __name__ == "__main__":
    main(*(sys.argv[1:] if sys.argv[1] in KINDS else ()))
