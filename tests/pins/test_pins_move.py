"""A promotion's pull request moves tags and digests from one folder's files to another's, and touches nothing else."""

import difflib
import random

import pytest
import yaml

from workers.pins.moving import Folder, Moves, moves

OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def between(staging: dict[str, str], production: dict[str, str]) -> Moves:
    """Move the pins of staging/ to production/."""
    folders = [
        Folder(path=path, files={f"{path}/{name}": text.encode() for name, text in files.items()})
        for path, files in (("staging", staging), ("production", production))
    ]
    return moves(*folders)


def deployment(image: str, *, kind: str = "Deployment", name: str = "web", container: str = "app") -> str:
    """Write an object with one container."""
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}}}   # the shop's front
spec:
  template:
    spec:
      containers:
        - name: {container}
          image: {image}  # set by CI
          args: ["--image", "acme/shop:v1"]
"""


def changed(before: str, after: str) -> list[str]:
    """List the lines that differ, each as before and as after."""
    lines = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in lines if line[0] in "+-"]


def test_a_tag_moves_and_nothing_else_does() -> None:
    """Comments, quotes, the order of things and the same words elsewhere stay as they are."""
    before = deployment('"acme/shop:v1"')
    made = between({"a.yaml": deployment("acme/shop:v2")}, {"b.yaml": before})
    (pin,) = made.moved
    assert (pin.what, pin.file, pin.line) == ("Deployment/web app", "production/b.yaml", 9)
    assert (pin.old, pin.new) == ("acme/shop:v1", "acme/shop:v2")
    assert made.left == ()
    assert changed(before, made.files["production/b.yaml"].decode()) == [
        '-           image: "acme/shop:v1"  # set by CI\n',
        '+           image: "acme/shop:v2"  # set by CI\n',
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("acme/shop:v1", "acme/shop:v2"),
        ("acme/shop:v1", f"acme/shop@{NEW}"),
        (f"acme/shop:v1@{OLD}", f"acme/shop:v2@{NEW}"),
        (f"acme/shop@{OLD}", "acme/shop:v2"),
        ("registry.example.com:5000/acme/shop:v1", "registry.example.com:5000/acme/shop:v2"),
        ("nginx:1.26", "nginx:1.27"),
    ],
)
def test_tags_and_digests_in_every_shape(old: str, new: str) -> None:
    """Whatever way an image is pinned in, it is pinned the same way in production then."""
    made = between({"a.yaml": deployment(new)}, {"a.yaml": deployment(old)})
    assert made.files["production/a.yaml"].decode() == deployment(new)


def test_each_environment_keeps_its_registry() -> None:
    """Production pulls from its own mirror; of staging's image only the version goes there."""
    theirs, ours = deployment("staging.example.com/acme/shop:v2"), deployment("eu.example.com/acme/shop:v1")
    made = between({"a.yaml": theirs}, {"a.yaml": ours})
    assert made.moved[0].new == "eu.example.com/acme/shop:v2"
    assert b"image: eu.example.com/acme/shop:v2 " in made.files["production/a.yaml"]


@pytest.mark.parametrize("kind", ["StatefulSet", "CronJob", "Rollout"])
def test_objects_of_every_kind_have_containers(kind: str) -> None:
    """Also of kinds that nobody knows here."""
    made = between({"a.yaml": deployment("acme/shop:v2", kind=kind)}, {"a.yaml": deployment("acme/shop:v1", kind=kind)})
    assert [pin.what for pin in made.moved] == [f"{kind}/web app"]


def test_lists_init_containers_and_json_count() -> None:
    """A List's items, init containers, and a file of JSON."""
    text = (
        '{"kind": "List", "apiVersion": "v1", "items": [{"kind": "Pod", "apiVersion": "v1", "metadata": '
        '{"name": "p"}, "spec": {"initContainers": [{"name": "up", "image": "acme/up:1"}], '
        '"containers": [{"name": "up", "image": "acme/shop:1"}]}}]}'
    )
    made = between({"a.json": text.replace(":1", ":2")}, {"a.json": text})
    assert [pin.what for pin in made.moved] == ["Pod/p initContainers up", "Pod/p up"]
    assert made.files["production/a.json"].decode() == text.replace(":1", ":2")


