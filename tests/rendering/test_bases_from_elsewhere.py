"""A kustomization builds upon other repositories: locked by a commit, allowed by the operator, as if it lay here."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pushboat.config.environment import Environment
from pushboat.config.sources import Source
from pushboat.errors import DeploymentFailed, ForgeRefused, ForgeUnavailable
from pushboat.model.outside import BASE, FILE, Locked, Outside
from pushboat.model.remote import Remote
from tests.fakes.bare import Bare, Link
from tests.fakes.base_host import BaseHost
from tests.rendering.conftest import environment
from tests.written import config_map
from workers.render.choosing import Rendered, render
from workers.render.kustomize.building import build
from workers.render.kustomize.localising import Supply, localise
from workers.render.kustomize.naming import Names
from workers.render.referring import REFERENCES
from workers.render.renderers import KUSTOMIZE, find
from workers.source.bases import Ours, planting
from workers.source.checkout import CheckedOut
from workers.source.outside.fetching import bringing
from workers.source.outside.keeping import digest_of
from workers.source.outside.words import Bring
from workers.source.planted import Plant

pytestmark = pytest.mark.programs

BASE_FILES = {
    "kit/kustomization.yaml": "resources: [web.yaml, ../more]\nconfigMapGenerator: [{name: made, literals: [a=b]}]\n",
    "kit/web.yaml": config_map("web"),
    "more/kustomization.yaml": "resources: [more.yaml]\nnamePrefix: more-\n",
    "more/more.yaml": config_map("more"),
    "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -part\n",
    "kustomization.yaml": "resources: [kit]\n",
}


class Elsewhere:
    """A host with a repository of bases, what is locked of it, and who may fetch."""

    def __init__(self, tmp_path: Path) -> None:
        (tmp_path / "theirs").mkdir()
        self.host = BaseHost(tmp_path / "theirs")
        self.bare: Bare = self.host.repository("team/base")
        self.sha = self.bare.commit("main", BASE_FILES, "Begin")
        self.sources: list[Source] = [Source(address=self.host.url)]
        self.lock: dict[Outside, Locked] = {}
        self._tmp = tmp_path

    @property
    def address(self) -> str:
        """The repository's, as everybody compares it."""
        return f"{self.host.url}/team/base"

    def locked(self, asked: str = "v1", sha: str = "", at: str = "") -> None:
        """Lock the base at a ref."""
        outside = Outside(kind=BASE, address=self.address, asked=asked)
        self.lock[outside] = Locked(outside=outside, digest=sha or self.sha, at=at or f"{self.address}.git")

    @property
    def bring(self) -> Bring:
        """What brings files."""
        return bringing(self.lock, self.sources, self._tmp / "kept")

    @property
    def plant(self) -> Plant:
        """What brings bases."""
        return planting(self.lock, self.sources, self._tmp / "caches")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    """The other repository, locked at v1."""
    made = Elsewhere(tmp_path)
    made.locked()
    yield made
    made.host.close()


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        at = root / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)
    return root


Rendering = Callable[..., Rendered]


@pytest.fixture
def rendered(elsewhere: Elsewhere, tmp_path: Path) -> Rendering:
    """Render the folder `over` as a deployment does."""

    def act(files: Mapping[str, str], of: Environment | None = None) -> Rendered:
        root = write(tmp_path / "ours", files)
        out = CheckedOut(root=root, folder="over", sha="a" * 40, files=tuple(sorted(files)))
        return render(out, of or environment("over"), bring=elsewhere.bring, plant=elsewhere.plant)

    return act


