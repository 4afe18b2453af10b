"""A live change of what kustomize builds comes to stand where it was written last, and in nobody else's base."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.writing_back.desk import Desk
from workers.writing_back.words import GONE

pytestmark = pytest.mark.programs

BASE = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  minReadySeconds: 5
  template:
    spec:
      containers:
      - name: app
        image: acme/shop:v1
        env:
        - {name: A, value: "1"}
        - {name: B, value: "1"}
        ports:
        - {name: http, containerPort: 8080}
      - name: side
        image: acme/side:v1
""",
}
OVERLAY = "overlay/kustomization.yaml"
POD = ("spec", "template", "spec")
APP = (*POD, "containers", ("name", "app"))
SHARED = dict.fromkeys(BASE, frozenset({"production"}))


def desk_of(folder: Path, overlay: str, files: Mapping[str, str] | None = None, *, shared: bool = True) -> Desk:
    """Lay out an overlay over the base, which production reads too."""
    everything = {**BASE, OVERLAY: overlay, **(files or {})}
    return Desk(folder, everything, folder="overlay", others=SHARED if shared else None)


def patches(text: str, target: str = "") -> str:
    """Write an overlay with a patch in it, indented as people do."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return f"resources: [../base]\nnamePrefix: my-\npatches:\n- {target}patch: |-\n{lines}"


MORE = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2 # x\n"
STEP = "- op: replace\n  path: /spec/replicas\n  value: 2  # x\n"
COUNTED = "resources: [../base]\nreplicas:\n- name: web\n  count: 2  # nights\n"
TAGGED = "resources: [../base]\nimages:\n- name: acme/shop\n  newTag: v2 # by CI\n"
DIGEST = f"sha256:{'a' * 64}"
WAYS: dict[str, tuple[str, Any, Any, list[str]]] = {
    "replicas": (COUNTED, ("spec", "replicas"), 5, ["-  count: 2  # nights", "+  count: 5  # nights"]),
    "newTag": (TAGGED, (*APP, "image"), "acme/shop:v3", ["-  newTag: v2 # by CI", "+  newTag: v3 # by CI"]),
    "digest": (
        TAGGED,
        (*APP, "image"),
        f"other/shop@{DIGEST}",
        ["-  newTag: v2 # by CI", f"+  digest: {DIGEST}", "+  newName: other/shop"],
    ),
    "step": (
        patches(STEP, "target: {kind: Deployment}\n  "),
        ("spec", "replicas"),
        5,
        ["-      value: 2  # x", "+      value: 5  # x"],
    ),
    "patch": (patches(MORE), ("spec", "minReadySeconds"), 9, ["+      minReadySeconds: 9"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_changed_where_it_was_written_last(tmp_path: Path, way: str) -> None:
    """The kustomization's own fields, a step of a patch, and a patch within the kustomization."""
    overlay, steps, value, told = WAYS[way]
    desk = desk_of(tmp_path, overlay)
    (ref,) = desk.stored
    made = desk.write(desk.live("Deployment", ref.name, *steps, value=value))
    assert (made.left, [each.file for each in made.written]) == ([], [OVERLAY])
    assert desk.lines(OVERLAY) == told
    assert set(made.originals) == {OVERLAY}


def test_a_patch_in_a_file_is_changed_there(tmp_path: Path) -> None:
    """What it has, and what it is to have too."""
    desk = desk_of(tmp_path, "resources: [../base]\npatches: [{path: more.yaml}]\n", {"overlay/more.yaml": MORE})
    made = desk.write(
        desk.live("Deployment", "web", "spec", "replicas", value=5),
        desk.live("Deployment", "web", "spec", "paused", value=True),
    )
    assert (made.left, set(made.originals)) == ([], {"overlay/more.yaml"})
    assert desk.lines("overlay/more.yaml") == ["-  replicas: 2 # x", "+  replicas: 5 # x", "+  paused: true"]


