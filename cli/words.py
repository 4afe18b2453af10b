"""Which commands of the engine may be asked for here, read from their files' text: importing them costs half a second.

So the overview shows a new file in `pushboat/routing/commands/` by itself, with its first line.
"""

import ast
from functools import cache
from pathlib import Path

import pushboat

FOLDER = Path(pushboat.__file__).parent / "routing" / "commands"
_FOR_THE_COMMAND_LINE = "ends_as"
"""The field of a command that says how it ends for whoever waits at a terminal."""


@cache
def words() -> dict[str, str]:
    """Give each word that `pushboat` takes, with its line for the overview."""
    found = {}
    for file in sorted(FOLDER.glob("*.py")):
        module = ast.parse(file.read_text())
        if any(isinstance(node, ast.keyword) and node.arg == _FOR_THE_COMMAND_LINE for node in ast.walk(module)):
            found[file.stem] = (ast.get_docstring(module) or "").partition("\n")[0]
    return found
