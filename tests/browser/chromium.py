"""A Chromium for the tests and the pictures: the one on PATH, or the one that Playwright brought."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    f"no browser: none of {', '.join(NAMES)} is on PATH, and Playwright has none of its own; "
    "run `.venv/bin/playwright install --with-deps chromium`, or install your system's package `chromium`"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start one, which ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(playwright), args=["--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def program(playwright: Playwright) -> str:
    """Find the program, or say which command brings one."""
    own = Path(playwright.chromium.executable_path)
    found = next((path for name in NAMES if (path := shutil.which(name))), str(own) if own.exists() else "")
    if not found:
        raise AssertionError(MISSING)
    return found


if __name__ == "__main__":
    with sync_playwright() as found_by:
        sys.stdout.write(f"{program(found_by)}\n")
