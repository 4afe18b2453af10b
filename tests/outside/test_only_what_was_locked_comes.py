"""What a render needs from outside comes from where the operator allows, once, and only as it was locked."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask

from pushboat.config.sources import Source
from pushboat.errors import ForgeRefused, ForgeUnavailable, RenderFailed
from pushboat.model.outside import CHART, FILE, Locked, Outside
from tests.fakes.chart_host import ChartHost, archive
from tests.fakes.door import Door, Trouble
from workers.source.outside import keeping
from workers.source.outside.fetching import content

PODINFO = archive("podinfo", "6.7.1")


def from_registry(host: ChartHost, digest: str = "") -> Locked:
    """The chart as it stands in the registry."""
    digest = digest or host.push("team", "podinfo", "6.7.1", PODINFO)
    outside = Outside(kind=CHART, address=f"{host.registry}/team", name="podinfo", asked="^6.7")
    return Locked(outside=outside, version="6.7.1", digest=digest)


def from_repository(host: ChartHost, at: str = "") -> Locked:
    """The chart as it stands in the repository with an index."""
    digest = host.publish("podinfo", "6.7.1", PODINFO)
    outside = Outside(kind=CHART, address=f"{host.url}/stable", name="podinfo", asked="^6.7")
    return Locked(outside=outside, version="6.7.1", digest=digest, at=at or f"{host.url}/stable/podinfo-6.7.1.tgz")


def file(host: Door, name: str, digest: str) -> Locked:
    """A plain file."""
    return Locked(outside=Outside(kind=FILE, address=f"{host.url}/{name}"), digest=digest)


def open_to(*addresses: str) -> tuple[Source, ...]:
    """The operator's list, without logins."""
    return tuple(Source(address=each) for each in addresses)