def test_a_base_of_others_gets_a_patch_over_it(tmp_path: Path) -> None:
    """The first field makes a patch, the next ones go into it; what is gone is said by null and by delete."""
    desk = desk_of(tmp_path, "# ours\nresources:\n  - ../base\nnamePrefix: my-\n")
    variable = {"name": "C", "value": "on"}
    made = desk.write(
        desk.live("Deployment", "my-web", *APP, "image", value="acme/shop:v2"),
        desk.live("Deployment", "my-web", *APP, "env", ("name", "A"), value=GONE),
        desk.live("Deployment", "my-web", "spec", "minReadySeconds", value=GONE),
        desk.live("Deployment", "my-web", *APP, "env", ("name", "C"), value=variable, behind=("B",)),
    )
    assert made.left == []
    assert desk.lines(OVERLAY) == ["+patches:", "+  - path: deployment-web-patch.yaml"]
    assert set(made.originals) == {OVERLAY, "overlay/deployment-web-patch.yaml"}
    assert (
        (tmp_path / "overlay/deployment-web-patch.yaml").read_text()
        == """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: app
          image: acme/shop:v2
          env:
            - name: A
              $patch: delete
            - name: C
              value: "on"
  minReadySeconds: null
"""
    )
    assert [each.reordered for each in made.written] == [False, False, False, True]


def test_what_no_patch_can_say_is_left_with_its_reason(tmp_path: Path) -> None:
    """A port is known by its number, so that another number is another port; all files are as they were."""
    desk = desk_of(tmp_path, "resources: [../base]\n")
    port = (*APP, "ports", ("name", "http"), "containerPort")
    made = desk.write(desk.live("Deployment", "web", *port, value=9090))
    (left,) = made.left
    assert left.why.startswith(f"{OVERLAY}: ")
    assert made.originals == {}
    assert {file.name for file in (tmp_path / "overlay").iterdir()} == {"kustomization.yaml"}
    assert desk.lines(OVERLAY) == []


def test_a_base_of_ones_own_is_changed_itself(tmp_path: Path) -> None:
    """Nobody else reads it, so there is no need of a patch."""
    desk = desk_of(tmp_path, "resources: [../base]\nnameSuffix: -x\n", shared=False)
    (written,) = desk.write(desk.live("Deployment", "web-x", "spec", "replicas", value=3)).written
    assert written.file == "base/web.yaml"
    assert desk.lines("base/web.yaml") == ["-  replicas: 1", "+  replicas: 3"]


def test_what_is_generated_goes_to_its_literal_or_file(tmp_path: Path) -> None:
    """Where the name is made of the content, another value would be another object: that is said."""
    generators = (
        "configMapGenerator:\n- name: fixed\n  options: {disableNameSuffixHash: true}\n  literals:\n  - mode=on # x\n"
        "  envs: [vars.env]\n- name: hashed\n  literals: [a=1]\n"
    )
    overlay = f"resources: [../base]\nnamePrefix: my-\n{generators}"
    desk = desk_of(tmp_path, overlay, {"overlay/vars.env": "# vars\nSIZE=5\r\nMORE=x\n"})
    hashed = next(ref.name for ref in desk.stored if ref.name.startswith("my-hashed-"))
    made = desk.write(
        desk.live("ConfigMap", "my-fixed", "data", "mode", value="off"),
        desk.live("ConfigMap", "my-fixed", "data", "SIZE", value="6"),
        desk.live("ConfigMap", hashed, "data", "a", value="2"),
        desk.live("ConfigMap", "my-fixed", "data", "new", value="on"),
    )
    patch = ["+patches:", "+- path: configmap-fixed-patch.yaml"]
    assert desk.lines(OVERLAY) == ["-  - mode=on # x", "+  - mode=off # x", *patch]
    assert (tmp_path / "overlay/vars.env").read_bytes() == b"# vars\nSIZE=6\r\nMORE=x\n"
    (left,) = made.left
    assert "its name is made of what is in it, so that ConfigMap/shop/my-hashed-" in left.why
