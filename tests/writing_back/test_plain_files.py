"""A live change of a plain file's object comes to stand in that file, and what cannot is said."""

from pathlib import Path

import pytest

from tests.writing_back.desk import Desk
from workers.writing_back.words import GONE

FILES = {
    "deploy/all.yaml": """\
# the shop
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  mode: "on"   # asked for by ops
  size: &size "5"
  other: *size
---
apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    replicas: 3  # three zones
    template:
      spec:
        containers:
        - name: app
          image: acme/shop:v1
          env:
          - {name: A, value: "1"}
        - name: side
          image: acme/side:v1
"""
}
POD = ("spec", "template", "spec")
APP = (*POD, "containers", ("name", "app"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, FILES)


def test_fields_go_where_they_stand(desk: Desk) -> None:
    """In a list of objects and in a document of its own: a number, an image, an added and a removed item."""
    made = desk.write(
        desk.live("ConfigMap", "settings", "data", "mode", value="off"),
        desk.live("Deployment", "web", "spec", "replicas", value=5),
        desk.live("Deployment", "web", *APP, "image", value="acme/shop:v2"),
        desk.live("Deployment", "web", *APP, "env", ("name", "B"), value={"name": "B", "value": "010"}, behind=("A",)),
        desk.live("Deployment", "web", *POD, "containers", ("name", "side"), value=GONE),
        desk.live("Deployment", "web", "metadata", "labels", value={"team": "blue"}),
    )
    assert not made.left
    assert desk.lines("deploy/all.yaml") == [
        '-  mode: "on"   # asked for by ops',
        '+  mode: "off"   # asked for by ops',
        "+    labels:",
        "+      team: blue",
        "-    replicas: 3  # three zones",
        "+    replicas: 5  # three zones",
        "-          image: acme/shop:v1",
        "+          image: acme/shop:v2",
        "-        - name: side",
        "-          image: acme/side:v1",
        "+          - name: B",
        '+            value: "010"',
    ]


def test_what_cannot_be_written_is_said_and_left(desk: Desk) -> None:
    """An anchor's value is others' too; the rest is written all the same."""
    made = desk.write(
        desk.live("ConfigMap", "settings", "data", "size", value="6"),
        desk.live("ConfigMap", "settings", "data", "other", value="6"),
        desk.live("ConfigMap", "settings", "data", "mode", value=GONE),
    )
    assert [each.path for each in made.left] == ["data.size", "data.other"]
    assert "deploy/all.yaml: an alias stands for other below line 6" in made.left[1].why
    assert desk.lines("deploy/all.yaml") == ['-  mode: "on"   # asked for by ops']


def test_others_that_read_the_file_are_named(tmp_path: Path) -> None:
    """Two environments of one folder change together, and whoever asks reads that."""
    desk = Desk(tmp_path, FILES, others={"deploy/all.yaml": frozenset({"production"})})
    (written,) = desk.write(desk.live("Deployment", "web", "spec", "replicas", value=5)).written
    assert (written.file, written.also) == ("deploy/all.yaml", ("production",))


def test_a_release_that_the_commit_does_not_give_is_left_alone(desk: Desk) -> None:
    """What was stored and what is rendered today are two things: nothing is guessed from the one about the other."""
    field = desk.live("ConfigMap", "settings", "data", "mode", value="off")
    (desk.root / "deploy/all.yaml").write_text(FILES["deploy/all.yaml"].replace("other: *size", "other: x"))
    (left,) = desk.write(field).left
    assert "rendering its commit once more does not give what the release has" in left.why