@pytest.mark.parametrize("way", [from_registry, from_repository])
def test_a_chart_comes_once(charts: ChartHost, folder: Path, way: object) -> None:
    """The second render of the same chart asks nobody, and two at once get the same bytes."""
    locked = from_registry(charts) if way is from_registry else from_repository(charts)
    allowed = open_to(charts.registry, charts.url)
    assert content(locked, allowed, folder) == PODINFO
    asked = len(charts.requests)
    found: list[bytes] = []
    readers = [threading.Thread(target=lambda: found.append(content(locked, allowed, folder))) for _ in range(4)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    assert found == [PODINFO] * 4
    assert len(charts.requests) == asked


def test_a_closed_registry_gives_a_token_for_the_login(closed: ChartHost, folder: Path) -> None:
    """With the operator's login the chart comes; without, or with another one, the sentence says what is wrong."""
    locked = from_registry(closed)
    login = Source(address=closed.registry, username="robot", password="s3cret-of-the-robot")
    with pytest.raises(ForgeRefused, match="wants another login: correct the one beside its entry in `sources`"):
        content(locked, open_to(closed.registry), folder)
    with pytest.raises(ForgeRefused) as refused:
        content(locked, (Source(address=closed.registry, username="robot", password="wr0ng"),), folder)
    assert "wr0ng" not in str(refused.value)
    assert content(locked, (login,), folder) == PODINFO


def test_a_login_goes_no_further_than_its_entry(closed: ChartHost, charts: ChartHost, folder: Path) -> None:
    """A registry that keeps its blobs elsewhere sends us there; the login stays behind."""
    locked = from_registry(closed)
    charts.files[locked.digest] = PODINFO
    closed.elsewhere = charts.url
    login = Source(address=closed.registry, username="robot", password="s3cret-of-the-robot")
    assert content(locked, (login,), folder) == PODINFO
    assert [each.authorization for each in charts.requests] == [""]


def test_what_is_not_what_was_locked_is_refused(charts: ChartHost, folder: Path) -> None:
    """Somebody replaced the archive under its name: nothing of it is kept or rendered, and I am told both digests."""
    locked = from_repository(charts)
    charts.files["stable/podinfo-6.7.1.tgz"] = other = archive("podinfo", "6.7.1", {"evil.yaml": "kind: Pod\n"})
    came = keeping.digest_of(other)[:19]
    with pytest.raises(RenderFailed, match=f"is not what was locked: {came}… came instead of {locked.digest[:19]}…"):
        content(locked, open_to(charts.url), folder)
    assert not folder.exists() or not list(folder.iterdir())


def test_a_kept_file_that_somebody_bent_is_fetched_anew(charts: ChartHost, folder: Path) -> None:
    """A disk that lost bits, or a neighbour who wrote there, decides nothing."""
    locked, allowed = from_registry(charts), open_to(charts.registry)
    content(locked, allowed, folder)
    (kept,) = folder.iterdir()
    kept.write_bytes(PODINFO[:-1] + b"!")
    assert content(locked, allowed, folder) == PODINFO


@pytest.mark.parametrize(
    "neighbour", ["{registry}/tea", "{registry}/teammates", "{registry}0/team", "oci://other/team"]
)
def test_what_the_operator_does_not_list_is_not_asked(charts: ChartHost, folder: Path, neighbour: str) -> None:
    """A lock file grants nothing, a name that only begins alike neither; the sentence has the line to add."""
    locked = from_registry(charts)
    with pytest.raises(RenderFailed, match=rf"add `sources: \[{charts.registry}/team\]` to pushboat.yaml"):
        content(locked, open_to(neighbour.format(registry=charts.registry)), folder)
    assert not charts.requests


def test_what_was_fetched_is_still_asked_permission_for(charts: ChartHost, folder: Path) -> None:
    """An entry that the operator takes away counts from then on, also for what lies here already."""
    locked = from_registry(charts)
    content(locked, open_to(charts.registry), folder)
    with pytest.raises(RenderFailed, match="does not allow to fetch from there"):
        content(locked, (), folder)


def test_a_digest_is_no_key_to_what_somebody_else_fetched(charts: ChartHost, closed: ChartHost, folder: Path) -> None:
    """Under an address that is allowed I get what stands there, and nothing that came from a closed one before."""
    login = Source(address=closed.registry, username="robot", password="s3cret-of-the-robot")
    secret = from_registry(closed)
    assert content(secret, (login,), folder) == PODINFO
    for address in (f"{charts.registry}/team", f"{charts.url}/stable"):
        at = f"{charts.url}/stable/x.tgz" if address.startswith("http") else ""
        mine = Locked(outside=replace(secret.outside, address=address), digest=secret.digest, version="6.7.1", at=at)
        with pytest.raises(RenderFailed, match="is not there any more"):
            content(mine, open_to(charts.registry, charts.url), folder)


def test_an_archive_elsewhere_needs_an_entry_of_its_own(charts: ChartHost, closed: ChartHost, folder: Path) -> None:
    """A lock file says where an archive stands: nobody makes Pushboat ask another host by writing it there."""
    locked = from_repository(charts, at=f"{closed.url}/internal/admin?delete=1")
    with pytest.raises(RenderFailed, match=rf"add `sources: \[{closed.url}/internal/admin\]`"):
        content(locked, open_to(charts.url), folder)
    assert not closed.requests


BAD = {
    "plain": ("http://charts.example.com/x", "which is not https"),
    "ftp": ("ftp://charts.example.com/x", "which is not https"),
    "metadata": ("https://169.254.169.254/latest/meta-data", "an address that nobody is asked at"),
    "login": ("https://robot:pw@charts.example.com/x", "where nobody is asked"),
    "round": ("/round", "answers 302"),
    "port": ("https://charts.example.com:99999/x", "sends us to no address"),
    "letters": ("https://charts.example.com:x/", "sends us to no address"),
    "half": ("https://[::1/x", "sends us to no address"),
    "nobody": ("https:///x", "sends us to no address"),
}


@pytest.fixture
def bouncer() -> Iterator[Door]:
    """A host that sends everybody away."""

    def away(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("302 Found", [("Location", BAD[environ["PATH_INFO"][1:]][0])])
        return [b""]

    door = Door(away)
    yield door
    door.close()


@pytest.mark.parametrize("kind", BAD)
def test_redirects_lead_nowhere_bad(bouncer: Door, folder: Path, kind: str) -> None:
    """Out of https, to a cloud's credentials, with a login, or round in circles: no."""
    with pytest.raises((ForgeRefused, ForgeUnavailable), match=BAD[kind][1]):
        content(file(bouncer, kind, f"sha256:{'0' * 64}"), open_to(bouncer.url), folder)


@pytest.mark.parametrize("realm", [BAD[each][0] for each in BAD if each != "round"])
def test_a_registry_that_asks_for_a_token_somewhere_bad_is_refused(realm: str, folder: Path) -> None:
    """Where it sends us for a token is as little to be trusted as where it sends us for a blob."""
    app = Flask("closed")
    words = {"WWW-Authenticate": f'Bearer realm="{realm}",service="x"'}
    app.add_url_rule("/<name>", view_func=lambda name: (name, 401, words))
    door = Door(app.wsgi_app)
    login = Source(address=door.url, username="robot", password="s3cret")
    with pytest.raises((ForgeRefused, ForgeUnavailable)) as refused:
        content(file(door, "x", f"sha256:{'0' * 64}"), (login,), folder)
    assert "s3cret" not in str(refused.value)
    door.close()


def test_a_host_that_is_down_is_the_worlds_fault(charts: ChartHost, folder: Path) -> None:
    """A commit is not to blame when a registry answers 503 or hangs up; what is gone for good is told so."""
    locked, allowed = from_registry(charts), open_to(charts.registry)
    for status in (503, 0):
        charts.troubles.append(Trouble(status=status))
        with pytest.raises(ForgeUnavailable):
            content(locked, allowed, folder)
    with pytest.raises(RenderFailed, match="is not there any more: lock another version"):
        content(from_registry(charts, f"sha256:{'1' * 64}"), allowed, folder)


def test_what_nobody_reads_goes(charts: ChartHost, folder: Path) -> None:
    """Long after its last use a file is gone from the disk, and comes back when it is needed."""
    charts.files["crds.yaml"] = crds = b"kind: List\n"
    locked = file(charts, "crds.yaml", f"sha256:{hashlib.sha256(crds).hexdigest()}")
    content(locked, open_to(charts.url), folder)
    assert keeping.remove_unread(folder, longest=3600.0) == 0
    assert keeping.remove_unread(folder, longest=-1.0) == 1
    assert content(locked, open_to(charts.url), folder) == crds
