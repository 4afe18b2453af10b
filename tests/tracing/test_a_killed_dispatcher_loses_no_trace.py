"""A sender is killed by the machine while the collector has its spans in hand, and the next one goes on from there."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pushboat.model.state import State
from pushboat.store import ending, traces
from tests.fakes.collector import FakeCollector
from tests.fresh_store import fresh_store
from tests.serving import ROOT
from tests.store.repository import Repository, time_passes
from tests.until import until

SENDER = """
import os, sys, threading
from pathlib import Path
from pushboat.store.database.engine import open_store
from workers.tracing.sending import sending
with sending(open_store("", Path(sys.argv[1])), os.environ):
    threading.Event().wait(120)
"""
pytestmark = [pytest.mark.proof, pytest.mark.programs]


def test_a_killed_dispatcher_loses_no_trace(tmp_path: Path) -> None:
    """I kill -9 it in the middle of a batch, and find every span afterwards, under the ids that it had."""
    store = fresh_store(tmp_path)
    traces.begin(store)
    repository = Repository(store)
    for sha in ("a", "b"):
        ending.finish(store, repository.claim(repository.push(sha)), State.SUCCEEDED, "healthy")
    repository.post_everything()
    with closing(FakeCollector()) as collector:
        environ = {**os.environ, **collector.environ}

        def started() -> subprocess.Popen[bytes]:
            words = [sys.executable, "-c", SENDER, str(tmp_path)]
            return subprocess.Popen(words, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)

        collector.frozen.set()
        with started() as first:
            until(lambda: collector.asked, what="a batch in the collector's hands")
            first.kill()
        collector.frozen.clear()
        collector.thawed.set()
        until(lambda: collector.taken, what="what the dead one had sent")
        known = {(each.trace, each.id) for each in collector.taken}
        before = traces.standing(store)
        time_passes(store, traces.LEASE)
        with started() as second:
            until(lambda: traces.standing(store) != before and len(collector.taken) > len(known), what="the next one")
            second.kill()
        assert {(each.trace, each.id) for each in collector.taken} == known
        assert len(collector.spans("deploy staging")) == 2
        assert len({each.trace for each in collector.spans()}) == 2
    store.close()
