"""YAML that was written to hurt gets a sentence with its place, quickly, and the worker lives."""

import subprocess
import sys
import time

import pytest

from pushboat.errors import InvalidManifest
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests

BOMB = "expand to more than 2,000,000"
HEAD = "apiVersion: v1\nkind: A\nmetadata: {name: a}\n"
DEEP = "nested more than 100 levels deep"


def _chain(first: str, link: str, names: str = "bcdefghijklm") -> str:
    """Build definitions of which each uses the one before several times."""
    lines, before = [first], "a"
    for name in names:
        lines.append(link.format(name=name, before=before))
        before = name
    return "\n".join(lines)


HOSTILE = {
    "brackets": ("[" * 30_000, f"1:101: {DEEP}"),
    "closed brackets": ("[" * 30_000 + "]" * 30_000, DEEP),
    "a million brackets": ("[" * 1_000_000, DEEP),
    "braces": ("{a: " * 30_000, DEEP),
    "dashes": ("- " * 30_000, DEEP),
    "dashes by tabs": ("-\t" * 30_000, r"1:\d+: "),
    "question marks": ("? " * 30_000, DEEP),
    "dashes in stairs": ("\n".join(" " * (198 * step) + "- " * 99 for step in range(200)), DEEP),
    "dashes in columns": ("\n".join(" " * step + "-" for step in range(4_000)), DEEP),
    "keys in columns": ("\n".join(" " * step + "a:" for step in range(3_000)), DEEP),
    "aliases": (_chain("a: &a [x,x,x,x,x,x,x,x,x]", "{name}: &{name} [*{before},*{before},*{before},*{before}]"), BOMB),
    "merges": (_chain("a: &a {k: 1}", "{name}: &{name} {{<<: [*{before},*{before},*{before},*{before}]}}"), BOMB),
    "a long text many times": (f"a: &a {'x' * 100_000}\nb: [{'*a,' * 100_000}]", BOMB),
    "aliases in many documents": (f"{HEAD}x: &a [{'1,' * 500}]\ny: [{'*a,' * 900}]\n---\n" * 6, BOMB),
    "an anchor given anew": (_chain("a: &a [x, x, x, x]", "{name}: &a [*a, *a, *a, *a]"), "an alias that holds itself"),
    "an anchor given anew ten thousand times": (f"a: [{'&a 1,' * 10_000}]", "apiVersion is missing"),
    "documents of nothing": ("---\n" * 500_000, "more than 20,000 documents"),
    "documents of little": ("a: 1\n---\n" * 100_000, "more than 20,000 documents"),
    "documents by other line ends": ("---\x85" * 30_000, "more than 20,000 documents"),
    "tags with many names": ("".join(f"%TAG !a{n}! b\n" for n in range(100_000)), "more than 100 lines that begin"),
    "tags on other lines": ("".join(f"%TAG !a{n}! b\u2028" for n in range(100_000)), "more than 100 lines"),
    "a million digits": ("a: " + "9" * 1_000_000, "apiVersion is missing"),
    "a million octal digits": ("a: 0" + "7" * 1_000_000, "apiVersion is missing"),
    "a million digits under a tag": ("a: !!int " + "9" * 1_000_000, "1:4: its tag demands a number"),
    "marks on every line": ("\ufeff---\n" * 15_000 + "- a", "an object was expected"),
    "marks alone": ("\ufeff" * 1_000_000 + "- a", "1:1: an object was expected"),
    "a key that is a list": ("? [a]\n: 1", "1:3: a mapping's key must be a plain word"),
    "a key that is nothing": ("a: 1\n~: 1", "2:1: a mapping's key must not be empty or null"),
    "a key too large": ("18446744073709551615: 1", "1:1: this key is a number too large for 64 bits"),
    "merging a word": ("a: {<<: x}", "1:9: `<<` merges mappings only"),
    "a list in itself": ("a: &a [*a]", r"1:4: an alias that holds itself"),
    "a mapping in itself": ("a: &a {b: *a}", "an alias that holds itself"),
    "a merge of itself": ("a: &a {<<: *a}", "an alias that holds itself"),
    "a key that is a mapping": ("a: &a {? *a : 1}", "key must be a plain word"),
    "python's objects": ("a: !!python/object/apply:os.system [id]", r"1:4: the tag !!python/object/apply:os"),
    "python's names": ("!!python/name:os.system x: 1", "is not supported"),
    "a tag of one's own": ("a: !vault secret", "the tag !vault is not supported"),
    "a key twice": ("a: 1\nb: 2\na: 3", r"3:1: the key 'a' stands twice"),
    "a key twice in two spellings": ("on: 1\nyes: 2", "the key 'true' stands twice"),
    "a tab": ("a:\n\tb: 1", r"2:1: .*a tab: YAML is indented with spaces"),
    "a null byte": ("a: b\nc: \x00", r"2:4: control characters are not allowed \(#x00\)"),
    "a control character after umlauts": ("ä: äöü\nb: \x01", r"2:4: control characters are not allowed \(#x01\)"),
    "infinity": ("a: .inf", r"1:4: this is not a number"),
    "not a number": ("a: [.nan]", "is not a number"),
    "half an emoji": ('a: "\\ud83d"', "1:"),
    "an open quote": ('a: 1\nb: "x\n\n\n', "2:4: .*unexpected end of stream"),
    "an open brace in a last line without an end": ("a: 1\nb: {", "evil.yaml:2:5: .*did not find expected node"),
    "an open bracket behind odd ends of lines": ("\x85\u2028- x: [", "evil.yaml:3:7: .*did not find"),
    "a document that is tagged nothing and is something": ("--- !!null x", "1:5: its tag demands nothing"),
    "an unknown alias": ("a: *b", "1:4: found undefined alias"),
    "eleven megabytes": ("a: " + "x" * (11 << 20), "larger than 10 MiB: split it"),
    "a number without an end, and no JSON behind it": ('{"a": ' + "6" * 400 + '2v1"', "1:7: this is not a number"),
    "a group without a version": (
        "apiVersion: apps/\nkind: A\nmetadata: {name: a}",
        r"1:13: apiVersion 'apps/' of A: write a version \(v1\) or group/version",
    ),
    "a version of three parts": ("apiVersion: a/b/c\nkind: A\nmetadata: {name: a}", "1:13: apiVersion 'a/b/c' of A"),
    "a list as a document": ("- a", "1:1: an object was expected here, this is a list"),
    "a word as a document": ("---\nhello", "2:1: an object was expected here, this is text"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_yaml_is_refused_with_its_place(name: str) -> None:
    """Whatever YAML I push, the answer comes within seconds and names file, line and column."""
    text, words = HOSTILE[name]
    started = time.process_time()
    with pytest.raises(InvalidManifest, match=words) as caught:
        read_manifests(text, "deploy/evil.yaml")
    assert time.process_time() - started < 5
    assert caught.value.summary.startswith("deploy/evil.yaml:")
    assert len(caught.value.summary) < 300


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, r"evil\.json:1:101: nested more than 100 levels deep"),
        ('{"a":' * 100_000, r"evil\.json:1:501: nested more than 100 levels deep"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ('{"a": NaN}', r"evil\.json:1:7: this is not a number that JSON knows"),
        ('{"a": -Infinity}', "1:7: this is not a number"),
        ('{"a": 1e999}', "not a number that JSON knows"),
        ('{"a": ' + "9" * 5_000 + "}", "not a number that JSON knows"),
        ('{\n "a": b}', r"2:7: this is not JSON"),
        ("[]", "an object was expected here, this is a list"),
        ("{}" * 5_000_000, "more than 1,000,000 values"),
        ('{"a": NaN, "' + '\\"' * 5_000_000, "1:7: this is not a number"),
        ('{"a": NaN, ' + '"' * 10_000_000, "1:7: this is not a number"),
        # Python 3.13 reads deeper than 3.11, and comes to the end before it.
        ('{"a":' * 2_000 + '"' + '\\"' * 5_000_000, "nested more than 100 levels deep|Unterminated string"),
        ('{"a": [1,\n {"b": 1, "c": {"b": 1, "b": 2}}]}', r"2:25: the key 'b' stands twice in one object"),
    ],
)
def test_hostile_json_is_refused_with_its_place(text: str, words: str) -> None:
    """JSON files are guarded as YAML files are."""
    with pytest.raises(InvalidManifest, match=words):
        read_manifests(text, "deploy/evil.json")


