"""One control plane for all processes that run tests side by side: begun when the first asks, ended with the run.

The process that deals the tests out listens on a socket. A process that runs tests asks there for the kubeconfig; where
there is one process only, it starts the control plane itself.
"""

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cli.lab import devcluster
from tests.chaos.lanes import audited

PATIENCE = 300.0
"""Seconds for the answer: the control plane may have to start on a machine that builds and tests at the same time."""
LONGEST_ANSWER = 4096
QUESTION, END = b"?", b"."
AUDIT = "audit.log"
MEMORY_FOR_CPU = {"GOGC": "400"}
"""Collect garbage seldom: a tenth of the control plane's CPU, for some hundred megabytes, of which one is needed."""


class Shared:
    """A control plane that nobody has asked for yet."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        # No TemporaryDirectory: forks of this process would delete it at their end.
        self._folder = Path(tempfile.mkdtemp(prefix="pushboat-cluster-"))
        self._stack.callback(shutil.rmtree, self._folder)
        self.address = str(self._folder / "ask")
        self._listener = self._stack.enter_context(socket.socket(socket.AF_UNIX))
        self._listener.bind(self.address)
        self._listener.listen(64)
        self._answering = threading.Thread(target=self._answer, daemon=True)
        self._answering.start()

    def end(self) -> None:
        """Take it down, if it was ever started."""
        with socket.socket(socket.AF_UNIX) as telling:
            telling.connect(self.address)
            telling.sendall(END)
        self._answering.join()
        self._stack.close()

    def _answer(self) -> None:
        kubeconfig = ""
        while True:
            asking, _ = self._listener.accept()
            with asking, suppress(OSError):  # whoever asked may be gone
                said = asking.recv(1)
                if said == END:
                    return
                kubeconfig = kubeconfig or self._start()
                asking.sendall(kubeconfig.encode())

    def _start(self) -> str:
        try:
            return str(self._stack.enter_context(started(self._folder / "devcluster")))
        except devcluster.ClusterNotStarted as error:
            return str(error)


def ask(address: str) -> Path:
    """Ask for the kubeconfig of the control plane that all share."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(PATIENCE)
        asking.connect(address)
        asking.sendall(QUESTION)
        answer = asking.recv(LONGEST_ANSWER).decode()
    assert answer.startswith("/"), answer
    return Path(answer)


@contextmanager
def started(folder: Path) -> Iterator[Path]:
    """Start a control plane for tests; beside its kubeconfig lies what it keeps of tests/chaos."""
    folder.mkdir(parents=True, exist_ok=True)
    options = audited(folder, folder / AUDIT)
    with devcluster.control_plane(folder, say=print, environ=MEMORY_FOR_CPU, options=options) as kubeconfig:
        yield kubeconfig
