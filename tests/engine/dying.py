"""Deploy in a process of its own that kills itself at a chosen write, before or after the API server has done it."""

import multiprocessing
import os
import signal
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from pushboat.config.operator import ClusterAccess
from tests.cluster.desk import Desk
from tests.lines import Mortal, put
from workers.cluster.client.connection import connect


@dataclass(frozen=True, kw_only=True)
class Death:
    """At which write to die; `after` it was done, or before it was sent."""

    at: int
    after: bool

    def __str__(self) -> str:
        """Name it in a test's words."""
        return f"{'after' if self.after else 'before'} write {self.at}"


def killed() -> None:
    """Die as a process does."""
    os.kill(os.getpid(), signal.SIGKILL)


def _deploy(desk: Desk, kubeconfig: Path, text: str, death: Death) -> None:
    cluster = connect(ClusterAccess(name="dev", kubeconfig=kubeconfig))
    doomed = put(cluster, Mortal(cluster.line, death.at, death.after, killed))
    replace(desk, cluster=doomed).deploy(text, prune_many=True)


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
