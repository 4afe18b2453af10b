"""`pushboat sources lock`: what renders fetch is written down once, and stays until somebody asks for newer."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.config import locked
from pushboat.model.outside import Locked
from tests.cli.conftest import Pushboat
from tests.fakes.bare import Bare
from tests.fakes.base_host import BaseHost
from tests.fakes.chart_host import ChartHost, archive
from workers.source.outside.keeping import digest_of

pytestmark = pytest.mark.usefixtures("helm")


@pytest.fixture
def charts() -> Iterator[ChartHost]:
    """A host with a chart in three versions, in a registry and in a repository."""
    host = ChartHost()
    for version in ("6.7.0", "6.7.1+up.2", "7.0.0"):
        host.push("team", "podinfo", version, archive("podinfo", version))
        host.publish(
            "podinfo", version, archive("podinfo", version), f"https://127.0.0.1:9/files/podinfo-{version}.tgz"
        )
    for version in ("6.7.0", "6.7.1+up.2", "7.0.0"):  # where Helm finds them
        host.publish("redis", version, archive("redis", version))
    yield host
    host.close()


@pytest.fixture
def shop(tmp_path: Path, charts: ChartHost) -> Path:
    """A repository whose chart needs both, beside one that no environment uses."""
    root = tmp_path / "shop"
    (root / "deploy").mkdir(parents=True)
    (root / "old").mkdir()
    (root / ".pushboat.yaml").write_text("environments:\n  staging: {branch: main, path: deploy}\n")
    write(root, f"{charts.registry}/team", "^6.7", f"{charts.url}/stable")
    (root / "old" / "Chart.yaml").write_text(
        "apiVersion: v2\nname: old\nversion: 1.0.0\ndependencies:\n  - {name: gone, version: 1, repository: '@gone'}\n"
    )
    return root


def write(root: Path, registry: str, asked: str, repository: str) -> None:
    """Write the chart that needs two others."""
    (root / "deploy" / "Chart.yaml").write_text(
        "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n"
        f"  - {{name: podinfo, version: '{asked}', repository: '{registry}'}}\n"
        f"  - {{name: redis, version: '6.7.0', repository: '{repository}'}}\n"
        "  - {name: local, version: 1.0.0, repository: 'file://../local'}\n"
    )


def versions(root: Path) -> dict[str, str]:
    """Read what is locked, by the charts' names."""
    return {each.outside.name: each.version for each in locked.parse((root / ".pushboat.lock").read_bytes()).values()}


def test_charts_are_locked_by_digest(shop: Path, charts: ChartHost, pushboat: Pushboat) -> None:
    """The newest in the range, with its digest and where it stands; what no environment uses is nobody's business."""
    done = pushboat("sources", "lock", shop)
    assert done.returncode == 0, done.stderr
    found = {each.outside.name: each for each in locked.parse((shop / ".pushboat.lock").read_bytes()).values()}
    assert versions(shop) == {"podinfo": "6.7.1+up.2", "redis": "6.7.0"}
    assert found["podinfo"].digest == digest_of(archive("podinfo", "6.7.1+up.2"))
    assert found["redis"].at == f"{charts.url}/stable/redis-6.7.0.tgz"
    assert "let your operator list" in done.stderr


def test_what_is_locked_stays(shop: Path, charts: ChartHost, pushboat: Pushboat) -> None:
    """A newer one in the range changes nothing until I ask for it; a new range does."""
    pushboat("sources", "lock", shop)
    charts.push("team", "podinfo", "6.8.0", archive("podinfo", "6.8.0"))
    assert pushboat("sources", "lock", shop).returncode == 0
    assert versions(shop)["podinfo"] == "6.7.1+up.2"
    done = pushboat("sources", "lock", "--upgrade", "podinfo", "--json", shop)
    assert {each["name"]: each["version"] for each in json.loads(done.stdout)} == {"podinfo": "6.8.0", "redis": "6.7.0"}
    write(shop, f"{charts.registry}/team", "^7", f"{charts.url}/stable")
    assert pushboat("sources", "lock", "--check", shop).returncode == 1
    assert pushboat("sources", "lock", shop).returncode == 0
    assert versions(shop)["podinfo"] == "7.0.0"
    assert pushboat("sources", "lock", "--check", shop).returncode == 0


