"""A plain folder becomes the objects of its files, in the order of their names."""

import pytest

from pushboat.errors import InvalidManifest, RenderFailed
from tests.rendering.conftest import Render


def _object(name: str, kind: str = "ConfigMap") -> str:
    return f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n"


def test_every_manifest_below_the_folder_is_rendered(rendered: Render) -> None:
    """YAML and JSON files of any depth count; other, hidden and outside files do not."""
    made = rendered(
        {
            "deploy/b.yml": _object("b"),
            "deploy/a/c.YAML": _object("c"),
            "deploy/a.json": '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}',
            "deploy/.hidden.yaml": _object("hidden"),
            "deploy/.github/x.yaml": _object("hidden"),
            "deploy/README.md": "not: yaml: at all",
            "deploy/empty.yaml": "# nothing\n---\n",
            "deployed/x.yaml": _object("outside"),
        }
    )
    assert made.engine == "plain"
    assert [(str(manifest.ref), manifest.place) for manifest in made.manifests] == [
        ("Secret/a", "deploy/a.json:1"),
        ("ConfigMap/c", "deploy/a/c.YAML:1"),
        ("ConfigMap/b", "deploy/b.yml:1"),
    ]


def test_a_yaml_error_names_file_and_line(rendered: Render) -> None:
    """A typo is answered with the place to look at."""
    with pytest.raises(InvalidManifest, match=r"^deploy/a\.yaml:4:10: mapping values are not allowed"):
        rendered({"deploy/a.yaml": "apiVersion: v1\nkind: A\nmetadata:\n  name: a: b\n"})
    with pytest.raises(InvalidManifest, match=r"^deploy/b\.yaml:1:1: this is not UTF-8"):
        rendered({"deploy/a.yaml": _object("a"), "deploy/b.yaml": b"\xffa"})


@pytest.mark.proves("pain-3")
@pytest.mark.parametrize("files", [{}, {"deploy/a.md": "x"}, {"deploy/a.yaml": "---\n"}])
def test_an_empty_folder_is_refused(files: dict[str, str], rendered: Render) -> None:
    """Emptying a folder by mistake does not delete everything that runs."""
    with pytest.raises(RenderFailed, match=r"deploy holds no manifests .*would delete everything"):
        rendered(files)


def test_a_kustomization_deeper_in_a_plain_folder_is_a_mistake(rendered: Render) -> None:
    """A folder of overlays is not applied as if its pieces were whole."""
    with pytest.raises(InvalidManifest, match=r"deploy/staging/kustomization\.yaml:1: .*let `path` name its folder"):
        rendered({"deploy/a.yaml": _object("a"), "deploy/staging/kustomization.yaml": "resources: []"})


def test_plain_may_be_asked_for_beside_a_kustomization(rendered: Render) -> None:
    """`render: plain` reads the files as they are, though a kustomization stands there."""
    made = rendered({"deploy/a.yaml": _object("a"), "deploy/kustomization.yaml": "resources: [a.yaml]"}, mode="plain")
    assert (made.engine, len(made.manifests)) == ("plain", 1)


def test_the_root_may_be_the_folder(rendered: Render) -> None:
    """`path: .` renders the repository's root, without its hidden files."""
    made = rendered({".pushboat.yaml": "environments: {}", "a.yaml": _object("a")}, folder="")
    assert [manifest.place for manifest in made.manifests] == ["a.yaml:1"]
