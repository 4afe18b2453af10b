"""A monorepo deploys everywhere at once: another repository's push takes its turn, not the end of the line."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.cluster_view import ClusterView
from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map, repository_file

SITES = [f"site-{number:03}" for number in range(150)]
WORKERS = 2


@pytest.fixture
def busy(tmp_path: Path, kubeconfig: Path, forges: dict[str, FakeForge]) -> Iterator[Served]:
    """A Pushboat with two places, a monorepo of many environments, and a small repository."""
    limits = {"cluster": "dev", "create_namespaces": True}
    projects = [
        {
            "repository": "github/acme/monorepo",
            "environments": {site: {**limits, "namespaces": [f"github-monorepo-{site}"]} for site in SITES},
        },
        {
            "repository": "github/acme/small",
            "environments": {"staging": {**limits, "namespaces": ["github-small-staging"]}},
        },
    ]
    operator = operators_file(kubeconfig, forges, {"workers": WORKERS, "projects": projects})
    served = Served.start(tmp_path / "busy", operator, environ_of(forges))
    yield served
    served.stop()


@pytest.mark.proof
def test_a_small_repositorys_push_begins_while_a_monorepo_has_most_before_it(
    busy: Served, forges: dict[str, FakeForge], cluster: ClusterView
) -> None:
    """A hundred and fifty environments wait for two places; my push begins before most of them, and ends."""
    mono, small = (
        Shop(forge=forges["github"], forge_name="github", name=f"acme/{name}", served=busy, cluster=cluster)
        for name in ("monorepo", "small")
    )
    for shop in (mono, small):
        shop.forge.create_repository(shop.name)
    definition = "".join(
        repository_file(site, branch="main").replace("environments:\n", "" if number else "environments:\n")
        for number, site in enumerate(SITES)
    )
    mono.push({".pushboat.yaml": definition, "deploy/settings.yaml": config_map()})

    def begun() -> list[float]:
        found = [row for site in SITES for row in busy.deployments(mono.repository, site)]
        return sorted(datetime.fromisoformat(row["started_at"]).timestamp() for row in found if row["started_at"])

    until(lambda: len(begun()) >= 4, within=120, what="the monorepo to begin")
    row = small.ended(small.push({".pushboat.yaml": repository_file(), "deploy/settings.yaml": config_map()}))
    created, started = (datetime.fromisoformat(row[f"{name}_at"]).timestamp() for name in ("created", "started"))
    until(lambda: len(begun()) == len(SITES), within=500, what="all of the monorepo to begin")
    before = sum(moment < started for moment in begun())
    between = sum(created < moment < started for moment in begun())
    print(f"began after {started - created:.2f} s; {between} of the monorepo between, {len(SITES) - before} after it")
    assert row["state"] == "succeeded"
    assert between <= 2 * WORKERS + 2
    assert before < len(SITES) / 2
