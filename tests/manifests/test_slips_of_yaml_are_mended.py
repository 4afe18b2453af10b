"""A file that is no YAML: the parser's words say what it met, ours what to write instead."""

import pytest

from pushboat.errors import InvalidManifest
from workers.manifests.reading import read_manifests

SLIPS = {
    "a: b: c": 'a.yaml:1:5: .*quote a value that has ": " in it',
    "a: 1\n b: 2": r"a.yaml:2:3: .*indent the line as its neighbours are",
    "a: {b:}": r"a.yaml:1:6: .*write a blank behind the colon",
    "a: 1\nb:c\nd: 1": r"a.yaml:3:1: .*write a colon and a blank behind the key",
    'a: "\\d"': r"a.yaml:1:5: .*a backslash is written \\\\",
    "- a\nb: 1": r"a.yaml:2:1: .*begin each item with a dash",
    "a: [b, c": r"a.yaml:1:9: .*write the comma that is missing, or what closes it",
    "a: {b: 1 c: 2}": r"a.yaml:1:11: .*write the comma that is missing",
    "a: 'it's'": r"a.yaml:1:8: .*close quotes and brackets",
    'a: "b': r"a.yaml:1:4: .*close the quote",
    "a: &": r"a.yaml:1:5: .*begins with &",
    "a: *": r"a.yaml:1:5: .*begins with \*",
    "a: %b": r"a.yaml:1:4: .*begins with %",
    "a:\n\tb: 1": r"a.yaml:2:1: .*a tab: YAML is indented with spaces",
}


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_told_with_what_mends_it(text: str) -> None:
    """I forget a blank, a quote or a bracket, and read where and what to write, at night too."""
    with pytest.raises(InvalidManifest, match=SLIPS[text]):
        read_manifests(text, "a.yaml")
