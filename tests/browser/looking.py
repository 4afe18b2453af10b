"""Looks at an open page as its readers would complain about it: by axe, by the console, by its width."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
PHONE, WIDE = 390, 1600
HEARS_OF_REFUSALS = """
window.refusedByPolicy = [];
document.addEventListener("securitypolicyviolation",
    event => window.refusedByPolicy.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@dataclass
class Tab:
    """An open page, and what went wrong on it so far."""

    page: Page
    said: list[str] = field(default_factory=list)

    def complaints(self) -> list[str]:
        """Tell all that is wrong with the page as it is now."""
        page = self.page
        width, shown = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        sideways = [f"scrolls sideways: {width} on {shown}"] if width > shown else []
        refused = [f"CSP refused {each}" for each in page.evaluate("window.refusedByPolicy")]
        return [*self.said, *refused, *sideways, *_axe(page)]


@contextmanager
def opened(
    browser: Browser, known: Any = None, *, width: int = WIDE, dark: bool = False, scripts: bool = True
) -> Iterator[Tab]:
    """Open an empty tab of somebody new, or whose cookies are `known`, so wide and by day or by night."""
    someone = browser.new_context(
        storage_state=known,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
        is_mobile=width == PHONE,
        has_touch=width == PHONE,
    )
    someone.set_default_timeout(60_000)
    page = someone.new_page()
    tab = Tab(page)
    page.add_init_script(HEARS_OF_REFUSALS)
    page.on("console", lambda message: _note(tab, message))
    page.on("pageerror", lambda error: tab.said.append(f"a script failed: {error}"))
    try:
        yield tab
    finally:
        someone.close()


def _note(tab: Tab, message: ConsoleMessage) -> None:
    # Chromium reports the answer of a page that tells of a failure by its number; that page is meant.
    if message.type in ("error", "warning") and message.location.get("url") != tab.page.url:
        tab.said.append(f"console: {message.text}")


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    asked = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("asked => axe.run(document, asked)", asked)
    return [f"{each['id']}: {each['help']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]