URL = "{url}//kit?ref=v1"
OVERLAYS = {
    "a base": "resources:\n  - {url}//kit?ref=v1   # theirs\nnamePrefix: our-\n",
    "the whole repository": "resources: ['{url}.git?ref=v1']\nnamespace: shop\n",
    "a folder behind .git": 'resources: ["{url}.git/more?version=v1", own.yaml]\n',
    "the old field": "bases:\n- git::{url}//more?ref=v1&timeout=90s\n",
    "a component": "resources: [own.yaml]\ncomponents: [{url}//part?ref=v1]\n",
    "two of one": "resources: [{url}//kit?ref=v1, own.yaml]\ncomponents: [{url}//part?ref=v1]\n",
    "a patch over it": "resources: [{url}//kit?ref=v1]\npatches:\n"
    "- patch: '{{apiVersion: v1, kind: ConfigMap, metadata: {{name: web}}, data: {{c: d}}}}'\n",
}


@pytest.mark.parametrize("name", OVERLAYS)
def test_it_is_built_as_kustomize_builds_it_from_a_folder(name: str, elsewhere: Elsewhere, tmp_path: Path) -> None:
    """To the last byte what kustomize makes by hand where somebody copied the other repository beside mine."""
    text = OVERLAYS[name].format(url=elsewhere.address)
    own = {"over/own.yaml": config_map("own")}
    ours = write(tmp_path / "ours", {"over/kustomization.yaml": text, **own})
    localise(ours, "over", Supply(bring=elsewhere.bring, plant=elsewhere.plant, references=REFERENCES), Names())
    theirs = write(tmp_path / "hand", {f"copied/{path}": content for path, content in BASE_FILES.items()} | own)
    for query in (".git?ref=v1", "?ref=v1&timeout=90s", "?ref=v1", "?version=v1"):
        text = text.replace(query, "")
    text = text.replace(f"{elsewhere.address}.git/", "../copied/").replace(f"git::{elsewhere.address}", "../copied")
    write(theirs, {"over/kustomization.yaml": text.replace(elsewhere.address, "../copied")})
    assert build(ours, "over").text == by_hand(theirs / "over")


def by_hand(folder: Path) -> str:
    """What kustomize itself says."""
    found = find(KUSTOMIZE, {})
    assert found
    return subprocess.run([*found.argv, str(folder)], check=True, capture_output=True, text=True).stdout


def test_what_came_is_called_by_its_name(elsewhere: Elsewhere, rendered: Rendering) -> None:
    """Places say repository, commit, file and line; what I wrote below and beside the address keeps its own."""
    shown = f"{elsewhere.address.removeprefix('http://')}@{elsewhere.sha[:7]}"
    made = rendered(
        {
            "over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1, own.yaml]\n",
            "over/own.yaml": config_map("own"),
        }
    )
    places = {each.ref.name.partition("-")[0]: each.place for each in made.manifests}
    assert places["web"] == f"{shown}//kit/web.yaml:1"
    assert places["more"] == f"{shown}//more/more.yaml:1"
    assert places["own"] == "over/own.yaml:1"
    web = next(each for each in made.manifests if each.ref.name == "web")
    assert web.place_of(("metadata", "name")).startswith(f"{shown}//kit/web.yaml:")
    elsewhere.locked(sha=elsewhere.bare.commit("main", {"kit/web.yaml": "a: [\n"}, "Break"))
    with pytest.raises(DeploymentFailed, match=r"^127\.0\.0\.1:\d+/team/base@[0-9a-f]{7}//kit/web\.yaml:2"):
        rendered({"over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1]\n"})


def test_no_place_of_ours_is_written_into_objects(elsewhere: Elsewhere, rendered: Rendering) -> None:
    """kustomize would annotate objects with where it found them: that is no place that anybody else has."""
    text = f"resources: [{elsewhere.address}//kit?ref=v1]\nbuildMetadata: [managedByLabel, originAnnotations]\n"
    with pytest.raises(DeploymentFailed, match=r"^over/kustomization\.yaml:2:33: originAnnotations would write"):
        rendered({"over/kustomization.yaml": text})
    assert rendered({"over/kustomization.yaml": text.replace(", originAnnotations", "")}).manifests


