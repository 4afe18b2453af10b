"""My chart or overlay needs what lies elsewhere: locked and listed by my operator, it is deployed, else refused."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pushboat.config import locked
from pushboat.model.outside import BASE, CHART, Locked, Outside
from tests.cluster_view import ClusterView
from tests.fakes.base_host import BaseHost
from tests.fakes.chart_host import ChartHost, archive
from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file, unused
from tests.written import config_map


@pytest.fixture
def charts() -> Iterator[ChartHost]:
    """A registry that knows one robot."""
    host = ChartHost(login=("robot", "s3cret-of-the-robot"))
    yield host
    host.close()


@pytest.fixture
def bases(tmp_path: Path) -> Iterator[BaseHost]:
    """A host of other people's repositories."""
    (tmp_path / "bases").mkdir()
    host = BaseHost(tmp_path / "bases", login=("robot", "s3cret-of-the-robot"))
    yield host
    host.close()


@pytest.fixture
def shop(
    tmp_path: Path,
    kubeconfig: Path,
    forges: Mapping[str, FakeForge],
    cluster: ClusterView,
    charts: ChartHost,
    bases: BaseHost,
    helm: Path,
) -> Iterator[Shop]:
    """A repository whose operator lists one team of each host, with the robot's login."""
    robot = {"username": "robot", "password": {"env": "ROBOT"}}
    allowed = [{"url": f"{charts.registry}/team/*", **robot}, {"url": f"{bases.url}/team/*", **robot}]
    github = {"github": forges["github"]}
    operator = operators_file(kubeconfig, github, {"sources": allowed}, shops={"github": 1})
    served = Served.start(tmp_path / "pushboat", operator, {**environ_of(github), "ROBOT": "s3cret-of-the-robot"})
    name = unused(served, "github", forges["github"].projects)
    forges["github"].create_repository(name)
    forges["github"].connect(name, f"{served.url}/webhooks/github")
    yield Shop(forge=forges["github"], forge_name="github", name=name, served=served, cluster=cluster)
    served.stop()


def files(registry: str, digest: str) -> dict[str, str]:
    """A chart of its own that needs redis, and the lock file that pins it."""
    outside = Outside(kind=CHART, address=registry, name="redis", asked="^18")
    need = f"  - {{name: redis, version: ^18, repository: '{registry}'}}\n"
    return {
        "deploy/Chart.yaml": f"apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n{need}",
        "deploy/templates/shop.yaml": config_map("shop"),
        ".pushboat.lock": locked.written([Locked(outside=outside, version="18.1.0", digest=digest)]),
    }


def test_a_chart_from_outside_is_deployed(shop: Shop, charts: ChartHost) -> None:
    """Both charts' objects run; a registry that is gone afterwards stops nobody; what is not listed is refused."""
    digest = charts.push("team", "redis", "18.1.0", archive("redis", "18.1.0", {"all.yaml": config_map("redis")}))
    pushed = files(f"{charts.registry}/team", digest)
    first = shop.ended(shop.push(pushed))
    assert (first["state"], first["objects"]["created"]) == ("succeeded", 2), first["reason"]
    charts.down = True
    second = shop.ended(shop.push({**pushed, "deploy/templates/more.yaml": config_map("more")}))
    assert (second["state"], second["objects"]["created"]) == ("succeeded", 1), second["reason"]
    third = shop.ended(shop.push(files(f"{charts.registry}/others", digest)))
    assert third["state"] == "failed"
    assert f"sources: [{charts.registry}/others]" in third["reason"]
    assert third["reason"].startswith("deploy/Chart.yaml:5: chart redis")
    assert "s3cret" not in shop.served.log.read_text()


def overlay(bases: BaseHost, sha: str, name: str = "our-") -> dict[str, str]:
    """An overlay of a base that lies elsewhere, and the lock file that pins it."""
    outside = Outside(kind=BASE, address=f"{bases.url}/team/base", asked="v1")
    return {
        "deploy/kustomization.yaml": f"resources: ['{outside.address}.git//kit?ref=v1']\nnamePrefix: {name}\n",
        ".pushboat.lock": locked.written([Locked(outside=outside, digest=sha, at=f"{outside.address}.git")]),
    }


def test_a_base_from_outside_is_deployed(shop: Shop, bases: BaseHost) -> None:
    """What is locked runs; a moved pin is deployed, what does not touch it is not; another team's is refused."""
    base = bases.repository("team/base")
    kit = {"kit/kustomization.yaml": "resources: [web.yaml]", "kit/web.yaml": config_map("web")}
    first_sha = base.commit("main", kit, "Begin")
    next_sha = base.commit("main", {"kit/web.yaml": config_map("web", a="b")}, "Newer")
    first = shop.ended(shop.push(overlay(bases, first_sha)))
    assert (first["state"], first["objects"]["created"]) == ("succeeded", 1), first["reason"]
    moved = shop.ended(shop.push(overlay(bases, next_sha)))
    assert (moved["state"], moved["objects"]["configured"]) == ("succeeded", 1), moved["reason"]
    bases.down = True
    same = shop.ended(shop.push({"README.md": "Hello"}))
    assert same["reason"].startswith("unchanged, same tree as ")
    named = shop.ended(shop.push(overlay(bases, next_sha, name="their-")))
    assert (named["state"], named["objects"]["created"]) == ("succeeded", 1), named["reason"]
    assert "s3cret" not in shop.served.log.read_text()
