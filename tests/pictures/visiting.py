"""Plays the forge's demo as a visitor does: opens the page in a browser, signs in, comments, and sees it land."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.pictures.browser import Browser
from tests.until import until

ROOT = Path(__file__).resolve().parents[2]
COMMENT = "/deploy staging"
PATIENCE = 180.0
"""Seconds for each thing that a page shows; the demo starts a forge and a control plane first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What the demo tells its visitor."""

    page: str
    name: str
    password: str


@contextmanager
def invited(folder: Path) -> Iterator[Invitation]:
    """Start the demo, and end it with the block."""
    said = folder / "said"
    with said.open("wb") as out:
        words = [sys.executable, "-m", "cli.main", "demo", "--forge"]
        running = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield until(lambda: _read(running, said), within=PATIENCE, what="the page to open")
    finally:
        running.terminate()
        running.wait(60)


def visit(tab: Browser, invitation: Invitation) -> None:
    """Sign in, comment as the page invites to, and wait until its conversation says what runs."""
    forge = invitation.page.split("/acme/")[0]
    tab.open(f"{forge}/user/login")
    _fill(tab, "input[name=user_name]", invitation.name)
    _fill(tab, "input[name=password]", invitation.password)
    tab.run("document.querySelector('form.ui.form button').click()")
    until(lambda: "/user/login" not in str(tab.run("location.href")), within=PATIENCE, what="to be signed in")
    tab.open(invitation.page)
    _fill(tab, "#comment-form textarea", COMMENT)
    tab.run("document.querySelector('#comment-form button.primary').click()")
    until(lambda: _lands(tab, invitation.page), within=PATIENCE, what="the outcome in the conversation")


def _lands(tab: Browser, page: str) -> bool:
    tab.open(page)
    return bool(re.search(r"staging runs [0-9a-f]{7}", str(tab.run("document.body.innerText"))))


def _fill(tab: Browser, field: str, value: str) -> None:
    """Write into a field as a keyboard does: what watches it hears of it."""
    found = f"document.querySelector({json.dumps(field)})"
    until(lambda: tab.run(f"!!{found}"), within=PATIENCE, what=f"{field} on the page")
    tab.run(
        f"(field => {{ field.focus(); field.value = {json.dumps(value)}; "
        f"for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {{bubbles: true}})); }})({found})"
    )


def _read(running: "subprocess.Popen[bytes]", said: Path) -> Invitation | None:
    text = said.read_text()
    assert running.poll() is None, f"the demo ended:\n{text}"
    page = re.search(r"page: (\S+)", text)
    signs_in = re.search(r"sign in as (\S+) with the password (\S+), and", text)
    return Invitation(page=page[1], name=signs_in[1], password=signs_in[2]) if page and signs_in else None
