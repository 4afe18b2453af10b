"""A mistake in what kustomize built is told where somebody wrote it: in the file, the patch, the generator."""

import json
from collections.abc import Mapping

import pytest
import yaml

from pushboat.errors import RenderFailed
from pushboat.model.manifest import Manifest, Path
from tests.rendering.conftest import Render

pytestmark = pytest.mark.programs

BASE = {
    "base/kustomization.yaml": "resources: [all.yaml]\nlabels:\n- pairs: {team: blue}\n",
    "base/all.yaml": """\
# what runs
apiVersion: v1
kind: Service
metadata: {name: web}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: nginx:1
      - name: side
        image: side:1
        imagePullPolicy: never
""",
}
OVERLAY = """\
resources: [../base]
namePrefix: x-
namespace: shop
commonAnnotations:
  note: one
replicas:
- {name: web, count: 7}
images:
- name: nginx
  newTag: "2"
patches:
- path: more.yaml
- target: {kind: Deployment, name: web}
  patch: |-
    - op: add
      path: /spec/paused
      value: maybe
    - op: add
      path: /spec/template/spec/containers/0/ports
      value:
      - containerPort: http
- patch: |-

    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      type: Wrong
- patch: "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {externalName: 5}}"
configMapGenerator:
- name: settings
  literals:
  - mode=fast
  files:
  - app.conf
  envs: [app.env]
"""
FILES = {
    **BASE,
    "over/kustomization.yaml": OVERLAY,
    "over/more.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: new
        image: new:1
        tty: perhaps
      - name: side
        stdin: wrong
""",
    "over/app.conf": "x\n",
    "over/app.env": "# first\nONE=1\n  TWO=2\n",
}
TOP = "deploy/kustomization.yaml"
CONTAINERS: Path = ("spec", "template", "spec", "containers")
WRITTEN: Mapping[str, tuple[str, Path, str]] = {
    "a field of the file": ("Deployment", (*CONTAINERS, "side", "imagePullPolicy"), "base/all.yaml:21:26"),
    "a patch's file": ("Deployment", (*CONTAINERS, "new", "tty"), "over/more.yaml:10:14"),
    "a patch's file, in an item of the base": ("Deployment", (*CONTAINERS, "side", "stdin"), "over/more.yaml:12:16"),
    "what is missing in a patch's item": ("Deployment", (*CONTAINERS, "new", "workingDir"), "over/more.yaml:8:9"),
    "what is missing in the file": ("Deployment", ("spec", "minReadySeconds"), "base/all.yaml:11:3"),
    "a step of a JSON patch": ("Deployment", ("spec", "paused"), "over/kustomization.yaml:17:14"),
    "below a step of a JSON patch": (
        "Deployment",
        (*CONTAINERS, "new", "ports", 0, "containerPort"),
        "over/kustomization.yaml:21:24",
    ),
    "an inline patch after an empty line": ("Service", ("spec", "type"), "over/kustomization.yaml:29:13"),
    "a patch in quotes": ("Service", ("spec", "externalName"), "over/kustomization.yaml:30:10"),
    "replicas": ("Deployment", ("spec", "replicas"), "over/kustomization.yaml:7:22"),
    "an image": ("Deployment", (*CONTAINERS, "app", "image"), "over/kustomization.yaml:10:11"),
    "an image that nothing changes": ("Deployment", (*CONTAINERS, "side", "image"), "base/all.yaml:20:16"),
    "a namespace": ("Service", ("metadata", "namespace"), "over/kustomization.yaml:3:12"),
    "a prefix": ("Service", ("metadata", "name"), "over/kustomization.yaml:2:13"),
    "an annotation of all": ("Service", ("metadata", "annotations", "note"), "over/kustomization.yaml:5:9"),
    "a label of all, in the base": ("Service", ("metadata", "labels", "team"), "base/kustomization.yaml:3:17"),
    "the object itself": ("Service", (), "base/all.yaml:2:1"),
    "a literal": ("ConfigMap", ("data", "mode"), "over/kustomization.yaml:34:5"),
    "a generator's file": ("ConfigMap", ("data", "app.conf"), "over/kustomization.yaml:36:5"),
    "a file of variables": ("ConfigMap", ("data", "TWO"), "over/app.env:3:3"),
    "what is missing in a generator": ("ConfigMap", ("immutable",), "over/kustomization.yaml:32:3"),
}


@pytest.fixture
def built(rendered: Render) -> Mapping[str, Manifest]:
    """What the overlay becomes, by kind."""
    return {each.ref.kind: each for each in rendered(FILES, folder="over").manifests}


def test_every_field_is_found_where_it_is_written(built: Mapping[str, Manifest]) -> None:
    """I read file, line and column of the field, not a line of the folder."""
    found = {}
    for name, (kind, path, _) in WRITTEN.items():
        manifest = built[kind]
        path = tuple(_number(manifest, step) if step in ("app", "side", "new") else step for step in path)
        found[name] = manifest.place_of(path)
    assert found == {name: place for name, (_, _, place) in WRITTEN.items()}


def test_a_name_of_a_field_is_found_too(built: Mapping[str, Manifest]) -> None:
    """A field that a kind does not have is told at its name, in the patch that has it."""
    manifest = built["Deployment"]
    path = (*CONTAINERS, _number(manifest, "new"), "tty")
    assert manifest.place_of(path, by_name=True) == "over/more.yaml:10:9"
    assert manifest.word_at(path) == "perhaps"
    assert manifest.word_at((*CONTAINERS, _number(manifest, "side"), "imagePullPolicy")) == "never"


def test_what_a_later_patch_has_overwritten_is_not_told_of(rendered: Render) -> None:
    """Of two patches of one field the one counts whose value the object has."""
    patch = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: %s}\n"
    files = {
        **BASE,
        "over/kustomization.yaml": "resources: [../base]\npatches: [{path: a.yaml}, {path: b.yaml}]\n",
        "over/a.yaml": patch % "First",
        "over/b.yaml": patch % "Second",
    }
    (manifest,) = (each for each in rendered(files, folder="over").manifests if each.ref.kind == "Service")
    assert manifest.place_of(("spec", "type")) == "over/b.yaml:4:14"


def test_a_patch_on_one_long_line_is_no_name_of_a_file(rendered: Render) -> None:
    """What no disk could hold as a name is the patch itself."""
    steps = ", ".join(f"{{op: add, path: /metadata/annotations/note{number}, value: x}}" for number in range(40))
    patch = "{op: add, path: /metadata/annotations, value: {}}"
    files = {
        **BASE,
        "over/kustomization.yaml": "resources: [../base]\npatches:\n- target: {kind: Service}\n"
        f"  patch: |-\n    - {patch}\n- target: {{kind: Service}}\n  patch: '{_json(steps)}'\n",
    }
    (manifest,) = (each for each in rendered(files, folder="over").manifests if each.ref.kind == "Service")
    assert manifest.place_of(("metadata", "annotations", "note7")) == "over/kustomization.yaml:7:10"


def test_a_generators_file_is_never_blamed_for_a_mistake_elsewhere(rendered: Render) -> None:
    """What a generator takes as it is may be no YAML, or no text at all."""
    files = {
        TOP: "resources: [b.yaml]\nconfigMapGenerator: [{name: x, files: [a.conf, b.bin]}]\n"
        "patches: [{patch: '{kind: ConfigMap, apiVersion: v1, metadata: {name: z}}'}]",
        "deploy/a.conf": "a: [\n",
        "deploy/b.bin": b"\xff\xfe",
        "deploy/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n",
    }
    with pytest.raises(RenderFailed, match=r"^deploy/kustomization\.yaml:3:19: this patch is for ConfigMap/z"):
        rendered(files)


def test_a_mistake_that_kustomize_lets_through_names_its_file(rendered: Render) -> None:
    """What is no manifest in the end is told in the file of the base that has it."""
    files = {
        **BASE,
        "base/all.yaml": "# words\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: 5}\n",
        "over/kustomization.yaml": "resources: [../base]\n",
    }
    with pytest.raises(Exception, match=r"^base/all\.yaml:4:32: metadata\.namespace of ConfigMap must be text"):
        rendered(files, folder="over")


def _number(manifest: Manifest, name: str | int) -> int:
    containers = manifest.body["spec"]["template"]["spec"]["containers"]
    return next(number for number, each in enumerate(containers) if each["name"] == name)


def _json(steps: str) -> str:
    return json.dumps(yaml.safe_load(f"[{steps}]"))
