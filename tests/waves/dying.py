"""Carry a deployment out in a process of its own that ends, or freezes, at points it has not ended at before.

A point is the moment before or after a write to the cluster or a commit of the store. Worker after worker ends at the
next point that none has ended at, so that one deployment shows all of them.
"""

import json
import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pushboat.config.environment import Environment
from pushboat.config.operator import Operator
from pushboat.store import turns
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.transaction import Transaction
from workers.app import make_tools
from workers.cluster.client.connection import Cluster
from workers.cluster.client.lines import Reply
from workers.deploying import story
from workers.running.leases import LEASE, Leases, now

SECONDS = 120.0
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\s", re.IGNORECASE)
_BY_THE_CLOCK = ("UPDATE lane SET lease_until", "INSERT INTO progress")
"""What is written when its time has come, and so somewhere else each time."""


@dataclass(frozen=True, kw_only=True)
class Fate:
    """At which points to end: those that `wanted` finds, each once; `met` has those that somebody ended at already,
    `passed` all that anybody has passed."""

    met: Path
    passed: Path
    wanted: str
    sign: int = signal.SIGKILL

    def pass_by(self, point: str) -> None:
        """End here, unless this point has had its death."""
        _note(self.passed, point)
        if not re.search(self.wanted, point) or point in self.met.read_text().splitlines():
            return
        _note(self.met, point)
        os.kill(os.getpid(), self.sign)


class _Line:
    """Stands where the line stood."""

    def __init__(self, line: Any, fate: Fate, thawed: Any) -> None:
        self._line, self._fate, self._thawed = line, fate, thawed

    def stream(self, *rest: Any) -> Any:
        return self._line.stream(*rest)

    def send(self, method: str, path: str, query: Mapping[str, str], *rest: Any, **more: Any) -> Any:
        if method == "GET" or "dryRun" in query or "/events" in path:
            return self._line.send(method, path, query, *rest, **more)
        headers, body, aside, before = rest
        point = f"{method} {re.sub('.*/namespaces/waves-[^/]*/', '', path)}{_what(body)}"
        # What is asked last, right before the bytes go: whoever freezes after it sends them when the lane is another's.

        def asked() -> None:
            before()
            self._fate.pass_by(f"before {point}")
            self._thawed()

        reply: Reply = self._line.send(method, path, query, headers, body, aside, asked)
        self._fate.pass_by(f"after {point}: {reply.status}")
        self._thawed()
        return reply


class _Clusters:
    """Stands where the clusters stood."""

    def __init__(self, clusters: Any, fate: Fate, thawed: Any) -> None:
        self._clusters, self._fate, self._thawed = clusters, fate, thawed

    def of(self, environment: Environment) -> Cluster:
        found: Cluster = self._clusters.of(environment)
        line: Any = _Line(found.line, self._fate, self._thawed)
        return replace(found, line=line)


class _Store(Store):
    """A store whose commits are points."""

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        _SAID.texts = []
        with super().writing() as tx:
            yield tx
            texts = [each for each in _SAID.texts if not each.startswith(_BY_THE_CLOCK)]
            point = "; ".join(texts)
            if texts:
                _FATE[0].pass_by(f"before commit {point}")
        if texts:
            _FATE[0].pass_by(f"after commit {point}")


_SAID = threading.local()
_FATE: list[Fate] = []


def _carry_out(operator: Operator, deployment: int, fate: Fate, folder: Path) -> None:
    opened = open_store(operator.store, operator.state)
    _FATE.append(fate)
    sa.event.listen(opened.engine, "before_cursor_execute", _listen)
    store = _Store(opened.engine, opened.turn, opened.checkpoints)
    with Leases(partial(turns.renew, store, ttl=LEASE)) as leases:

        def thawed() -> None:
            """Let this process find out how long it was frozen, where another has the lane."""
            if fate.sign == signal.SIGSTOP and fate.met.read_text():
                for each in list(leases._held):  # the clock is the machine's, and we do not wait for it
                    each.extend(now() - LEASE)

        tools = make_tools(operator, store, leases, folder, threading.Event())
        clusters: Any = _Clusters(tools.clusters, fate, thawed)
        story.deploy(replace(tools, clusters=clusters), deployment)


def starts(operator: Operator, deployment: int, fate: Fate, folder: Path) -> BaseProcess:
    """Start a worker that carries this deployment out, and meets its fate."""
    process: BaseProcess = _fork_server().Process(  # type: ignore[attr-defined]  # typeshed names it elsewhere only
        target=_carry_out, args=(operator, deployment, fate, folder)
    )
    process.start()
    return process


def leaves_its_lane(store: Store) -> None:
    """Let the lease of whoever holds a lane have ended, and forgive the attempt: there are many."""
    with store.writing() as tx:
        tx.change(sa.text("UPDATE lane SET lease_until = lease_until - 60"))
        tx.change(sa.text("UPDATE deployment SET attempts = 0, not_before = 0"))


def _fork_server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.waves.dying"])
    return context


def _note(file: Path, line: str) -> None:
    with file.open("a") as opened:
        opened.write(f"{line}\n")


def _listen(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
    if _WRITES.match(statement):
        rows = parameters if isinstance(parameters, list) else [parameters]
        values = [each for row in rows for each in (row if isinstance(row, tuple) else row.values())]
        hooks = [each for each in values if isinstance(each, str) and "/" in each and each.count(" ") == 1]
        words = " ".join(statement.split())[:60]
        _SAID.texts = [*getattr(_SAID, "texts", []), " ".join([words, *hooks])]


def _what(body: Any) -> str:
    said = json.loads(body) if isinstance(body, str) else body
    metadata = (said or {}).get("metadata") or {}
    if set(said or {}) == {"metadata"}:
        return f" {'/'.join(sorted(set(metadata) - {'resourceVersion'}))}"
    return ""
