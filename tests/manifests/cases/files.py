"""Whole files: their bytes, their documents, their lists, and JSON."""

from tests.manifests.cases.words import HEAD, SECOND, Cases

_BOTH = f"{HEAD}---\n{SECOND}"
_JSON = '{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"NAME"},"spec":%s}'
_ENCODED = {
    "UTF-8 with its mark": b"\xef\xbb\xbf" + HEAD.encode(),
    "UTF-8 with two marks": b"\xef\xbb\xbf" * 2 + HEAD.encode(),
    "UTF-16 with its mark": b"\xff\xfe" + f"{HEAD}spec: \N{SHIP}\n".encode("utf-16-le"),
    "UTF-16, big end first": b"\xfe\xff" + f"{HEAD}spec: é\n".encode("utf-16-be"),
    "UTF-16 of two documents": b"\xff\xfe" + _BOTH.encode("utf-16-le"),
    "UTF-16 in JSON": b"\xff\xfe" + (_JSON % '"é"').encode("utf-16-le"),
    "UTF-16 without its mark": HEAD.encode("utf-16-le"),
    "UTF-16 with half a pair": b"\xff\xfe" + f"{HEAD}spec: ".encode("utf-16-le") + b"\x3d\xd8\n\x00",
    "UTF-16 with a byte too few": b"\xff\xfe" + f"{HEAD}spec: a".encode("utf-16-le")[:-1],
    "UTF-32": HEAD.encode("utf-32"),
    "Latin-1": f"{HEAD}spec: ".encode() + b"\xe9\n",
    "an overlong character": f"{HEAD}spec: ".encode() + b"\xc0\xaf\n",
    "half a pair in UTF-8": f"{HEAD}spec: ".encode() + b"\xed\xa0\xbd\n",
    "a zero byte": f"{HEAD}spec: a".encode() + b"\0b\n",
    "nothing at all": b"",
    "a mark alone": b"\xef\xbb\xbf",
}
_LINES = {
    "Windows line ends": _BOTH.replace("\n", "\r\n"),
    "Windows line ends in a text": f"{HEAD}spec: |\n  a\n  b\n".replace("\n", "\r\n"),
    "line ends of old": HEAD.replace("\n", "\r"),
    "line ends of old, two documents": _BOTH.replace("\n", "\r"),
    "line ends of both sorts": f"{HEAD}spec:\r\n  a: 1\n  b: 2\r\n",
    "no line end": HEAD.rstrip("\n"),
    "next line": f"{HEAD}spec: a\x85x: b\n",
    "line separator": f"{HEAD}spec: a\u2028x: b\n",
    "paragraph separator": f"{HEAD}spec: a\u2029x: b\n",
    "line separator in a text": f"{HEAD}spec: |\n  a\u2028  b\n",
    "form feed": f"{HEAD}spec: a\x0cb\n",
    "escape character": f"{HEAD}spec: a\x1bb\n",
    "delete character": f"{HEAD}spec: a\x7fb\n",
    "no character": f"{HEAD}spec: a\ufffeb\n",
    "a mark in a word": f"{HEAD}spec: a\ufeffb\n",
    "a private character": f"{HEAD}spec: \ue000\n",
    "tab behind a key": f"{HEAD}spec:\ta\n",
    "spaces behind everything": HEAD.replace("\n", "  \n"),
}
_FLOW = "{apiVersion: example.com/v1, kind: Thing, metadata: {name: NAME-b}}"
_DOCUMENTS = {
    "two": _BOTH,
    "with a start": f"---\n{HEAD}",
    "with a start and words": f"--- # one\n{HEAD}---   # two\n{SECOND}",
    "with empty ones": f"---\n---\n{HEAD}---\n\n---\n# nothing\n---\n~\n---\nnull\n---\n{SECOND}---\n",
    "with an end": f"{HEAD}...\n---\n{SECOND}",
    "with an end alone": f"{HEAD}...\n",
    "with an end and more": f"{HEAD}...\n{SECOND}",
    "with words on the line of its start": f"{HEAD}--- {_FLOW}\n",
    "with spaces before its start": f"{HEAD} ---\n{SECOND}",
    "with four dashes": f"{HEAD}----\n{SECOND}",
    "with a version": f"%YAML 1.1\n---\n{HEAD}",
    "with a later version": f"%YAML 1.2\n---\n{HEAD}",
    "with a tag's name": f"%TAG !e! tag:example.com,2000:\n---\n{HEAD}",
    "mark on the second": f"{HEAD}---\n\ufeff{SECOND}",
    "mark on each": f"\ufeff{HEAD}---\n\ufeff{SECOND}",
    "mark behind an empty line": f"{HEAD}---\n\n\ufeff{SECOND}",
    "mark behind a comment": f"{HEAD}---\n# more\n\ufeff{SECOND}",
    "mark before a start": f"{HEAD}\ufeff---\n{SECOND}",
    "mark and Windows line ends": f"{HEAD}---\n\ufeff{SECOND}".replace("\n", "\r\n"),
    "of a comment": "# nothing here\n",
    "of empty lines": "\n\n\n",
    "of a word": "hello\n",
    "of a list": "- a\n",
    "of a number": "42\n",
    "wrong in the second": f"{HEAD}---\na: [\n",
}
_ITEM, _OTHER = "{apiVersion: example.com/v1, kind: Thing, metadata: {name: NAME}}", "{metadata: {name: NAME-b}}"
_CONFIG = "{apiVersion: v1, kind: ConfigMap, metadata: {name: NAME}}"
_PLAIN, _TYPED = "apiVersion: v1\nkind: List\n", "apiVersion: v1\nkind: ConfigMapList\n"
_LISTS = {
    "of two": f"apiVersion: v1\nkind: List\nitems:\n- {_ITEM}\n- {_ITEM.replace('NAME', 'NAME-b')}\n",
    "of none": "apiVersion: v1\nkind: List\nitems: []\n",
    "of null": "apiVersion: v1\nkind: List\nitems: null\nmetadata: {resourceVersion: ''}\n",
    "of nothing": "apiVersion: v1\nkind: List\nitems:\n",
    "without items": "apiVersion: v1\nkind: List\n",
    "with a name": f"apiVersion: v1\nkind: List\nmetadata: {{name: x}}\nitems: [{_ITEM}]\n",
    "of lists": f"apiVersion: v1\nkind: List\nitems: [{{apiVersion: v1, kind: List, items: [{_ITEM}]}}]\n",
    "of an empty list": "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: []}]\n",
    "of a list of null": "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: null}]\n",
    "typed": "apiVersion: v1\nkind: ConfigMapList\nitems: [{metadata: {name: NAME}, data: {a: b}}]\n",
    "typed, with types": f"apiVersion: v1\nkind: ConfigMapList\nitems: [{_CONFIG}]\n",
    "typed, with another type": f"apiVersion: v1\nkind: ConfigMapList\nitems: [{_ITEM}]\n",
    "typed, with kind alone": f"{_TYPED}items: [{{kind: ConfigMap, metadata: {{name: NAME}}}}]\n",
    "typed, with version alone": f"{_TYPED}items: [{{apiVersion: v1, metadata: {{name: NAME}}}}]\n",
    "typed, of null": "apiVersion: v1\nkind: ConfigMapList\nitems: null\n",
    "typed, of a custom kind": "apiVersion: example.com/v1\nkind: ThingList\nitems: [{metadata: {name: NAME}}]\n",
    "typed, in a list": f"{_PLAIN}items: [{{apiVersion: v1, kind: ConfigMapList, items: [{_CONFIG}]}}]\n",
    "untyped items": f"apiVersion: v1\nkind: List\nitems: [{_OTHER}]\n",
    "of a word": "apiVersion: v1\nkind: List\nitems: [a]\n",
    "of a null item": "apiVersion: v1\nkind: List\nitems: [~]\n",
    "as a word": "apiVersion: v1\nkind: List\nitems: a\n",
    "as a mapping": "apiVersion: v1\nkind: List\nitems: {a: b}\n",
    "of another kind": f"{HEAD}items: [{_ITEM}]\n",
    "of a kind that ends so": "apiVersion: example.com/v1\nkind: ThingList\nmetadata: {name: NAME}\nitems: [a]\n",
    "of an alias twice": f"apiVersion: v1\nkind: List\nx: &a {_ITEM}\nitems: [*a]\n",
}
_VALUES = (
    '"a"|1|-0|1.0|1.5|1e3|1E400|9007199254740993|9223372036854775808|18446744073709551615|1e21|-0.0|null|true|[]|{}|[1,2]|'
    '{"a":{"b":[]}}|"\\ud83d\\udea2"|"\\ud83d"|"\\u0000"|"\\/"|"\t"|01|+1|.5|1.|0x1F|NaN|Infinity|\'a\'|on|{"a":1,"a":2}|'
    '{"a":1,}|[1,]|"<&>\u2028"|"010"|100000000000000000000|0.1|1e-7|{"":1}|"a" // no|123456789012345678901234567890'
)
_STREAMS = {
    "two in a row": _JSON % 1 + _JSON.replace("NAME", "NAME-b") % 2,
    "two on lines": _JSON % 1 + "\n" + _JSON.replace("NAME", "NAME-b") % 2 + "\n",
    "two with dashes between": _JSON % 1 + "\n---\n" + _JSON.replace("NAME", "NAME-b") % 2 + "\n",
    "with tabs": (_JSON % '"a"').replace(",", ",\n\t"),
    "behind spaces": "\n  " + _JSON % 1,
    "behind a comment": "# JSON\n" + _JSON % 1,
    "behind dashes": "---\n" + _JSON % 1,
    "as a list": '{"apiVersion":"v1","kind":"List","items":[' + _JSON % 1 + "]}",
    "as an empty list": '{"apiVersion":"v1","kind":"List","items":null}',
    "in YAML's own way": "{apiVersion: example.com/v1, kind: Thing, metadata: {name: NAME}}\n",
    "in an array": f"[{_JSON % 1}]",
    "open": (_JSON % 1)[:-1],
    "closed twice": _JSON % 1 + "}",
    "with a comment": _JSON % 1 + " # end",
    "before YAML": _JSON % 1 + f"\n---\n{SECOND}",
    "empty": "{}",
}


def cases() -> Cases:
    """Give each file."""
    return {
        **{f"bytes: {name}": raw for name, raw in _ENCODED.items()},
        **{f"lines: {name}": text for name, text in _LINES.items()},
        **{f"documents: {name}": text for name, text in _DOCUMENTS.items()},
        **{f"list {name}": text for name, text in _LISTS.items()},
        **{f"json {value}": _JSON % value for value in _VALUES.split("|")},
        **{f"json: {name}": text for name, text in _STREAMS.items()},
    }
