"""A small file cannot cost a worker its memory or its minutes; a refusal repeats no value, which may be a secret."""

import time
from collections.abc import Callable

import pytest

from pushboat.errors import InvalidManifest
from workers.manifests.reading import read_manifests

pytestmark = pytest.mark.programs

KEYS = [f"key{each}" for each in range(100_000)]


def repeated_key() -> tuple[str, str]:
    return "{" + ",".join(f'"{key}":1' for key in [*KEYS, KEYS[-1]]) + "}", "a.json"


def merged_again_and_again() -> tuple[str, str]:
    merges = ", ".join(["*a"] * 100_000)
    return f"a: &a {{{', '.join(f'{key}: 1' for key in KEYS)}}}\nb:\n  <<: [{merges}]\n", "a.yaml"


def many_values() -> tuple[str, str]:
    return f"a: [{'a,' * 4_000_000}]", "a.yaml"


def many_pairs() -> tuple[str, str]:
    return f"a: {{{','.join(f'k{each}' for each in range(600_000))}}}", "a.yaml"


@pytest.mark.parametrize("made", [repeated_key, merged_again_and_again, many_values, many_pairs])
def test_a_file_made_to_be_slow_is_refused_at_once(made: Callable[[], tuple[str, str]]) -> None:
    """I get the reason within seconds, whatever was pushed."""
    text, file = made()
    began = time.process_time()
    with pytest.raises(InvalidManifest, match=r"a\.(json|yaml):.*(twice|more than)"):
        read_manifests(text, file)
    assert time.process_time() - began < 10


def test_half_a_character_is_refused_by_its_file() -> None:
    """A lone half of a surrogate pair is my file's mistake; a whole pair is text."""
    text = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"%s"}}'
    with pytest.raises(InvalidManifest, match=r"a\.json:1:76: half of a surrogate pair"):
        read_manifests(text % r"\ud800", "a.json")
    for wrong in (r"\\ud83d \ud83d\udea2 \udea2", r"\ud83d\udea2 \ud83d and more", r"\ud83d\n\udea2"):
        with pytest.raises(InvalidManifest, match=r"a\.json:3:\d+: half of a surrogate pair"):
            read_manifests(text.replace('"data"', '\n\n"data"') % wrong, "a.json")
    (boat,) = read_manifests(text % r"\ud83d\udea2", "a.json")
    assert boat.body["data"] == {"a": "\N{SHIP}"}


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("password: !!binary hunter2hunter2\n", "a.yaml"),
        ("password: !!int hunter2hunter2\n", "a.yaml"),
        ("password: !!float 1234e56789\n", "a.yaml"),
        ('{"password": 1234e56789}', "a.json"),
        (f'{{"pin": {"1234" * 200}}}', "a.json"),
    ],
)
def test_a_refused_value_is_not_repeated(text: str, file: str) -> None:
    """An unquoted password that reads as a number is named by its place, not by itself."""
    with pytest.raises(InvalidManifest, match=r"a\.(yaml|json):1:\d+: ") as wrong:
        read_manifests(text, file)
    assert "1234" not in str(wrong.value.summary)
    assert "hunter2" not in str(wrong.value.summary)


def test_a_tag_cannot_write_on_the_terminal() -> None:
    """A tag's escaped control characters are shown, not obeyed."""
    with pytest.raises(InvalidManifest, match="is not supported") as wrong:
        read_manifests("a: !%1b%5b31mred x\n", "a.yaml")
    assert wrong.value.summary.isprintable()


def test_a_huge_kind_is_cut() -> None:
    """What I wrote comes back as a word, not as a page."""
    with pytest.raises(InvalidManifest, match="has no metadata") as wrong:
        read_manifests(f"apiVersion: v1\nkind: {'K' * 100_000}\n", "a.yaml")
    assert len(wrong.value.summary) < 200
