"""The blocks of a page that a reader is to do: commands to run, and files to write, in order."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("sh", "console", "bash", "shell")
_FENCED = re.compile(r"^(?P<dent> *)```(?P<language>\w*)(?: (?P<file>\S+))?\n(?P<text>.*?)^(?P=dent)```$", re.M | re.S)
_INDENTED = re.compile(r"(?<=\n\n)(?:    [^\n]+\n)+")
_A_PROGRAM = re.compile(r"    (?:pushboat|make|git|kubectl|helm|docker|openssl|export|sops|pip|pipx|uv|curl) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Commands (`file` is empty), or what to write into a file."""

    page: str
    text: str
    file: str = ""

    @property
    def first(self) -> str:
        """Give the first line, by which a list names a block."""
        return self.text.partition("\n")[0]


def pages() -> list[str]:
    """List the pages that people follow; decisions and changes tell what was."""
    found = [
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "examples").rglob("*.md"),
    ]
    return sorted(str(page.relative_to(ROOT)) for page in found if "adr" not in page.parts)


def blocks(page: str) -> list[Block]:
    """Read a page's blocks in order."""
    text = (ROOT / page).read_text()
    return [
        Block(page=page, text=found["text"], file="" if found["language"] in COMMANDS else found["file"])
        for found in _FENCED.finditer(text)
        if found["language"] in COMMANDS or found["file"]
    ]


def unfenced(page: str) -> list[str]:
    """Find commands that stand indented, without a fence: nothing runs these."""
    rest = _FENCED.sub("", (ROOT / page).read_text())
    return [found for found in _INDENTED.findall(rest) if _A_PROGRAM.match(found)]
