"""Rollouts that hang hold nobody else up, however many they are."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests import breaking
from tests.cluster_view import ClusterView
from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map, deployment, repository_file

WORKERS = 4
DELAY = 2.0
"""Seconds from the push's deployment to its first step, at most."""
TRIES = 3
"""Pushes, of which the fastest counts: somebody else on this machine may hold one of them up."""
WEB = {"deploy/web.yaml": deployment()}


@pytest.fixture(params=[20, 60])
def fleet(request: pytest.FixtureRequest) -> list[str]:
    """Environments whose rollouts hang."""
    return [f"site-{number:02}" for number in range(request.param)]


@pytest.fixture
def busy(tmp_path: Path, kubeconfig: Path, forges: dict[str, FakeForge], fleet: list[str]) -> Iterator[Served]:
    """A Pushboat with few slots and many lanes."""
    limits = {"cluster": "dev", "create_namespaces": True}
    projects = [
        {
            "repository": "github/acme/fleet",
            "environments": {site: {**limits, "namespaces": [f"github-fleet-{site}"]} for site in fleet},
        },
        {
            "repository": "github/acme/alone",
            "environments": {"staging": {**limits, "namespaces": ["github-alone-staging"]}},
        },
    ]
    operator = operators_file(kubeconfig, forges, {"workers": WORKERS, "projects": projects})
    served = Served.start(tmp_path / "busy", operator, environ_of(forges))
    yield served
    served.stop()


@pytest.mark.proof
@pytest.mark.proves("pain-17")
def test_another_lane_begins_at_once_while_many_hang(
    busy: Served, forges: dict[str, FakeForge], cluster: ClusterView, fleet: list[str]
) -> None:
    """Sixty rollouts wait for pods that never become ready, with four workers: my push runs at once all the same."""
    sites, alone = (
        Shop(forge=forges["github"], forge_name="github", name=f"acme/{name}", served=busy, cluster=cluster)
        for name in ("fleet", "alone")
    )
    for shop in (sites, alone):
        shop.forge.create_repository(shop.name)
    definition = "".join(
        repository_file(site, branch="main").replace("environments:\n", "" if number else "environments:\n")
        for number, site in enumerate(fleet)
    )
    before = alone.push({**WEB, "deploy/settings.yaml": config_map()})
    breaking.ended_once(alone, before)
    sites.push({".pushboat.yaml": definition, "deploy/web.yaml": deployment(behaviour="unready")})

    def states() -> list[str]:
        return [row["state"] for site in fleet for row in busy.deployments(sites.repository, site)]

    until(lambda: states() == ["running"] * len(fleet), within=240, what="all of them to hang")
    pushed = [alone.ended(alone.push({**WEB, "deploy/settings.yaml": config_map(number=str(n))})) for n in range(TRIES)]
    assert states() == ["running"] * len(fleet)
    waited, took = (min(seconds(row, "created", last) for row in pushed) for last in ("started", "finished"))
    calm = busy.deployments(alone.repository)[-1]
    in_calm = seconds(calm, "created", "finished")
    print(f"{len(fleet)} hang: began after {waited:.2f} s, took {took:.2f} s; alone it took {in_calm:.2f} s")
    assert waited < DELAY
    assert took - in_calm < DELAY


def seconds(row: dict[str, Any], first: str, last: str) -> float:
    """Say how long it was from one moment of a deployment to another."""
    began, ended = (datetime.fromisoformat(row[f"{name}_at"]) for name in (first, last))
    return (ended - began).total_seconds()
