"""A kustomization builds upon other repositories: locked by a commit, allowed by the operator, as if it lay here."""

import subprocess
from pathlib import Path

import pytest

from pushboat.errors import DeploymentFailed
from pushboat.model.outside import BASE, FILE, Locked, Outside
from tests.rendering.elsewhere import BASE_FILES, Elsewhere, Rendering, elsewhere, rendered, write
from tests.written import config_map
from workers.render.kustomize.building import build
from workers.render.kustomize.localising import Supply, localise
from workers.render.kustomize.naming import Names
from workers.render.referring import REFERENCES
from workers.render.renderers import KUSTOMIZE, find
from workers.source.outside.keeping import digest_of

__all__ = ["elsewhere", "rendered"]

pytestmark = pytest.mark.programs

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
