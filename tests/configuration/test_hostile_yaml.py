"""Hostile YAML is a clear mistake at its place, quickly, and never the end of the process."""

import pytest

from pushboat.config import repository
from pushboat.config.document import LARGEST_FILE_BYTES, read
from pushboat.errors import InvalidRepositoryFile

BOMB = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
MERGE_BOMB = "a0: &a0 {k: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 12)
)
DEEP_BY_ALIAS = "a0: &a0 []\n" + "".join(f"a{n}: &a{n} {'[' * 40}*a{n - 1}{']' * 40}\n" for n in range(1, 4))
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "30,000 brackets": ("[" * 30_000, "1:51: nested more than 50 levels deep"),
    "a million braces": ("{" * 1_000_000, "1:2: a key must be a plain word"),
    "30,000 dashes": ("- " * 30_000, "1:101: nested more than 50 levels deep"),
    "an alias bomb": (BOMB, "aliases make more than 20000 values of this"),
    "a bomb of merge keys": (MERGE_BOMB, "'<<' merges mappings, few and not deeply nested"),
    "depth by aliases": (DEEP_BY_ALIAS, "nested more than 50 levels deep"),
    "a cycle": ("a: &a [*a]", "1:8: the alias *a contains itself"),
    "a cycle of merges": ("a: &a {<<: *a}", "1:12: the alias *a contains itself"),
    "an alias to nothing": ("a: *b", "1:4: no anchor &b before this alias"),
    "a merge of a word": ("a: {<<: b}", "1:5: '<<' merges mappings, few and not deeply nested"),
    "too many values": ("[" + "1," * 30_000 + "]", "more than 20000 values: no file of ours is that large"),
    "too large": (
        "#" * (LARGEST_FILE_BYTES + 1),
        f"1:1: the file has {LARGEST_FILE_BYTES + 1} bytes, more than the {LARGEST_FILE_BYTES} that are read",
    ),
    "an object": (
        "a: !!python/object/apply:os.system [id]",
        "1:4: the tag 'tag:yaml.org,2002:python/object/apply:os.system' is not read here: write the value itself",
    ),
    "a mapping as key": ("? {a: b}\n: c", "1:3: a key must be a plain word"),
    "NUL": ("a: b\nc: \0", "2:4: not YAML: control characters are not allowed"),
    "half a surrogate pair": ("a: b\nc: \ud800", "2:4: a character here is half of a surrogate pair, not text"),
    "Latin-1": ("a: b\nc: é".encode("latin-1"), "2:4: not UTF-8 text: save the file as UTF-8"),
    "UTF-16": ("a: b".encode("utf-16"), "1:1: not UTF-8 text: save the file as UTF-8"),
    "a number without end": ("a: " + "9" * 100_000, "unknown key 'a'"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_it_is_a_mistake_with_a_place(case: str) -> None:
    """Whoever pushes it gets a red status, and nobody else notices."""
    text, expected = HOSTILE[case]
    with pytest.raises(InvalidRepositoryFile) as raised:
        repository.parse(text)
    assert expected in raised.value.details
    assert len(raised.value.details) < 2_000


@pytest.mark.slow
def test_thousands_of_mistakes_are_a_page_of_mistakes() -> None:
    """Nobody can make a status or a page of a megabyte."""
    many = "environments: {qa: {" + ", ".join(f"k{number}: 1" for number in range(9_000)) + "}}"
    with pytest.raises(InvalidRepositoryFile) as raised:
        repository.parse(many)
    assert len(raised.value.mistakes) == 100
    assert "and 8,901 mistakes more from here on: correct these first" in str(raised.value.mistakes[-1])


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    """Files saved on Windows work."""
    assert repository.parse(b"\xef\xbb\xbfenvironments:\r\n  qa: {path: a}\r\n").environments["qa"].said == {
        "path": "a"
    }


def test_plain_scalars_keep_what_was_written() -> None:
    """Versions, dates and octal numbers are not turned into something else."""
    written = "[1.10, 2024-01-02, 12:30:00, 0644, 1e3, 7, -7, yes, Off, ~, null, '5', 0x1F, !!str 5, .inf]"
    assert read(written, "x").data == [
        "1.10", "2024-01-02", "12:30:00", "0644", "1e3", 7, -7, True, False, None, None, "5", "0x1F", "5", ".inf"
    ]  # fmt: skip
