"""Every command's help ends with examples, and each of them is read by the command as it stands there."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.examples import EXAMPLES
from cli.main import pushboat as root
from tests.cli.conftest import Pushboat


def commands(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Give every command that people call, with what they type."""
    ctx = click.Context(group)
    for each in group.list_commands(ctx):
        found = group.get_command(ctx, each)
        assert found
        if isinstance(found, click.Group):
            yield from commands(found, f"{name}{each} ")
        else:
            yield f"{name}{each}", found


EVERY = dict(commands(root))


def test_every_command_has_some_and_none_is_of_another() -> None:
    """A new command comes with its example."""
    assert EXAMPLES.keys() == EVERY.keys()


@pytest.mark.parametrize("example", [each for examples in EXAMPLES.values() for each in examples])
def test_an_example_is_read_as_it_stands(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its options are there, its arguments are as many and of the type that the command takes."""
    monkeypatch.chdir(tmp_path)
    for file in ("payload.json", "headers.txt", "objects.yaml", "secret"):
        (tmp_path / file).write_text("{}")
    for folder in ("deploy", "rules", "shop"):
        (tmp_path / folder).mkdir()
    name = next(each for each in sorted(EVERY, key=len, reverse=True) if f"{example} ".startswith(f"{each} "))
    assert example in EXAMPLES[name]
    words = shlex.split(example.partition(" > ")[0])[len(name.split()) :]
    EVERY[name].make_context(name, words)


def test_help_shows_them(pushboat: Pushboat) -> None:
    """Below the options, one to a line."""
    told = pushboat("rollback", "--help").stdout
    assert "Examples:\n" in told
    assert "  pushboat rollback github/acme/shop staging\n" in told
    assert "pushboat deliveries replay 17" in pushboat("deliveries", "replay", "--help").stdout
