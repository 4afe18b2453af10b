"""Which commands of the engine may be asked for here, read from their files' text: importing them costs half a second.

So the overview shows a new file in `pushboat/routing/commands/` by itself, with its first line.
"""

import ast
from functools import cache
from pathlib import Path

import pushboat
from pushboat.model.command_words import COMMAND_LINE_WORDS

FOLDER = Path(pushboat.__file__).parent / "routing" / "commands"


@cache
def engine_commands() -> dict[str, str]:
    """Give each word that `pushboat` takes, with its line for the overview."""
    files = [file for file in sorted(FOLDER.glob("*.py")) if file.stem in COMMAND_LINE_WORDS]
    return {file.stem: (ast.get_docstring(ast.parse(file.read_text())) or "").partition("\n")[0] for file in files}
