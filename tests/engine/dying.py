"""Deploy in a process of its own that kills itself at a chosen write, before or after the API server has done it."""

import multiprocessing
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Lock
from typing import Any

from pushboat.config.operator import ClusterAccess
from tests.cluster.desk import Desk
from workers.cluster.client.connection import connect
from workers.cluster.client.lines import Reply


@dataclass(frozen=True, kw_only=True)
class Death:
    """At which write to die; `after` it was done, or before it was sent."""

    at: int
    after: bool

    def __str__(self) -> str:
        """Name it in a test's words."""
        return f"{'after' if self.after else 'before'} write {self.at}"


class Doomed:
    """Stands where the line stood; counts the writes and dies at one of them."""

    def __init__(self, line: Any, death: Death) -> None:
        self._line, self._death, self._writes, self._lock = line, death, 0, Lock()

    def send(self, method: str, path: str, query: Mapping[str, str], *rest: Any) -> Reply:
        """Pass a request on, unless it is the last one."""
        writes = method != "GET" and "dryRun" not in query
        with self._lock:
            self._writes += writes
            last = writes and self._writes == self._death.at
        if last and not self._death.after:
            os.kill(os.getpid(), signal.SIGKILL)
        reply: Reply = self._line.send(method, path, query, *rest)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return reply


def _deploy(desk: Desk, kubeconfig: Path, text: str, death: Death) -> None:
    cluster = connect(ClusterAccess(name="dev", kubeconfig=kubeconfig))
    doomed: Any = Doomed(cluster.line, death)
    replace(desk, cluster=replace(cluster, line=doomed)).deploy(text, prune_many=True)


def _deploy_apart(parts: tuple[Any, ...], kubeconfig: Path, text: str, death: Death) -> None:
    environment, fence = parts
    nobody: Any = None
    _deploy(Desk(nobody, environment, fence=fence), kubeconfig, text, death)


def dies(context: ForkServerContext, desk: Desk, kubeconfig: Path, text: str, death: Death) -> bool:
    """Deploy and die; False where the deployment came to its end before that write."""
    process = context.Process(  # type: ignore[attr-defined]  # typeshed names it on the other contexts only
        target=_deploy_apart, args=((desk.environment, desk.fence), kubeconfig, text, death)
    )
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), f"{death}: exit code {process.exitcode}"
    return bool(process.exitcode)


def fork_server() -> ForkServerContext:
    """Give what makes such processes in milliseconds: it has imported everything and has no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.engine.dying"])
    return context
