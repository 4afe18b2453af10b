"""The nouns of these tests: a Chromium, and a show room with something of everything."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import chromium
from tests.browser.looking import opened
from tests.browser.showing import Shown, shown

expect.set_options(timeout=60_000)
"""Milliseconds, as for all else that a tab waits for; by itself Playwright gives a page five seconds."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file of tests."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A show room that people read who have its password."""
    with shown(Path(tmp_path_factory.mktemp("room"))) as opening:
        yield opening


@pytest.fixture(scope="module")
def eve(browser: Browser, room: Shown) -> Any:
    """Cookies of somebody who administers the shop; signing in for each page is more often than we let people."""
    with opened(browser) as tab:
        room.sign_in(tab.page, "eve")
        return tab.page.context.storage_state()
