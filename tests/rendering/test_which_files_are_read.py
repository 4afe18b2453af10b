"""A folder is read as people keep it: what is chosen is deployed, and what is no manifest is told all at once."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pushboat.config import repository
from pushboat.config.environment import Environment
from pushboat.errors import DeploymentFailed, InvalidManifest, RenderFailed
from tests.rendering.conftest import Render, environment

VALUES = "image: {tag: v1}\nreplicas: 2\n"
DASHBOARD = json.dumps({"title": "CPU", "panels": [], "schemaVersion": 36})


def manifest(name: str, kind: str = "ConfigMap") -> str:
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n"


def choosing(**said: Any) -> Environment:
    """An environment whose folder is `deploy`, with a choice of files."""
    return replace(environment("deploy"), **said)


def named(rendered: Any) -> list[str]:
    return [each.ref.name for each in rendered.manifests]


FOLDER: Mapping[str, str] = {
    "deploy/a.yaml": manifest("a"),
    "deploy/app/b.yml": manifest("b"),
    "deploy/app/test/c.json": json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}),
    "deploy/.hidden.yaml": manifest("hidden"),
}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({}, ["a", "b", "c"]),
        ({"include": ("*.yaml",)}, ["a"]),
        ({"include": ("app/",)}, ["b", "c"]),
        ({"include": ("app/*.yml", "*.json")}, ["b", "c"]),
        ({"exclude": ("test/",)}, ["a", "b"]),
        ({"include": ("**/*.y*ml",), "exclude": ("/a.yaml",)}, ["b"]),
        ({"recurse": False}, ["a"]),
        ({"include": ("*.yaml", "*.nothing"), "recurse": False}, ["a"]),
    ],
)
def test_what_is_chosen_is_read(said: Mapping[str, Any], wanted: list[str], rendered: Render) -> None:
    """Globs count from the folder, and what begins with a dot is never read."""
    assert named(rendered(FOLDER, of=choosing(**said))) == wanted


def test_an_include_that_names_what_is_not_there_is_refused(rendered: Render) -> None:
    """What a mistyped name meant would be deleted."""
    with pytest.raises(RenderFailed, match=r"`include` of staging in \.pushboat\.yaml has 'ap/', which takes no manif"):
        rendered(FOLDER, of=choosing(include=("a.yaml", "ap/")))


def test_everything_left_out_is_no_environment(rendered: Render) -> None:
    """An exclude that takes too much does not delete everything that runs."""
    with pytest.raises(RenderFailed, match=r"deploy holds no manifests .*would delete everything"):
        rendered(FOLDER, of=choosing(exclude=("**",)))


OTHERS: dict[str, tuple[str, str]] = {
    "a values file": ("values.yaml", VALUES),
    "a values file with a kind": ("values.yaml", "kind: Deployment\nreplicas: 2\n"),
    "a dashboard": ("dashboard.json", DASHBOARD),
    "a list of JSON": ("list.json", "[1, 2]"),
    "an empty object": ("empty.json", "{}"),
    "a Compose file": ("docker-compose.yml", "services:\n  web: {image: nginx}\n"),
    "a workflow": ("ci.yaml", "on: push\njobs: {}\n"),
    "several documents": ("many.yaml", f"{VALUES}---\n{VALUES}"),
    "a list of YAML": ("list.yaml", "- a\n- b\n"),
    "one word": ("word.yaml", "hello\n"),
    "a lock of a chart": ("Chart.lock.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_a_file_that_is_no_manifest_is_refused_with_the_line(case: str, rendered: Render) -> None:
    """Nothing is passed over in silence; the line that is proposed is the line that helps."""
    name, content = OTHERS[case]
    files = {**FOLDER, f"deploy/{name}": content}
    with pytest.raises(RenderFailed) as refused:
        rendered(files)
    assert refused.value.summary == (
        f'add `exclude: ["{name}"]` to staging in .pushboat.yaml: deploy/{name} is no manifest (no apiVersion and kind)'
    )
    assert named(rendered(files, of=choosing(exclude=(name,)))) == ["a", "b", "c"]


MISTAKES: dict[str, tuple[str, str]] = {
    "no kind": ("apiVersion: v1\nmetadata: {name: a}\n", r"x\.yaml:1:1: kind is missing"),
    "no apiVersion": ("kind: ConfigMap\nmetadata: {name: a}\n", r"x\.yaml:1:1: apiVersion is missing"),
    "no metadata": ("apiVersion: v1\nkind: ConfigMap\n", r"x\.yaml:1:1: ConfigMap has no metadata"),
    "a values file behind a manifest": (f"{manifest('x')}---\n{VALUES}", r"x\.yaml:5:1: apiVersion is missing"),
    "a list of manifests": (f"- {json.dumps({'apiVersion': 'v1', 'kind': 'ConfigMap'})}\n", r"x\.yaml:1:1: an object"),
    "no YAML": ("a: b: c\n", r"x\.yaml:1:5: mapping values are not allowed"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_manifest_with_a_mistake_is_no_other_file(case: str, rendered: Render) -> None:
    """Whoever forgot a field is told which and where, and not to leave the file out."""
    content, words = MISTAKES[case]
    with pytest.raises(InvalidManifest, match=words):
        rendered({**FOLDER, "deploy/x.yaml": content})


def test_all_of_them_are_told_at_once(rendered: Render) -> None:
    """One push shows every file that is no manifest, and one line leaves them all out, beside what was said before."""
    others = {
        **{f"deploy/app/values-{number}.yaml": VALUES for number in range(3)},
        **{f"deploy/dashboards/{number}.json": DASHBOARD for number in range(80)},
    }
    with pytest.raises(RenderFailed) as refused:
        rendered({**FOLDER, **others, "deploy/old.yaml": "a: b: c"}, of=choosing(exclude=("old.yaml",)))
    assert refused.value.summary == (
        'add `exclude: ["old.yaml", "values-0.yaml", "values-1.yaml", "values-2.yaml", "dashboards/"]` to staging in '
        ".pushboat.yaml: deploy/app/values-0.yaml and 82 more are no manifests (no apiVersion and kind)"
    )
    assert refused.value.details.splitlines()[-1] == "- and 33 more"
    line = refused.value.summary.split("`")[1]
    said = repository.parse(f"environments:\n  staging:\n    {line}\n").environments["staging"].said
    assert named(rendered({**FOLDER, **others}, of=choosing(**said))) == ["a", "b", "c"]


def test_a_great_many_are_better_chosen_than_left_out(rendered: Render) -> None:
    """Nobody is told to write a line of hundreds of names."""
    others = {f"deploy/{number}.json": DASHBOARD for number in range(300)}
    with pytest.raises(RenderFailed, match=r"^say with `include` in \.pushboat\.yaml which files of .* 299 more are"):
        rendered({**FOLDER, **others})


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"deploy/x/kustomization.yaml": "{}", "deploy/x/y.yaml": ""},
            r"kustomization below a plain .*`exclude: \[\"x/\"\]`",
        ),
        (
            {"deploy/x/Kustomization": "{}"},
            r"deploy/x/Kustomization:1: a kustomization below a plain folder is not built",
        ),
        (
            {"deploy/x/Chart.yaml": "name: x"},
            r"deploy/x/Chart\.yaml:1: a chart below a plain folder is not rendered: let",
        ),
    ],
)
def test_what_another_renderer_reads_is_no_plain_file(files: Mapping[str, str], words: str, rendered: Render) -> None:
    """A chart or a kustomization deeper down is told as such, and can be left out."""
    with pytest.raises(InvalidManifest, match=words):
        rendered({**FOLDER, **files})
    assert named(rendered({**FOLDER, **files}, of=choosing(exclude=("x/",)))) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("files", "said", "words"),
    [
        (
            {"deploy/kustomization.yaml": "{}"},
            {"exclude": ("a",)},
            r"deploy: `exclude` is for folders of plain manif.*kustom",
        ),
        (
            {"deploy/Chart.yaml": "name: a"},
            {"recurse": False},
            r"deploy: `recurse` is for folders of plain .* what helm",
        ),
        ({"deploy/kustomization.yaml": "{}"}, {"include": ("a",)}, r"`include` is for folders .*: remove it"),
    ],
)
def test_other_renderers_take_no_choice(
    files: Mapping[str, str], said: Mapping[str, Any], words: str, rendered: Render
) -> None:
    """A key that would do nothing is a mistake, not a comfort."""
    with pytest.raises(DeploymentFailed, match=words):
        rendered(files, of=choosing(**said))


def test_one_file_may_be_the_path(rendered: Render) -> None:
    """A file of manifests is read alone, whatever lies beside it."""
    files = {**FOLDER, "deploy/kustomization.yaml": "{}"}
    assert named(rendered(files, file="deploy/a.yaml")) == ["a"]
    with pytest.raises(RenderFailed, match=r"deploy/a\.yaml is a file, and `exclude` is for folders"):
        rendered(files, file="deploy/a.yaml", of=choosing(exclude=("b",)))
    with pytest.raises(RenderFailed, match=r"deploy/a\.yaml is a file of manifests: remove `render: kustomize`"):
        rendered({"deploy/a.yaml": manifest("a")}, file="deploy/a.yaml", mode="kustomize")
    with pytest.raises(RenderFailed, match=r"deploy/a\.txt is no file of manifests"):
        rendered({"deploy/a.txt": manifest("a")}, file="deploy/a.txt")
    with pytest.raises(InvalidManifest, match=r"deploy/values\.yaml:1:1: apiVersion is missing"):
        rendered({"deploy/values.yaml": VALUES}, file="deploy/values.yaml")