def test_another_image_is_no_version() -> None:
    """Staging tries another image in that container: which one production runs is nobody's pin."""
    made = between({"a.yaml": deployment("acme/canary:v2")}, {"a.yaml": deployment("acme/shop:v1")})
    assert (made.moved, made.files) == ((), {})
    assert made.left[0].why == "is acme/shop:v1 here and acme/canary:v2 there, which are two images"


def test_what_only_one_has_is_left() -> None:
    """A new object comes to production by its own commit."""
    made = between(
        {"a.yaml": deployment("acme/shop:v2"), "b.yaml": deployment("acme/new:v1", name="new")},
        {"a.yaml": deployment("acme/shop:v1"), "c.yaml": deployment("acme/old:v1", name="old")},
    )
    assert [pin.what for pin in made.moved] == ["Deployment/web app"]
    assert [(pin.what, pin.why) for pin in made.left] == [("Deployment/new app", "is not there yet")]


def test_no_version_is_no_pin() -> None:
    """Where one of the two follows whatever is newest, nothing is moved, and that is said."""
    for old, new in (("acme/shop", "acme/shop:v2"), ("acme/shop:v1", "acme/shop")):
        made = between({"a.yaml": deployment(new)}, {"a.yaml": deployment(old)})
        assert (made.moved, made.left[0].why) == ((), f"{old} and {new}: one of the two names no version")


def test_two_versions_of_one_are_none() -> None:
    """A patch beside the object says another version: which one runs, the files do not say."""
    twice = {"a.yaml": deployment("acme/shop:v2"), "patch.yaml": deployment("acme/shop:v3")}
    made = between(twice, {"a.yaml": deployment("acme/shop:v1")})
    assert made.left[0].why == "stands twice where it comes from, with two versions"


KUSTOMIZATION = """\
# who changes this asks ann
resources: [../base]
images:
- name: acme/shop
  newName: eu.example.com/acme/shop
  {key}: {old}   # by promotion
- {{name: acme/up, newTag: '4'}}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("newTag", "v1"), ("newTag", "v2")),
        (("digest", OLD), ("digest", NEW)),
        (("newTag", "v1"), ("digest", NEW)),
        (("newTag", "v1"), ("newTag", '"1.10"')),
        (("newTag", '"1.10"'), ("newTag", '"1.20"')),
    ],
)
def test_a_kustomizations_images_move(old: tuple[str, str], new: tuple[str, str]) -> None:
    """By tag or digest, and from the one to the other; a tag that would be a number is put in quotes."""
    before, after = (KUSTOMIZATION.format(key=key, old=value) for key, value in (old, new))
    made = between({"kustomization.yaml": after}, {"kustomization.yaml": before})
    assert made.files["production/kustomization.yaml"].decode() == after
    assert [pin.what for pin in made.moved] == ["images acme/shop"]


def test_a_kustomization_that_pins_twice_is_left() -> None:
    """By tag and digest here, by tag alone there: a line would have to go, and nothing says that it may."""
    before = KUSTOMIZATION.format(key="newTag", old=f"v1\n  digest: {OLD}")
    made = between({"kustomization.yaml": KUSTOMIZATION.format(key="newTag", old="v2")}, {"kustomization.yaml": before})
    assert (made.moved, made.files) == ((), {})
    assert [pin.why for pin in made.left] == ["is pinned by digest and newTag here, and by newTag there"]


ANCHORED = """\
kind: Pod
metadata: {name: p}
x: &img acme/shop:v1
spec:
  containers:
  - {name: a, image: *img}
  - {name: b, image: acme/shop:v1}
