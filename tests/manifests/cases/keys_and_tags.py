"""Words as keys, in quotes, under tags, and in blocks of text."""

from tests.manifests.cases.words import Cases, block, spec

_KEYS = (
    "on Off y N yes true False 1 010 0x1F 0b11 1_000 -1 +1 08 1.0 1.5 0.1 -0.5 1e3 1e6 1000000 1000000.0 1e7 "
    "12345678.0 123456.5 1234567.5 0.001 0.0001 0.00001 1e30 1e38 1e39 -1e39 1e-46 3.14159265358979 16777217.0 "
    "1e999 .inf -.inf .nan 9007199254740993 9223372036854775808 99999999999999999999 1e21 -0.0 0.0 2026-01-02 "
    "12:30:00 <<a = é a.b/c .5 .5_0 1e-5 123456789e-9 33554433.0 "
)
_BAD_KEYS = ("~", "null", "NULL", "''", '""', "[a]", "{a: b}", "? ", "!!null ''", "!foo a", "!!binary YQ==")
_TAGGED = (
    "!!str 5|!!str 010|!!str on|!!str ~|!!str|!!str null|!!int 5|!!int '5'|!!int \"0x10\"|!!int 010|!!int 5.0|"
    "!!int abc|!!int ''|!!int on|!!float 3|!!float 3.5|!!float '3.5'|!!float 0x10|!!float abc|"
    "!!float 18446744073709551615|!!float .inf|!!bool yes|!!bool 'on'|!!bool 1|!!bool abc|!!null ''|!!null ~|"
    "!!null x|!!null 'null'|!!timestamp 2026-01-02|!!timestamp '2026-01-02'|!!timestamp abc|!!timestamp 123|"
    "!!binary aGVsbG8=|!!binary aGVs bG8=|!!binary hello|!!binary gIGC|!!binary ''|!!merge x|!!merge <<|! 5|"
    "! '5'|! on|! ~|! |! 'on'|! !!int 5|[! 5, ! on]|!  010|! [1]|! {a: 1}|!foo 5|!foo [1]|!foo {a: 1}|"
    "!!map {a: 1}|!!seq [1]|!!seq {a: 1}|!!map [1]|!!omap [a: 1]|!!set {a, b}|!!pairs [a: 1]|!!python/none x|"
    "!!python/object/apply:os.system [id]|!<tag:yaml.org,2002:int> 5|!<tag:yaml.org,2002:str> 5|!<!foo> 5|"
    "!e!foo 5|!!value =|!!yaml !"
)
_QUOTED = (
    '\'on\'|"on"|\'010\'|"1e3"|\'\'|""|\'it\'\'s\'|"a\\nb"|"a\\tb"|"\\x41\\u00e9\\U0001F6A2"|"\\ud83d\\ude00"|'
    '"\\e\\a\\b\\0"|"\\N\\_\\L\\P"|"\\/"|"\\q"|"a\\\n  b"|"a\n  b"|"a\n\n  b"|\'a\n\n  b\'|" a "|"~"|\'<<\'|'
    '\'null\'|"\\""|"\ufeff"|\'a: b\'|\'# no\'|"\\x"|"\\xff"'
)
_BLOCKS = {
    "literal": "a: |\n  one\n  two",
    "literal, stripped": "a: |-\n  one\n  two\n",
    "literal, kept": "a: |+\n  one\n\n\nb: x",
    "literal, indented": "a: |2\n    one\n  two",
    "literal, empty": "a: |\nb: x",
    "literal, empty and kept": "a: |+\n\n\nb: x",
    "literal number": "a: |\n  010",
    "literal number, stripped": "a: |-\n  010",
    "folded": "a: >\n  one\n  two\n\n  three",
    "folded, stripped": "a: >-\n  one\n  two",
    "folded with more indented": "a: >\n  one\n    two\n  three",
    "folded number": "a: >-\n  1e3",
    "literal with a comment": "a: | # here\n  # not here\n  x",
    "literal with tabs": "a: |\n  \tone\n  two\t",
    "literal with dashes": "a: |\n  ---\n  ...\n  x",
    "literal indented less first": "a: |\n    one\n   two",
    "plain over lines": "a: one\n  two\n\n  three",
    "plain with a colon": "a: one: two",
    "plain with a colon inside": "a: one:two",
    "sequence at the key's column": "a:\n- 1\n- 2",
    "sequence of sequences": "a:\n- - 1\n  - 2\n- [3, [4]]",
    "sequence with nothing": "a:\n-\n- ~\n- ''",
    "mapping in a sequence": "a:\n- b: 1\n  c: 2\n- {b: 3}",
    "explicit keys": "? a\n: 1\n? b\n? c\n: 3",
    "flow with trailing commas": "a: [1, 2,]\nb: {c: 1,}",
    "flow pair in a sequence": "a: [b: 1, c: 2]",
    "flow keys without values": "a: {b, c, d: 1}",
    "flow over lines": "a: [1,\n  2, # two\n  3]",
    "flow without spaces": 'a: {"b":1,"c":[1,2]}',
    "flow with words": "a: [on, off, ~, 010, 1e3, 2026-01-02, a b]",
    "empty collections": "a: {}\nb: []\nc: ''",
    "comments everywhere": "# one\na: 1 # two\n# three\nb: 2",
    "tab before a comment": "a: 1\t# one",
    "tab as indentation": "a:\n\tb: 1",
    "nothing below": "a:\nb:",
    "nulls": "a: ~\nb: null\nc: [~, null]\nd: {e: ~}",
    "wrong indentation": "a: 1\n b: 2",
    "an open bracket": "a: [1",
    "an open quote": "a: 'x",
    "reserved sign": "a: `x`",
    "reserved at": "a: @x",
    "percent sign": "a: %x",
}


def cases() -> Cases:
    """Give each key with its own name as the value, each tag and each way to quote."""
    found = {f"key {word}": spec(f"{{{word}: x}}") for word in _KEYS.split()}
    found |= {f"bad key {word}": block(f"{word}: x") for word in _BAD_KEYS}
    found |= {f"tagged {word}": spec(word) for word in _TAGGED.split("|")}
    found |= {f"quoted {word}": spec(word) for word in _QUOTED.split("|")}
    return found | {f"block: {name}": block(lines) for name, lines in _BLOCKS.items()}
