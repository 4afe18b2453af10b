"""I follow one push through the logs of all processes by its ids, also through threads that serve everybody."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cluster_view import ClusterView
from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file, unused
from tests.until import until
from tests.written import config_map, deployment

FILES = {"deploy/settings.yaml": config_map(), "deploy/web.yaml": deployment(replicas=1)}
OURS = ("pushboat.", "workers.", "webhook.", "dashboard.", "cli.")
LOUD = {"PUSHBOAT_LOG": "DEBUG", "PUSHBOAT_LOG_FORMAT": "json"}


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge]
) -> Iterator[Served]:
    """A Pushboat whose log is for programs, and says everything."""
    hub = {"github": forges["github"]}
    operator = operators_file(kubeconfig, hub, shops={"github": 2})
    pushboat = Served.start(tmp_path_factory.mktemp("loud"), operator, {**environ_of(hub), **LOUD})
    yield pushboat
    pushboat.stop()


def shop_of(served: Served, forges: Mapping[str, FakeForge], cluster: ClusterView) -> Shop:
    """Give a new repository."""
    hub = forges["github"]
    name = unused(served, "github", hub.projects)
    hub.create_repository(name)
    hub.connect(name, f"{served.url}/webhooks/github")
    return Shop(forge=hub, forge_name="github", name=name, served=served, cluster=cluster)


def logged(served: Served) -> list[tuple[str, dict[str, Any]]]:
    """Read what was logged: each line with the process that wrote it."""
    lines = re.findall(r"^(\w+) +\| (\{.*\})$", served.log.read_text(), re.MULTILINE)
    return [(process, json.loads(line)) for process, line in lines]


def told(served: Served, number: int) -> list[tuple[str, dict[str, Any]]] | None:
    """Give the log, once the letter that a deployment succeeded is in it."""
    rows = logged(served)
    letters = [row for process, row in rows if process == "reporter" and row.get("deployment") == number]
    return rows if sum(row.get("outcome") == "sent" for row in letters) >= 3 else None


def test_every_line_has_the_ids_of_what_it_is_about(
    served: Served, forges: dict[str, FakeForge], cluster: ClusterView
) -> None:
    """Of two pushes that deploy side by side each line names its own, whichever thread wrote it, and none else does."""
    until(lambda: in_vain(logged(served)), what="a look at its start, when there is no repository yet")
    shops = [shop_of(served, forges, cluster) for _ in range(2)]
    ids = [shop.ended(sha)["id"] for shop, sha in [(shop, shop.push(FILES)) for shop in shops]]
    for number in ids:
        rows = until(lambda number=number: told(served, number), what=f"the letters of deployment {number}")
    for shop, number in zip(shops, ids, strict=True):
        names_its_own(rows, shop, number)
    assert all("deployment" not in row and "delivery" not in row for row in in_vain(rows))
    assert all(row["level"] in ("WARNING", "ERROR") for _, row in rows if not row["logger"].startswith(OURS))


def in_vain(rows: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Find the lines about looks that failed."""
    return [row for _, row in rows if "could not be looked at" in row["message"]]


def names_its_own(rows: list[tuple[str, dict[str, Any]]], shop: Shop, number: int) -> None:
    """Hold the lines of one push against their own words: its namespace in the cluster, its path on the forge."""
    own = {"deployment": number, "repository": shop.repository, "environment": "staging"}
    (delivery,) = {row["delivery"] for _, row in rows if row.get("deployment") == number and "delivery" in row}
    asked = [(process, row) for process, row in rows if f"/namespaces/{shop.namespace}" in row["message"]]
    assert {process for process, _ in asked} == {"worker"}
    assert len([row for _, row in asked if row["message"].startswith("PATCH ")]) >= 2, "written by the pool's threads"
    assert all({**row, **own, "delivery": delivery} == row for _, row in asked)
    of_the_forge = [(process, row) for process, row in rows if f"/repos/{shop.name}/" in row["message"]]
    assert {process for process, _ in of_the_forge} >= {"worker", "reporter"}
    assert {row["deployment"] for _, row in of_the_forge if "letter" in row} == {number}
    assert all(row["repository"] == shop.repository for _, row in of_the_forge)
    came = [row for process, row in rows if process == "web" and row.get("delivery") == delivery]
    assert came, "the front door's line"
    assert {(row["repository"], row["forge"], len(row["id_at_forge"])) for row in came} == {
        (shop.repository, "github", 36)
    }
