"""Every object knows where it was written, and so does every field, when an error needs it."""

import pytest

from pushboat.errors import InvalidManifest
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests

TEXT = """\
# a comment first
apiVersion: v1
kind: ConfigMap
metadata:
  name: one
---
---
# nothing here
--- # and a word here
apiVersion: apps/v1
kind: Deployment
metadata: {name: two, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: app
          image: x
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: {name: three}
  - apiVersion: v1
    kind: ConfigMapList
    items:
      - metadata: {name: four}
"""


def test_documents_and_lists_are_taken_apart() -> None:
    """Several documents, comments, empty ones and lists: each object stands alone, with its line."""
    read = read_manifests(TEXT, "deploy/all.yaml")
    assert [(str(manifest.ref), manifest.place) for manifest in read] == [
        ("ConfigMap/one", "deploy/all.yaml:2"),
        ("Deployment/shop/two", "deploy/all.yaml:10"),
        ("Secret/three", "deploy/all.yaml:23"),
        ("ConfigMap/four", "deploy/all.yaml:29"),
    ]
    assert read[1].ref.group == "apps"
    assert (read[1].version, read[1].api_version) == ("v1", "apps/v1")
    assert read[3].body["apiVersion"] == "v1"


@pytest.mark.parametrize(
    ("index", "path", "place"),
    [
        (1, ("spec", "template", "spec", "containers", 0, "image"), "18:18"),
        (1, ("spec", "template", "spec", "containers", 7, "image"), "17:9"),
        (1, ("metadata", "namespace"), "12:34"),
        (2, ("metadata", "name"), "25:22"),
        (3, ("metadata",), "29:19"),
        (0, (), "2:1"),
    ],
)
def test_a_field_is_found_when_an_error_asks(index: int, path: tuple[str | int, ...], place: str) -> None:
    """An error about a field names the line and column that I have to change."""
    manifest = read_manifests(TEXT, "deploy/all.yaml")[index]
    assert manifest.place_of(path) == f"deploy/all.yaml:{place}"


def test_a_fields_name_and_its_letters_are_found() -> None:
    """An error about a name points at the name, and can show a value as I wrote it."""
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  mode: 0644\n  debug:\n    yes\n"
    (read,) = read_manifests(text, "a.yaml")
    assert read.place_of(("data", "debug")) == "a.yaml:7:5"
    assert read.place_of(("data", "debug"), by_name=True) == "a.yaml:6:3"
    assert read.place_of(("data", "gone"), by_name=True) == "a.yaml:5:3"
    assert [read.word_at(("data", key)) for key in ("mode", "debug", "gone")] == ["0644", "yes", ""]


def test_fields_of_json_are_found_where_yaml_cannot_read_it() -> None:
    """JSON that is indented with tabs, or escapes a character by its halves, is named by line and column, too."""
    text = '{\n\t"apiVersion": "v1",\n\t"kind": "A",\n\t"metadata": {"name": "a"}\n}'
    (read,) = read_manifests(text, "a.json")
    assert read.place_of(("kind",)) == "a.json:3:10"
    assert read.place_of(("metadata", "name"), by_name=True) == "a.json:4:15"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind: A\nmetadata: {name: a}", "a.yaml:1:1: apiVersion is missing"),
        ("apiVersion: v1\nmetadata: {name: a}", "kind is missing"),
        ("apiVersion: 1\nkind: A\nmetadata: {name: a}", "apiVersion must be text"),
        ("apiVersion: v1\nkind: A", "A has no metadata"),
        ("apiVersion: v1\nkind: A\nmetadata: {}", r"A has no metadata\.name"),
        ("apiVersion: v1\nkind: A\nmetadata: {name: 123}", r'metadata\.name of A must be text: quote it \("123"\)'),
        ("apiVersion: v1\nkind: A\nmetadata: {name: a, namespace: 1}", r"metadata\.namespace of A must be text"),
        ("apiVersion: v1\nkind: A\nmetadata: {generateName: a-}", "generateName"),
        ("apiVersion: v1\nkind: List\nitems: [1]", "3:9: an object was expected here, this is a number"),
    ],
)
def test_an_object_without_name_or_kind_is_refused(text: str, words: str) -> None:
    """Something that is not an object of a cluster is told before a cluster sees it."""
    with pytest.raises(InvalidManifest, match=words):
        read_manifests(text, "a.yaml")


def test_an_object_whose_kind_ends_in_list_is_no_list() -> None:
    """A custom resource called IPAllowList is applied as it is."""
    text = "apiVersion: example.com/v1\nkind: IPAllowList\nmetadata: {name: a}\nitems: [1.2.3.4]\n"
    (read,) = read_manifests(text, "a.yaml")
    assert str(read.ref) == "IPAllowList/a"


def test_json_and_a_byte_order_mark_are_read() -> None:
    """Files from other editors and tools work: JSON with tabs, YAML with a byte order mark, Windows line ends."""
    item = '{"apiVersion": "v1", "kind": "A", "metadata": {"name": "\\ud83d\\ude00"}}'
    json_text = '{\n\t"apiVersion": "v1",\n\t"kind": "List",\n\t"items": [' + item + "]\n}"
    (read,) = read_manifests(json_text, "a.json")
    assert read.ref.name == "\N{GRINNING FACE}"
    text = decode(b"\xef\xbb\xbfapiVersion: v1\r\nkind: A\r\nmetadata:\r\n  name: a\r\n", "a.yaml")
    (read,) = read_manifests(text, "a.yaml")
    assert read.body == {"apiVersion": "v1", "kind": "A", "metadata": {"name": "a"}}


def test_anchors_and_merges_work() -> None:
    """Anchors, aliases and merge keys mean what they mean elsewhere."""
    text = (
        "apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: &x {a: 1, b: 2}\nmerged: {<<: *x, b: 3}\n"
        "z: {<<: [{a: 9}, *x], c: 4}\nsame: [*x, *x]\n"
    )
    (read,) = read_manifests(text, "a.yaml")
    assert (read.body["merged"], read.body["z"]) == ({"a": 1, "b": 3}, {"a": 9, "b": 2, "c": 4})
    assert read.body["same"] == [{"a": 1, "b": 2}] * 2
