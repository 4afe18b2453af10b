"""Plays a page as a reader would: its blocks in order, in one shell, in one folder, with a home of its own."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.documents.blocks import ROOT, Block
from tests.until import until

READY = """mkfifo ready
{ pushboat serve --ready-file ready > serve.log 2>&1 || { cat serve.log; echo > ready; } } &
read -r said < ready
test -n "$said"
"""
"""What "wait until it says that it is ready" is to a shell; where it ends before it is, so does the page."""
WITHIN = 180.0


class Stopped(AssertionError):
    """A reader would have stopped here."""


def play(page: Sequence[Block], folder: Path, given: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """Run the blocks in `folder`, with each of `given` put for what the page says, and give all that was printed.

    Raises:
        Stopped: at the first command that fails, with everything that was printed.
    """
    script = folder / "page.sh"
    script.write_text("set -euo pipefail\n" + "\n".join(_step(block, given) for block in page) + "\n")
    home = folder / "home"
    home.mkdir()
    place = folder / "work"
    place.mkdir()
    with (folder / "printed").open("w") as output:
        started = subprocess.Popen(
            ["bash", str(script)],
            cwd=place,
            env={
                "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}",
                "HOME": str(home),
                "PYTHONPATH": str(ROOT),
                "GIT_CONFIG_NOSYSTEM": "1",
                "LANG": "C.UTF-8",
                **environ,
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        code = started.wait(WITHIN)
    finally:
        _end(started.pid)
        started.wait()
    printed = (folder / "printed").read_text()
    if code:
        raise Stopped(f"{page[0].page} ended with {code}:\n{printed}")
    return printed


def _step(block: Block, given: Mapping[str, str]) -> str:
    text = block.text
    for said, here in given.items():
        text = text.replace(said, here)
    if block.file:
        return f"cat > {block.file} <<'PAGE'\n{text}PAGE"
    commands = text.replace("pushboat serve &\n", READY)
    return f"set -x\n{commands}{{ set +x; }} 2> /dev/null"


def _end(group: int) -> None:
    """End what a page has left running, which its shell's group is."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, how)
        except ProcessLookupError:
            return
        if how is signal.SIGTERM:
            _wait(group)


def _wait(group: int) -> None:
    def gone() -> bool:
        return not any(_in_group(entry, group) for entry in Path("/proc").iterdir() if entry.name.isdigit())

    until(gone, within=120, what="the end of what a page started")


def _in_group(entry: Path, group: int) -> bool:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] != "Z" and int(fields[2]) == group