def test_what_cannot_be_had_is_told(shop: Path, charts: ChartHost, pushboat: Pushboat) -> None:
    """No version in the range, a host that is gone, an address that is none: a sentence, and no file half written."""
    write(shop, f"{charts.registry}/team", ">= 99", f"{charts.url}/stable")
    done = pushboat("sources", "lock", shop)
    assert done.returncode == 3
    assert "chart podinfo >= 99 of oci://" in done.stderr
    write(shop, "oci://127.0.0.1:9/team", "^6", f"{charts.url}/stable")
    assert pushboat("sources", "lock", shop).returncode == 3
    write(shop, "@team", "^6", f"{charts.url}/stable")
    done = pushboat("sources", "lock", shop)
    assert done.returncode == 1
    assert "deploy/Chart.yaml:5: the `repository` of podinfo must begin with oci:// or https://" in done.stderr
    assert not (shop / ".pushboat.lock").exists()


@pytest.fixture
def bases(tmp_path: Path) -> Iterator[BaseHost]:
    """A host with a repository of bases, one of which builds upon another repository, and a file."""
    (tmp_path / "hosted").mkdir()
    host = BaseHost(tmp_path / "hosted")
    third = host.repository("team/third")
    third.commit("main", {"kustomization.yaml": "resources: [a.yaml]"}, "Begin")
    base = host.repository("team/base")
    asked = f"resources: [{host.url}/team/third.git]\n"
    base.commit("main", {"kit/kustomization.yaml": asked, "other/kustomization.yaml": "resources: ['x:y']"}, "Begin")
    base.git("tag", "--annotate", "-m", "One", "v1", "refs/heads/main")
    host.files["far.yaml"] = b"a: b\n"
    yield host
    host.close()


def of_bases(root: Path) -> dict[str, Locked]:
    """Read what is locked, by what is asked for."""
    found = locked.parse((root / ".pushboat.lock").read_bytes()).values()
    return {f"{each.outside.address.rpartition('/')[2]} {each.outside.asked}".strip(): each for each in found}


def test_bases_are_locked_with_what_they_build_upon(tmp_path: Path, bases: BaseHost, pushboat: Pushboat) -> None:
    """A tag becomes its commit, a file its digest, and a base's base is locked too; moved tags stay until asked."""
    root = tmp_path / "shop"
    (root / "deploy").mkdir(parents=True)
    (root / ".pushboat.yaml").write_text("environments:\n  staging: {branch: main, path: deploy}\n")
    text = f"resources:\n- {bases.url}/team/base//kit?ref=v1\n- {bases.url}/far.yaml\n"
    (root / "deploy" / "kustomization.yaml").write_text(text)
    done = pushboat("sources", "lock", root)
    assert done.returncode == 0, done.stderr
    found, base = of_bases(root), Bare(tmp_path / "hosted" / "team" / "base.git")
    assert set(found) == {"base v1", "third", "far.yaml"}
    assert found["base v1"].digest == base.resolve("refs/heads/main")
    assert found["base v1"].at == f"{bases.url}/team/base.git", "where no redirect is needed"
    assert found["far.yaml"].digest == digest_of(b"a: b\n")
    assert pushboat("sources", "lock", "--check", root).returncode == 0

    moved = base.commit("main", {"kit/kustomization.yaml": "resources: []"}, "Newer")
    base.git("tag", "--force", "v1", moved)
    assert pushboat("sources", "lock", root).returncode == 0
    assert of_bases(root)["base v1"] == found["base v1"]
    done = pushboat("sources", "lock", "--upgrade", "all", root)
    assert of_bases(root)["base v1"].digest == moved
    assert f"(was {found['base v1'].digest[:19]})" in done.stdout
    assert "third" not in of_bases(root), "nobody builds upon it any more"


def test_a_base_that_is_not_there_is_told(tmp_path: Path, bases: BaseHost, pushboat: Pushboat) -> None:
    """No such ref, no such repository, a word with two meanings: a sentence with its place, and no file."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / ".pushboat.yaml").write_text("environments:\n  staging: {branch: main, path: .}\n")
    for word, code, told in (
        (f"{bases.url}/team/base//kit?ref=v9", 3, "at v9: there is no such branch or tag"),
        (f"{bases.url}/team/none//kit?ref=v1", 3, "/team/none"),
        (f"{bases.url}/team/base", 1, "kustomization.yaml:1: 'http"),
        (f"{bases.url}/gone.yaml", 3, "404"),
    ):
        (root / "kustomization.yaml").write_text(f"resources: ['{word}']\n")
        done = pushboat("sources", "lock", root)
        assert (done.returncode, told in done.stderr) == (code, True), done.stderr
        assert not (root / ".pushboat.lock").exists()
