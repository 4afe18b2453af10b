"""Each page serves everybody: as WCAG asks, on a phone and a wide screen, by day and by night, without scripts too."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import PHONE, WIDE, opened
from tests.browser.showing import PAGES, Shown

pytestmark = pytest.mark.proof  # it takes a Chromium

PAGES_AND_LOGIN = {**PAGES, "sign in": "/login"}


@pytest.mark.parametrize("name", PAGES_AND_LOGIN)
def test_nothing_stands_in_anybodys_way(browser: Browser, room: Shown, eve: Any, name: str) -> None:
    """axe finds nothing, the browser refuses nothing and complains of nothing, and nothing scrolls sideways."""
    found = []
    for width in (PHONE, WIDE):
        with opened(browser, eve if name in PAGES else None, width=width) as tab:
            tab.page.goto(room.url + PAGES_AND_LOGIN[name])
            for scheme in ("light", "dark"):
                tab.page.emulate_media(color_scheme=scheme)
                found += [f"{width} wide, {scheme}: {each}" for each in tab.complaints()]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_the_same_is_there(browser: Browser, room: Shown, eve: Any, name: str) -> None:
    """Whoever turned scripts off reads the same words, and each link and form is there."""
    said = []
    for scripts in (True, False):
        with opened(browser, eve, scripts=scripts) as tab:
            tab.page.goto(room.url + PAGES[name])
            words = tab.page.locator("body").inner_text()
            said.append((_without_times(words), tab.page.locator("a, form, button, input, select").count()))
    assert said[0] == said[1]


def _without_times(words: str) -> str:
    return re.sub(r"just now|([\d.]+ (s|min|h)\b ?)+(ago)?", "TIME", words)