def test_a_line_keeps_its_columns(elsewhere: Elsewhere, rendered: Rendering) -> None:
    """Behind an address on the same line something is wrong: the column is the one that I see in my editor."""
    text = f"resources: [{elsewhere.address}//kit?ref=v1, 'gone.yaml']\n"
    with pytest.raises(DeploymentFailed, match=rf"^over/kustomization\.yaml:1:{text.index(chr(39)) + 1}: gone\.yaml"):
        rendered({"over/kustomization.yaml": text})


def test_a_base_of_a_base_is_locked_as_well(elsewhere: Elsewhere, rendered: Rendering) -> None:
    """Their kustomization asks for a third repository: that one needs its own lock, and is told so."""
    third = elsewhere.host.repository("team/third")
    sha = third.commit("main", {"kustomization.yaml": "resources: [a.yaml]", "a.yaml": config_map("third")}, "Begin")
    text = f"resources:\n- web.yaml\n- {elsewhere.host.url}/team/third.git?ref=v2\n"
    elsewhere.locked(sha=elsewhere.bare.commit("main", {"kit/kustomization.yaml": text}, "Ask"))
    ours = {"over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1]\n"}
    with pytest.raises(
        DeploymentFailed, match=r"//kit/kustomization\.yaml:3:3: base .*/team/third at v2 is not locked"
    ):
        rendered(ours)
    outside = Outside(kind=BASE, address=f"{elsewhere.host.url}/team/third", asked="v2")
    elsewhere.lock[outside] = Locked(outside=outside, digest=sha, at=f"{outside.address}.git")
    assert {each.ref.name for each in rendered(ours).manifests} == {"web", "third"}


def test_one_file_is_fetched_by_its_digest(elsewhere: Elsewhere, rendered: Rendering) -> None:
    """A manifest at an address: what is locked is what is deployed, whatever stands there since."""
    content = config_map("far").encode()
    elsewhere.host.files["crds/far.yaml"] = content
    outside = Outside(kind=FILE, address=f"{elsewhere.host.url}/crds/far.yaml")
    elsewhere.lock[outside] = Locked(outside=outside, digest=digest_of(content))
    ours = {"over/kustomization.yaml": f"resources: [{outside.address}]\n"}
    (made,) = rendered(ours).manifests
    assert (made.ref.name, made.place) == ("far", f"{outside.address.removeprefix('http://')}:1")
    elsewhere.lock[outside] = Locked(outside=outside, digest=digest_of(b"other"))
    with pytest.raises(DeploymentFailed, match=r"kustomization\.yaml:1:13: file .* is not what was locked"):
        rendered(ours)