@pytest.mark.programs
def test_the_process_survives_all_of_it_in_a_small_stack() -> None:
    """No text crashes the worker, which would take a hundred other deployments with it."""
    program = (
        "import threading; threading.stack_size(1 << 20)\n"
        "from pushboat.errors import InvalidManifest\n"
        "from tests.manifests.test_hostile_yaml import HOSTILE\n"
        "from workers.manifests.reading import read_manifests\n"
        "refused = []\n"
        "def read():\n"
        "    for text, _ in HOSTILE.values():\n"
        "        try:\n"
        "            read_manifests(text, 'a.yaml')\n"
        "        except InvalidManifest as error:\n"
        "            refused.append(error)\n"
        "thread = threading.Thread(target=read); thread.start(); thread.join()\n"
        "print(len(refused))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, str(len(HOSTILE))), done.stderr


def test_bytes_that_are_not_utf8_are_named_with_their_line() -> None:
    """A file in another encoding is told by line and column."""
    with pytest.raises(InvalidManifest, match=r"a\.yaml:2:4: this is not UTF-8 text"):
        decode(b"a: b\nc: \xff\n", "a.yaml")
    with pytest.raises(InvalidManifest, match=r"a\.yaml:1:1: this is UTF-16 text without a byte order mark"):
        decode("a: b".encode("utf-16-le"), "a.yaml")
    with pytest.raises(InvalidManifest, match=r"a\.yaml:1:1: this is UTF-32 text: save the file as UTF-8"):
        decode("a: b".encode("utf-32"), "a.yaml")
    with pytest.raises(InvalidManifest, match=r"a\.yaml:2:4: this is not UTF-16 text"):
        decode("a: b\nc: ".encode("utf-16") + b"\x3d\xd8", "a.yaml")


def test_a_file_that_ends_in_an_empty_document_is_read_beside_a_lone_tag() -> None:
    """`!` makes text of a word, and what follows the last `---` is nothing at all."""
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {b: ! 12}\n---\n"
    (found,) = read_manifests(text, "deploy/app.yaml")
    assert found.body["data"] == {"b": "12"}
