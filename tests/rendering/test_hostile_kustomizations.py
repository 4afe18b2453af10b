"""What a kustomization must not ask for is refused with file and line, before kustomize runs."""

from pathlib import Path

import pytest

from pushboat.errors import RenderFailed
from tests.rendering.conftest import Render, environment
from workers.render.choosing import render
from workers.render.kustomize.judging import judge
from workers.source.checkout import CheckedOut

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"

REMOTE = {
    "a URL": "resources:\n- http://127.0.0.1:18999/x.yaml",
    "a URL in capitals": "resources:\n- HTTPS://example.com/x.yaml",
    "a forge": "resources:\n- github.com/acme/shop//deploy?ref=v1",
    "git over ssh": "bases:\n- git@github.com:acme/shop.git",
    "an ssh URL": "resources:\n- ssh://git@example.com/shop",
    "a git prefix": "components:\n- git::https://example.com/x",
    "a short name of GitHub": "resources:\n- gh:acme/shop",
    "a registry": "resources:\n- oci://example.com/x",
    "a query": "resources:\n- example.com/acme/shop?ref=main",
    "a field in capitals": "RESOURCES:\n- https://example.com/x.yaml",
    "a schema": "crds:\n- https://example.com/crd.json",
    "an open api": "openapi:\n  path: https://example.com/schema.json",
    "a patch": "patches:\n- path: https://example.com/p.yaml",
    "an old patch": "patchesStrategicMerge:\n- https://example.com/p.yaml",
    "an old json patch": "patchesJson6902:\n- {path: 'https://example.com/p.yaml', target: {kind: A, name: b}}",
    "a replacement": "replacements:\n- path: https://example.com/r.yaml",
    "a configuration": "configurations:\n- https://example.com/c.yaml",
    "a generator": "generators:\n- https://example.com/g.yaml",
    "a transformer": "transformers:\n- https://example.com/t.yaml",
    "a validator": "validators:\n- https://example.com/v.yaml",
    "a generator's file": "configMapGenerator:\n- name: x\n  files: [key=https://example.com/secret]",
    "a generator's env": "secretGenerator:\n- name: x\n  envs: ['http://169.254.169.254/latest/meta-data']",
    "an alias": "x: &u https://example.com/x\nresources: [*u]",
}


UNLOCKED = ("a URL", "a URL in capitals", "a forge", "git over ssh", "a field in capitals")
UNCLEAR = ("an ssh URL", "a git prefix", "a short name of GitHub", "a registry", "a query", "an alias")


@pytest.mark.parametrize("name", REMOTE)
def test_nothing_is_fetched_from_elsewhere(name: str, rendered: Render) -> None:
    """A kustomization cannot make Pushboat call addresses inside our network: each word is told what it takes."""
    told = "is not in this repository: copy it here, only resources, components and charts may come"
    if name in UNLOCKED:
        told = "is outside of this repository: run `pushboat sources lock`"
    if name in UNCLEAR:
        told = "write https://HOST/REPOSITORY//FOLDER"
    with pytest.raises(RenderFailed, match=rf"^deploy/kustomization\.yaml:\d+:\d+: .*{told}"):
        rendered({"deploy/kustomization.yaml": REMOTE[name]})


def test_a_remote_base_of_a_base_is_found(rendered: Render) -> None:
    """Hiding the URL two folders away does not help."""
    files = {
        "deploy/kustomization.yaml": "resources: [../middle]",
        "middle/kustomization.yaml": "components: [../base]",
        "base/kustomization.yaml": "# first\nresources:\n- https://example.com/x.yaml",
    }
    with pytest.raises(RenderFailed, match=r"^base/kustomization\.yaml:3:3: file https://example\.com/x\.yaml is"):
        rendered(files)


def test_a_plugin_file_that_reaches_out_is_found(rendered: Render) -> None:
    """A transformer in a file of its own is read as well."""
    plugin = "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\npath: http://example.com/p.yaml\n"
    with pytest.raises(RenderFailed, match=r"^deploy/t\.yaml:4:7: 'http://example\.com/p\.yaml'"):
        rendered({"deploy/kustomization.yaml": "transformers: [t.yaml]", "deploy/t.yaml": plugin})


@pytest.mark.parametrize(
    "text",
    [
        "generators: [g.yaml]",
        "transformers:\n- |-\n  metadata: {annotations: {config.kubernetes.io/function: 'exec: {path: ./x}'}}",
    ],
)
def test_functions_are_refused(text: str, rendered: Render) -> None:
    """A kustomization runs no program and no container."""
    function = "metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      container: {image: x}\n"
    with pytest.raises(
        RenderFailed, match=r"deploy/\w+\.yaml:\d:\d: functions \(containers, programs\) are not supported"
    ):
        rendered({"deploy/kustomization.yaml": text, "deploy/g.yaml": function})


def test_words_that_look_like_urls_are_fine(rendered: Render) -> None:
    """URLs in annotations, literals, labels, images and inline patches are nobody's business."""
    text = (
        "resources: [a.yaml]\ncommonAnnotations: {docs: 'https://example.com'}\n"
        "images: [{name: x, newName: registry.example/x, digest: 'sha256:" + "0" * 64 + "'}]\n"
        "configMapGenerator:\n- name: urls\n  literals: ['API=https://example.com/?ref=1']\n"
        "patches:\n- target: {kind: ConfigMap, name: a}\n  patch: |-\n"
        "    - {op: add, path: /data, value: {u: 'https://example.com'}}\n"
    )
    made = rendered({"deploy/a.yaml": CONFIG, "deploy/kustomization.yaml": text})
    assert {manifest.ref.name.partition("-")[0] for manifest in made.manifests} == {"a", "urls"}


def test_kustomize_does_not_leave_its_folder(rendered: Render, tmp_path: Path) -> None:
    """Files outside of what was checked out stay unread, by path and by link."""
    secret = tmp_path / "secret.yaml"
    secret.write_text(CONFIG + "data: {password: hunter2}\n")
    for path in ("../../secret.yaml", str(secret), "/etc/passwd"):
        with pytest.raises(RenderFailed) as caught:
            rendered({"deploy/kustomization.yaml": f"resources: ['{path}']"})
        assert "hunter2" not in caught.value.summary + caught.value.details
        assert "root:" not in caught.value.summary + caught.value.details


def test_bases_in_a_circle_are_told(rendered: Render) -> None:
    """Two kustomizations that build upon each other end with an error, not with a hanging worker."""
    with pytest.raises(RenderFailed, match="cycle"):
        rendered({"deploy/kustomization.yaml": "resources: [../b]", "b/kustomization.yaml": "resources: [../deploy]"})


def test_an_alias_bomb_in_a_kustomization_is_refused(tmp_path: Path) -> None:
    """A kustomization is guarded like any other YAML."""
    (tmp_path / "kustomization.yaml").write_text("x: &x [*x]\n")
    with pytest.raises(Exception, match="an alias that holds itself"):
        judge(tmp_path, "")


def test_a_link_that_was_left_out_is_named(tmp_path: Path) -> None:
    """When a kustomization needs a file that was a link in the commit, the error says so."""
    (tmp_path / "kustomization.yaml").write_text("configMapGenerator: [{name: x, files: [shop.properties]}]\n")
    why = {"shop.properties": "shop.properties is a symbolic link (to /etc/shop) that leads out of the repository"}
    out = CheckedOut(root=tmp_path, folder="", sha="a" * 40, files=("kustomization.yaml",), left_out=why)
    with pytest.raises(RenderFailed, match=r"^kustomization\.yaml:1:40: shop\.properties is a symbolic link .* rep"):
        render(out, environment("."))
