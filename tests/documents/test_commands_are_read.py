"""Every `pushboat …` that a page says is one: the command is there, and takes these words and options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.main import PROCESSES, pushboat
from tests.documents.blocks import ROOT, blocks, pages

COMING = {"devcluster", "rbac", "notify", "audit"}
"""Commands that may be told of before they are on every branch."""
_INLINE = re.compile(r"`(pushboat [^`]+)`")
GENERATED = ("docs/reference/", "docs/errors.md")
"""Tests of their own hold these against the commands."""
_SHAPE = re.compile(r"[A-Z]{2,}|[…<>|\[\]{}]|\.\.\.")
"""What marks words that stand for others: REPOSITORY, <forge>, a|b, a list of commands."""


def in_blocks(page: str) -> Iterator[str]:
    """Give the lines of blocks that call us."""
    for block in blocks(page):
        for line in "" if block.file else block.text.replace("\\\n", " ").splitlines():
            words = line.strip().partition(" #")[0].removesuffix(" &").strip()
            if words.startswith("pushboat "):
                yield words


def inline(page: str) -> Iterator[str]:
    """Give what stands in the text as a whole command, and not as the shape of one."""
    text = re.sub(r"^ *```.*?^ *```", "", (ROOT / page).read_text(), flags=re.M | re.S)
    for found in _INLINE.findall(text):
        words = " ".join(found.split())
        if not _SHAPE.search(words):
            yield words


def read(words: str) -> None:
    """Let the command line read it, without doing it."""
    command: click.Command = pushboat
    context, rest = click.Context(command, info_name="pushboat"), shlex.split(words)[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(context, rest[0])
        assert found is not None, f"there is no such command: {words}"
        command, rest = found, rest[1:]
    if rest or not isinstance(command, click.Group):
        try:
            command.make_context(command.name, list(rest), parent=context)
        except click.exceptions.MissingParameter:
            assert all(word.startswith("-") for word in rest), words  # named in a sentence, without its arguments
        except click.exceptions.BadOptionUsage:  # an option that is named without its value
            if not rest[-1].startswith("--"):
                raise
        except click.exceptions.Exit:
            assert rest[-1:] in (["--help"], ["--version"]), words


@pytest.mark.parametrize("page", [each for each in pages() if not each.startswith(GENERATED)])
def test_a_page_names_commands_that_there_are(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """I copy a command out of a page, and the program knows each of its words."""
    monkeypatch.chdir(tmp_path)
    for name in ("payload.json", "headers.txt", "objects.yaml", "secret"):
        (tmp_path / name).write_text("{}")
    for folder in ("deploy", "rules", "shop"):
        (tmp_path / folder).mkdir()
    for words in (*in_blocks(page), *inline(page)):
        first = words.split()[1]
        if first not in COMING and first not in PROCESSES:
            read(words.partition(" > ")[0].partition(" && ")[0])
