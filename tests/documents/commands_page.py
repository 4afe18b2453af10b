"""The reference of commands: every command's own words, options and examples, as its `--help` has them."""

from collections.abc import Iterator

import click

from cli.examples import EXAMPLES
from cli.main import PROCESSES, pushboat

HEAD = """# Commands

Every command with its arguments, options and examples, as `pushboat COMMAND --help` says them. `make docs` writes this
page from the commands themselves.

Exit codes: 0 done, 1 the answer is no, 2 usage or configuration, 3 could not find out, 130 Ctrl-C. `--config FILE` may
stand anywhere on the line. `--json` prints for programs; what it prints stands in [the API](../api.md) and in
[the configuration](../configuration/json.md#a-deployment-in-json).
"""
EVERYWHERE = ("--config", "--json", "--help")
"""Options that the head tells of once."""


def commands_page() -> str:
    """Write the page."""
    context = click.Context(pushboat, info_name="pushboat")
    found = [(name, pushboat.get_command(context, name)) for name in pushboat.list_commands(context)]
    parts = [part for name, command in found if command is not None for part in _parts(name, command)]
    processes = ", ".join(f"`pushboat {name}`" for name in PROCESSES)
    tail = (
        f"## Single processes\n\n`pushboat serve` starts them all; a supervisor of yours may start each: {processes}.\n"
    )
    return "\n".join((HEAD, *parts, tail))


def _parts(name: str, command: click.Command) -> Iterator[str]:
    if command.hidden:
        return
    if isinstance(command, click.Group):
        yield f"## pushboat {name}\n\n{_words(command)}\n"
        for below, each in command.commands.items():
            yield from _parts(f"{name} {below}", each)
        return
    heading = "##" if " " not in name else "###"
    arguments = " ".join(_usage(each) for each in command.params if isinstance(each, click.Argument))
    yield f"{heading} pushboat {name}\n\n```text\n{f'pushboat {name} {arguments}'.rstrip()}\n```\n\n{_words(command)}\n"
    if rows := [_row(each) for each in command.params if isinstance(each, click.Option) and _is_own(each)]:
        yield "\n".join(("| Option | What it does |", "|---|---|", *rows)) + "\n"
    if examples := EXAMPLES.get(name):
        yield "For example: " + ", ".join(f"`pushboat {each}`" for each in examples) + "\n"


def _words(command: click.Command) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (command.help or "").replace("\b", "").split("\n\n"))


def _usage(argument: click.Argument) -> str:
    return argument.make_metavar(click.Context(click.Command("pushboat")))


def _is_own(option: click.Option) -> bool:
    return not option.hidden and not set(option.opts) & set(EVERYWHERE)


def _row(option: click.Option) -> str:
    context = click.Context(click.Command("pushboat"))
    taken = "" if option.is_flag else f" {option.make_metavar(context)}"
    names = ", ".join((*option.opts, *option.secondary_opts))
    words = (option.help or "").replace("|", "\\|").replace("\n", " ")
    return f"| `{names}{taken}` | {' '.join(words.split())} |"