HOSTILE: Mapping[str, tuple[Mapping[str, str | Link], str]] = {
    "a folder of ours": (
        {"kit/kustomization.yaml": "resources: [../../../secret]"},
        r"//kit/kustomization\.yaml:1:13: '\.\./\.\./\.\./secret' leads out of 127",
    ),
    "a file of ours": (
        {"kit/kustomization.yaml": "configMapGenerator: [{name: x, files: [../../../secret/a.yaml]}]"},
        "lies outside of the folder",
    ),
    "a component of ours": (
        {"kit/kustomization.yaml": "resources: [web.yaml]\ncomponents: [../../../over]"},
        "leads out of 127",
    ),
    "a chart of ours": (
        {"kit/kustomization.yaml": "helmGlobals: {chartHome: ../../../over/charts}\nhelmCharts: [{name: web}]"},
        r"//kit/kustomization\.yaml:1:26: '\.\./\.\./\.\./over/charts' leads out of 127",
    ),
    "a chart put among ours": (
        {
            "kit/kustomization.yaml": "helmGlobals: {chartHome: ../../../over/charts}\n"
            "helmCharts: [{name: far, repo: 'https://charts.example.com'}]"
        },
        r"//kit/kustomization\.yaml:1:26: '\.\./\.\./\.\./over/charts' leads out of 127",
    ),
    "a link out of it": ({"kit/web.yaml": Link("../../../../etc/passwd")}, "web.yaml"),
    "a link to ours": ({"kit/web.yaml": Link("../../../secret/a.yaml")}, "web.yaml"),
    "a pointer": (
        {"kit/web.yaml": f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n"},
        r"//kit/kustomization\.yaml:1:13: kit/web\.yaml is a Git LFS pointer",
    ),
    "a generator that runs": (
        {
            "kit/kustomization.yaml": "generators: [run.yaml]",
            "kit/run.yaml": "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  annotations:\n"
            "    config.kubernetes.io/function: 'exec: {path: /bin/sh}'\n",
        },
        "functions .* are not supported",
    ),
    "an address within": (
        {"kit/kustomization.yaml": "resources: ['http://169.254.169.254/latest/x.yaml']"},
        r"is plain http",
    ),
    "itself": ({"kit/kustomization.yaml": "resources: [../kit]"}, "cycle|circle|twice|itself"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_comes_is_as_little_trusted_as_what_is_pushed(
    name: str, elsewhere: Elsewhere, rendered: Rendering
) -> None:
    """Whoever writes the other repository reads no file of mine and starts nothing here."""
    files, words = HOSTILE[name]
    elsewhere.locked(sha=elsewhere.bare.commit("main", files, "Try"))
    with pytest.raises(DeploymentFailed, match=words):
        rendered(
            {
                "over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1]\n",
                "secret/kustomization.yaml": "resources: [a.yaml]\n",
                "secret/a.yaml": config_map("secret"),
                "over/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
                "over/charts/web/templates/a.yaml": config_map("secret"),
            }
        )


CIRCLES = {
    "itself": {"kit/kustomization.yaml": "resources: [web.yaml, '{url}//kit?ref=v1']\n"},
    "over a folder of its own": {
        "kit/kustomization.yaml": "resources: [../more]\n",
        "more/kustomization.yaml": "resources: ['{url}//kit?ref=v1']\n",
    },
    "over another folder by address": {
        "kit/kustomization.yaml": "components: ['{url}//part?ref=v1']\n",
        "part/kustomization.yaml": "resources: ['{url}.git/kit?ref=v1']\n",
    },
}


CLOSED = r"//\w+/kustomization\.yaml:1:\d+: base .*/team/base at v1 leads to its own folder 'kit' again: remove"


@pytest.mark.parametrize("name", CIRCLES)
def test_a_base_that_leads_to_itself_is_told(name: str, elsewhere: Elsewhere, rendered: Rendering) -> None:
    """By its address, however far around: refused at the word that closes the circle, without going round it."""
    files = {path: text.format(url=elsewhere.address) for path, text in CIRCLES[name].items()}
    elsewhere.locked(sha=elsewhere.bare.commit("main", files, "Circle"))
    with pytest.raises(DeploymentFailed, match=CLOSED) as told:
        rendered({"over/kustomization.yaml": f"resources: [{elsewhere.address}//kit?ref=v1]\n"})
    assert "/.o" not in told.value.summary, "the name of our own place"


def test_many_bases_end(elsewhere: Elsewhere, rendered: Rendering) -> None:
    """A kustomization that names more than anybody builds upon is refused, and no more are brought."""
    content = config_map("far").encode()
    addresses = [f"{elsewhere.host.url}/{number}.yaml" for number in range(51)]
    for each in addresses:
        elsewhere.host.files[each.rpartition("/")[2]] = content
        outside = Outside(kind=FILE, address=each)
        elsewhere.lock[outside] = Locked(outside=outside, digest=digest_of(content))
    with pytest.raises(DeploymentFailed, match="more than 50 bases and files from elsewhere"):
        rendered({"over/kustomization.yaml": f"resources: {addresses}\n"})
    assert len(elsewhere.host.requests) == 50


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
