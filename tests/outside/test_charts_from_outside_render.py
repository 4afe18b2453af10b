"""A chart that depends on one from a registry renders as if it were vendored, and never on anybody's word alone."""

from pathlib import Path

import pytest

from pushboat.config.environment import Environment
from pushboat.config.sources import Source
from pushboat.errors import RenderFailed
from pushboat.model.outside import CHART, Locked, Outside
from tests.fakes.chart_host import ChartHost, archive
from tests.written import config_map
from workers.render.choosing import Rendered, render
from workers.source.checkout import CheckedOut
from workers.source.outside.fetching import bringing
from workers.source.outside.words import Bring, nothing

ENVIRONMENT = Environment(name="staging", cluster="dev", namespaces=("shop",), namespace="shop", path="deploy")
REDIS = archive("redis", "18.1.0", {"all.yaml": config_map("redis")})


@pytest.fixture(autouse=True)
def real_helm(helm: Path) -> Path:
    """The pinned Helm."""
    return helm


def rendered(folder: Path, address: str, bring: Bring, asked: str = "^18") -> Rendered:
    """Render a chart of the repository that depends on one from elsewhere."""
    chart = folder / "checkout" / "deploy"
    chart.mkdir(parents=True, exist_ok=True)
    need = f"  - {{name: redis, version: '{asked}', repository: '{address}'}}\n"
    (chart / "Chart.yaml").write_text(f"apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n{need}")
    out = CheckedOut(root=chart.parent, folder="deploy", sha="a" * 40, files=("deploy/Chart.yaml",))
    return render(out, ENVIRONMENT, "github/acme/shop", bring=bring)


def locked_at(address: str, digest: str, asked: str = "^18") -> dict[Outside, Locked]:
    """A lock file of one chart."""
    outside = Outside(kind=CHART, address=address, name="redis", asked=asked)
    return {outside: Locked(outside=outside, version="18.1.0", digest=digest)}


def test_a_locked_chart_is_rendered(charts: ChartHost, folder: Path, tmp_path: Path) -> None:
    """What the registry has under the digest becomes objects, in whatever letters the address is written."""
    digest = charts.push("team", "redis", "18.1.0", REDIS)
    bring = bringing(locked_at(f"{charts.registry}/team", digest), [Source(address=charts.registry)], folder)
    made = rendered(tmp_path, f"{charts.registry.replace('oci', 'OCI')}/team/", bring)
    assert [each.ref.name for each in made.manifests] == ["redis"]


def test_without_a_lock_nothing_is_asked(charts: ChartHost, folder: Path, tmp_path: Path) -> None:
    """A range is no promise: the line of Chart.yaml is named, and what to run; so is a range that has changed."""
    digest = charts.push("team", "redis", "18.1.0", REDIS)
    stale = bringing(locked_at(f"{charts.registry}/team", digest, "^17"), [Source(address=charts.registry)], folder)
    with pytest.raises(
        RenderFailed, match=r"deploy/Chart.yaml:5: chart redis \^18 of oci://.* is not locked: run `push"
    ):
        rendered(tmp_path, f"{charts.registry}/team", stale)
    with pytest.raises(RenderFailed, match=r"is outside of this repository: run `pushboat sources lock` and commit"):
        rendered(tmp_path, f"{charts.registry}/team", nothing)
    assert not charts.requests


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("@stable", "must begin with oci:// or https://"),
        ("http://charts.example.com", "is plain http"),
        ("https://u:p@charts.example.com", "must not have credentials in it"),
        ("", "must begin with oci:// or https://"),
    ],
)
def test_an_address_that_is_none_is_told_with_its_line(tmp_path: Path, address: str, words: str) -> None:
    """An alias of somebody's machine, clear text, a password: with file and line."""
    with pytest.raises(RenderFailed, match=f"deploy/Chart.yaml:5: `repository` {words}") as refused:
        rendered(tmp_path, address, nothing)
    assert "u:p" not in str(refused.value)


def test_another_chart_under_the_name_is_refused(charts: ChartHost, folder: Path, tmp_path: Path) -> None:
    """A digest of something else, locked by hand, becomes nothing."""
    for content in (archive("valkey", "18.1.0"), b"no archive"):
        digest = charts.push("team", "redis", "18.1.0", content)
        bring = bringing(locked_at(f"{charts.registry}/team", digest), [Source(address=charts.registry)], folder)
        with pytest.raises(RenderFailed, match=r"is no chart of that name|is no archive of a chart"):
            rendered(tmp_path, f"{charts.registry}/team", bring)
