"""Rollouts that hang hold nobody else up, however many they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import breaking
from tests.cluster_view import ClusterView
from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map, deployment, repository_file

FLEET = [f"site-{number:02}" for number in range(20)]
WORKERS = 4


@pytest.fixture
def busy(tmp_path: Path, kubeconfig: Path, forges: dict[str, FakeForge]) -> Iterator[Served]:
    """A Pushboat with few slots and many lanes."""
    limits = {"cluster": "dev", "create_namespaces": True}
    projects = [
        {
            "repository": "github/acme/fleet",
            "environments": {site: {**limits, "namespaces": [f"github-fleet-{site}"]} for site in FLEET},
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
def test_the_twenty_first_ends_while_twenty_hang(
    busy: Served, forges: dict[str, FakeForge], cluster: ClusterView
) -> None:
    """Twenty rollouts wait for pods that never become ready, with four workers: my push runs at once all the same."""
    fleet, alone = (
        Shop(forge=forges["github"], forge_name="github", name=f"acme/{name}", served=busy, cluster=cluster)
        for name in ("fleet", "alone")
    )
    for shop in (fleet, alone):
        shop.forge.create_repository(shop.name)
    definition = "".join(
        repository_file(site, branch="main").replace("environments:\n", "" if number else "environments:\n")
        for number, site in enumerate(FLEET)
    )
    fleet.push({".pushboat.yaml": definition, "deploy/web.yaml": deployment(behaviour="unready")})

    def states() -> list[str]:
        return [row["state"] for site in FLEET for row in busy.deployments(fleet.repository, site)]

    until(lambda: states() == ["running"] * len(FLEET), within=120, what="twenty rollouts to hang")
    sha = alone.push({"deploy/settings.yaml": config_map(), "deploy/web.yaml": deployment()})
    breaking.ended_once(alone, sha)
    assert states() == ["running"] * len(FLEET)
