"""Anchors, aliases, merges and keys that stand twice."""

from tests.manifests.cases.words import HEAD, SECOND, Cases, block

_SHAPES = {
    "alias of a word": "a: &a 010\nb: *a",
    "alias of a list": "a: &a [1, 2]\nb: *a",
    "alias of a mapping": "a: &a {b: 1}\nb: *a\nc: [*a, *a]",
    "alias of nothing": "a: &a\nb: *a",
    "alias of an alias": "a: &a 1\nb: &b [*a]\nc: *b",
    "alias as a key": "a: &a b\n*a : 1",
    "alias of a number as a key": "a: &a 010\n*a : 1",
    "alias of a mapping as a key": "a: &a {}\n*a : 1",
    "anchor on a key": "&a a: 1\nb: *a",
    "anchor given anew": "a: &a 1\nb: *a\nc: &a 2\nd: *a",
    "anchor given anew inside of itself": "a: &a {b: &a 1, c: *a}\nd: *a",
    "anchor with signs": "a: &a-b_c 1\nb: *a-b_c",
    "anchor with a tag": "a: &a !!str 1\nb: !!str &b 2\nc: [*a, *b]",
    "unknown alias": "a: *b",
    "alias before its anchor": "a: *b\nb: &b 1",
    "a list in itself": "a: &a [*a]",
    "a mapping in itself": "a: &a {b: *a}",
    "merge": "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3",
    "merge behind a key": "a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a",
    "merge between keys": "a: &a {x: 1, y: 2}\nb: {x: 0, <<: *a, y: 3}",
    "merge of several": "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}",
    "merge of several behind a key": "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {y: 0, <<: [*a, *b]}",
    "merge twice": "a: &a {x: 1, y: 1}\nb: &b {x: 2}\nc: {<<: *a, <<: *b}",
    "merge written out": "b: {<<: {x: 1}, y: 2}",
    "merge of a list written out": "b: {<<: [{x: 1}, {x: 2, z: 3}], y: 2}",
    "merge of what merges": "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, z: 3}",
    "merge is not deep": "a: &a {x: {p: 1}}\nb: {<<: *a, x: {q: 2}}",
    "merge of nothing": "b: {<<: , x: 1}",
    "merge of null": "b: {<<: ~, x: 1}",
    "merge of an empty mapping": "b: {<<: {}, x: 1}",
    "merge of an empty list": "b: {<<: [], x: 1}",
    "merge of a word": "b: {<<: x}",
    "merge of a list of words": "b: {<<: [x]}",
    "merge of an alias of a list": "a: &a [{x: 1}]\nb: {<<: *a}",
    "merge of an alias of a word": "a: &a x\nb: {<<: *a}",
    "merge in quotes": "b: {'<<': {x: 1}}",
    "merge in double quotes": 'b: {"<<": {x: 1}}',
    "merge by its tag": "b: {!!merge '<<': {x: 1}}",
    "merge tag on another word": "b: {!!merge m: {x: 1}}",
    "merge as text": "b: {!!str <<: {x: 1}}",
    "merge into a sequence's item": "a: &a {x: 1}\nb:\n- <<: *a\n  y: 2",
    "merge of itself": "a: &a {<<: *a}",
    "merge of numbers as keys": "a: &a {1: x}\nb: {<<: *a, '1': y}",
    "merge with on and true": "a: &a {on: x}\nb: {<<: *a, 'true': y}",
    "twice": "a: 1\nb: 2\na: 3",
    "twice in flow": "a: {b: 1, b: 2}",
    "twice in two spellings": "on: 1\nyes: 2",
    "twice as number and text": "1: a\n'1': b",
    "twice as octal and number": "010: a\n8: b",
    "twice in quotes": "a: 1\n'a': 2",
    "twice as the same": "a: 1\na: 1",
    "key in another case": "a: 1\nA: 2",
}


def cases() -> Cases:
    """Give each shape below `spec`, and what goes over the end of a document."""
    found = {f"shape: {name}": block(lines) for name, lines in _SHAPES.items()}
    return found | {
        "anchor of another document": f"{HEAD}spec: &a 1\n---\n{SECOND}spec: *a\n",
        "anchor in two documents": f"{HEAD}spec: [&a 1, *a]\n---\n{SECOND}spec: [&a 2, *a]\n",
        "anchor beside the fields": f"x: &a {{b: 1}}\n{HEAD}spec: *a\n",
        "merge at the top": f"x: &a {{spec: 1}}\n<<: *a\n{HEAD}",
        "merge of the head": "<<: {apiVersion: example.com/v1, kind: Thing}\nmetadata: {name: NAME}\n",
        "kind stands twice": f"{HEAD}kind: Thing\n",
        "nine levels of aliases": block(
            "a: &a [x, x, x]\n" + "\n".join(f"{b}: &{b} [*{a}, *{a}, *{a}]" for a, b in zip("abc", "bcd", strict=True))
        ),
        "fifty levels": block("a: " + "[" * 50 + "]" * 50),
        "ninety levels": block("a: " + "{b: " * 90 + "c" + "}" * 90),
    }