"""


def test_an_anchor_that_others_share_is_not_touched() -> None:
    """It would change more than the pin; the pin beside it moves all the same."""
    old, new = "b, image: acme/shop:v1", "b, image: acme/shop:v2"
    staging = ANCHORED.replace("*img", "acme/shop:v2").replace(old, new)
    made = between({"a.yaml": staging}, {"a.yaml": ANCHORED})
    assert [pin.what for pin in made.moved] == ["Pod/p b"]
    assert [(pin.what, pin.why) for pin in made.left] == [("Pod/p a", "cannot be changed at production/a.yaml:3 alone")]
    assert made.files["production/a.yaml"].decode() == ANCHORED.replace(old, new)


def test_an_anchor_of_pins_alone_moves_with_all_of_them() -> None:
    """Two containers share one image by an anchor: both go to the same version, so it moves."""
    before = ANCHORED.replace("x: &img acme/shop:v1\n", "").replace("*img", "&img acme/shop:v1")
    before = before.replace("b, image: acme/shop:v1", "b, image: *img")
    made = between({"a.yaml": before.replace(":v1", ":v2")}, {"a.yaml": before})
    assert made.files["production/a.yaml"].decode() == before.replace(":v1", ":v2")
    assert len(made.moved) == 2


def test_a_block_of_text_and_an_unreadable_file_are_left() -> None:
    """They are named, and the rest moves."""
    block = deployment(">-\n            acme/shop:v1", name="block").replace("  # set by CI", "")
    bad = "image: [\n"
    staging = {"a.yaml": deployment("acme/shop:v2"), "b.yaml": deployment("acme/shop:v2", name="block"), "c.yaml": bad}
    made = between(staging, {"a.yaml": deployment("acme/shop:v1"), "b.yaml": block, "c.yaml": bad})
    assert [pin.what for pin in made.moved] == ["Deployment/web app"]
    assert {pin.what for pin in made.left} == {"Deployment/block app", "production/c.yaml", "staging/c.yaml"}


@pytest.mark.parametrize("frame", ["{}", "\ufeff{}", "# 🚢 ümlaut\n---\n{}"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_bytes_of_a_file_stay_its_own(frame: str, end: str) -> None:
    """A mark at the beginning, letters of any width, lines that end as Windows ends them."""
    before, after = (frame.format(deployment(f"acme/shop:{tag}")).replace("\n", end) for tag in ("v1", "v2"))
    made = between({"a.yaml": deployment("acme/shop:v2")}, {"a.yaml": before})
    assert made.files["production/a.yaml"] == after.encode()


def test_a_file_behind_a_link_is_left() -> None:
    """It stands elsewhere, where others may share it; what stands in the folder itself moves."""
    links = frozenset(["production/b.yaml"])
    files = {"production/a.yaml": deployment("acme/shop:v1"), "production/b.yaml": deployment("acme/b:v1", name="b")}
    newer = {"staging/a.yaml": deployment("acme/shop:v2"), "staging/b.yaml": deployment("acme/b:v2", name="b")}
    target = Folder(
        path="production",
        files={key: text.encode() for key, text in files.items()},
        linked=links,
    )
    made = moves(Folder(path="staging", files={key: text.encode() for key, text in newer.items()}), target)
    assert [pin.what for pin in made.moved] == ["Deployment/web app"]
    assert [(pin.what, pin.why) for pin in made.left] == [("Deployment/b app", "stands where a symbolic link leads to")]


def test_the_same_versions_move_nothing() -> None:
    """No file is written for a difference that is none."""
    made = between({"a.yaml": deployment('"acme/shop:v1"')}, {"a.yaml": deployment("acme/shop:v1")})
    assert (made.moved, made.left, made.files) == ((), (), {})


LETTERS = ["a", "b", ":", "/", "@", "-", ".", "\n", " ", "{", "}", "[", "]", "'", '"', "&", "*", "#", "image", "- "]


@pytest.mark.slow
def test_whatever_stands_there_nothing_but_pins_changes() -> None:
    """Files of any letters are left or rewritten; what is rewritten still says all else that it said."""
    chance, newer, rewritten = random.Random("pins"), deployment("acme/shop:v2"), 0
    for _ in range(400):
        one, other = ("".join(chance.choices(LETTERS, k=chance.randrange(30))) for _ in range(2))
        before = f"{other}\n---\n{deployment('acme/shop:v1')}"
        made = between({"a.yaml": f"{one}\n---\n{newer}", "b.yaml": newer}, {"a.yaml": before})
        if made.files:
            after = made.files["production/a.yaml"].decode()
            assert len(changed(before, after)) == 2
            (container,) = list(yaml.safe_load_all(after))[-1]["spec"]["template"]["spec"]["containers"]
            assert container["image"] == "acme/shop:v2"
            rewritten += 1
    assert rewritten > 40
