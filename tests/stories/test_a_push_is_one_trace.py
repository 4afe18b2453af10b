"""A push is one trace at my collector: delivery, routing, deployment with its stages, and what was told of it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cluster_view import ClusterView
from tests.fakes.collector import TOKEN, Came, FakeCollector
from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.stories.test_the_log_follows_a_push import LOUD, logged, shop_of
from tests.until import until
from tests.written import config_map, deployment

FILES = {"deploy/settings.yaml": config_map(), "deploy/web.yaml": deployment(replicas=1)}
CLOSE = 0.002
"""Seconds by which times of one moment may differ: they are written with a thousandth."""


@pytest.fixture(scope="module")
def collector() -> Iterator[FakeCollector]:
    """A collector of traces."""
    with closing(FakeCollector()) as found:
        yield found
        found.thawed.set()


@pytest.fixture(scope="module")
def traced(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge], collector: FakeCollector
) -> Iterator[Served]:
    """A Pushboat that sends its traces there."""
    hub = {"github": forges["github"]}
    operator = operators_file(kubeconfig, hub, shops={"github": 2})
    environ = {**environ_of(hub), **LOUD, **collector.environ, "OTEL_EXPORTER_OTLP_TIMEOUT": "3"}
    pushboat = Served.start(tmp_path_factory.mktemp("traced"), operator, environ)
    yield pushboat
    pushboat.stop()


def of_trace(collector: FakeCollector, trace: str) -> list[Came]:
    return [each for each in collector.spans() if each.trace == trace]


def test_a_push_is_one_trace_from_the_forge_to_its_status(
    traced: Served, collector: FakeCollector, forges: dict[str, FakeForge], cluster: ClusterView
) -> None:
    """Each part hangs on the one that led to it, its times are the store's, and lines of the log name the trace."""
    collector.frozen.set()  # nobody waits for it
    shop = shop_of(traced, forges, cluster)
    sha = shop.push(FILES)
    ended = shop.ended(sha)
    shop.status(sha, "success")
    until(lambda: "the collector of traces takes nothing" in traced.log.read_text(), what="one line that it hangs")
    collector.frozen.clear()
    collector.thawed.set()
    (deploy,) = until(lambda: collector.spans("deploy staging"), what="the deployment's span")
    letters = until(lambda: all_told(traced, collector), what="spans of its letters")
    spans = of_trace(collector, deploy.trace)
    (root,) = [each for each in spans if not each.parent]
    (route,) = [each for each in spans if each.name == "route"]
    assert (root.name, root.kind, deploy.parent, route.parent) == ("delivery push", "server", root.id, root.id)
    assert {each.parent for each in letters} == {deploy.id}
    holds_the_stores_times(traced, shop, ended["id"], spans)
    assert deploy.attributes["vcs.ref.head.revision"] == sha
    assert deploy.attributes["deployment.environment.name"] == "staging"
    assert {each.resource["service.name"] for each in spans} == {"pushboat"}
    of_it = [row for _, row in logged(traced) if row.get("deployment") == ended["id"]]
    assert {row["trace_id"] for row in of_it if "outcome" not in row} == {root.trace}
    assert {process for process, row in logged(traced) if row.get("trace_id") == root.trace} == {
        "web",
        "worker",
        "reporter",
    }
    log = traced.log.read_text()
    assert log.count("takes nothing") == 1
    assert log.count("takes them again") == 1
    assert TOKEN not in log


def all_told(traced: Served, collector: FakeCollector) -> list[Came]:
    """Give the spans of letters, once all that were sent are there."""
    sent = {row["letter"] for _, row in logged(traced) if row.get("outcome") == "sent" and row.get("deployment")}
    found = [each for each in collector.spans() if each.name.startswith("letter ")]
    return found if sent <= {each.attributes["pushboat.letter"] for each in found} else []


def holds_the_stores_times(traced: Served, shop: Shop, number: int, spans: list[Came]) -> None:
    """Hold the spans of a deployment against what the API says of it."""
    row = traced.get(f"/api/v1/deployments/{number}")
    delivery = traced.get(f"/api/v1/deliveries?repository={shop.repository}")["items"][0]
    (deploy,) = [each for each in spans if each.name == "deploy staging"]
    stages = [each for each in spans if each.parent == deploy.id and not each.name.startswith("letter ")]
    assert [each.name for each in stages][:1] == ["queued"]
    # What is healthy at once does not wait.
    assert {"checkout", "render", "plan", "apply"} <= {each.name for each in stages}
    assert stages[0].begins == deploy.begins
    assert stages[-1].ends == deploy.ends
    assert all(one.ends == other.begins for one, other in pairwise(stages)), "without a gap"
    (root,) = [each for each in spans if not each.parent]
    assert abs(seconds(row["created_at"]) - deploy.begins) < CLOSE
    assert abs(seconds(row["finished_at"]) - deploy.ends) < CLOSE
    assert abs(seconds(row["started_at"]) - stages[0].ends) < CLOSE
    assert abs(seconds(delivery["received_at"]) - root.begins) < CLOSE
    (route,) = [each for each in spans if each.name == "route"]
    assert root.begins <= route.begins <= route.ends == root.ends
    assert abs(route.ends - deploy.begins) < 1.0


def seconds(written: str) -> float:
    """Read a time of the API."""
    return datetime.fromisoformat(written).timestamp()
