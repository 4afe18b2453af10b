"""A base is fetched from where the operator allows it, with the login of that place and no other."""

from pathlib import Path

import pytest

from pushboat.config.sources import Source
from pushboat.errors import DeploymentFailed, ForgeRefused, ForgeUnavailable
from pushboat.model.outside import BASE, Locked, Outside
from pushboat.model.remote import Remote
from tests.fakes.base_host import BaseHost
from tests.rendering.elsewhere import Elsewhere, Rendering, elsewhere, rendered
from workers.render.referring import REFERENCES
from workers.source.bases import Ours, planting

__all__ = ["elsewhere", "rendered"]

pytestmark = pytest.mark.programs


def test_who_is_not_allowed_is_not_asked(elsewhere: Elsewhere, rendered: Rendering) -> None:
    """The lock file brings no permission: without the operator's line no connection is made, also for what is here."""
    ours = {"over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1]\n"}
    rendered(ours)
    asked = len(elsewhere.host.requests)
    elsewhere.sources = [Source(address=f"{elsewhere.host.url}/team/ba")]
    with pytest.raises(DeploymentFailed, match=rf"add `sources: \[{elsewhere.address}\]`"):
        rendered(ours)
    elsewhere.sources = [Source(address=elsewhere.address)]
    elsewhere.locked(at=f"{elsewhere.host.url}/team/other.git")
    with pytest.raises(DeploymentFailed, match=r"add `sources: \[.*/team/other\]`"):
        rendered(ours)
    assert len(elsewhere.host.requests) == asked


def test_the_login_goes_to_its_own_place_only(elsewhere: Elsewhere, rendered: Rendering, tmp_path: Path) -> None:
    """A closed host gets the login that stands beside its entry; where it sends us elsewhere, nobody follows."""
    elsewhere.host.login = ("robot", "the-password")
    ours = {"over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1]\n"}
    with pytest.raises((ForgeRefused, ForgeUnavailable, DeploymentFailed)) as refused:
        rendered(ours)
    assert "password" not in str(refused.value)
    elsewhere.sources = [Source(address=elsewhere.host.url, username="robot", password="the-password")]
    assert len(rendered(ours).manifests) == 3
    (tmp_path / "thieves").mkdir()
    thief = BaseHost(tmp_path / "thieves")
    try:
        elsewhere.host.moved = thief.url
        elsewhere.locked(sha=elsewhere.bare.commit("main", {"a": "b"}, "Newer"))
        with pytest.raises((ForgeRefused, ForgeUnavailable)):
            rendered(ours)
        assert thief.requests == []
    finally:
        thief.close()


def test_what_came_with_a_login_is_not_read_without_it(elsewhere: Elsewhere, rendered: Rendering) -> None:
    """A closed repository lies on the disk for another entry: one without its login does not get it from there."""
    elsewhere.host.login = ("robot", "the-password")
    ours = {"over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1]\n"}
    elsewhere.sources = [Source(address=elsewhere.address, username="robot", password="the-password")]
    rendered(ours)
    elsewhere.sources = [Source(address=elsewhere.host.url)]
    with pytest.raises((ForgeRefused, ForgeUnavailable)):
        rendered(ours)


def test_a_repository_of_our_own_forge_goes_by_its_name(elsewhere: Elsewhere, tmp_path: Path) -> None:
    """The operator lists `github/team/base`: it is fetched as that forge is, with its token, and no other is."""
    remote = elsewhere.host.url
    elsewhere.sources = [Source(address="github/team/base")]

    def known(address: str) -> Ours | None:
        path = address.removeprefix(f"{remote}/")
        return Ours(name=f"github/{path}", remote=lambda: Remote(url=f"{address}.git"), caches=tmp_path / "ours")

    plant = planting(elsewhere.lock, elsewhere.sources, tmp_path / "caches", known)
    outside = Outside(kind=BASE, address=elsewhere.address, asked="v1")
    plant(outside, "kit", tmp_path / "here", REFERENCES)
    assert (tmp_path / "here" / "more" / "more.yaml").is_file()
    other = Outside(kind=BASE, address=f"{remote}/team/third", asked="v1")
    elsewhere.lock[other] = Locked(outside=other, digest="a" * 40)
    with pytest.raises(DeploymentFailed, match="the operator does not allow to fetch from there"):
        planting(elsewhere.lock, elsewhere.sources, tmp_path / "caches", known)(other, "", tmp_path / "no", REFERENCES)
