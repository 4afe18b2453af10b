"""Photographs each page of the show room after a real run: at a desk and on a phone, by day and by night."""

import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium
from tests.browser.looking import PHONE, opened
from tests.browser.showing import shown
from tests.pictures.telling import NAME, VISITOR, Stage
from tests.until import until
from tests.written import deployment

DESK = 1200
HIGHEST = 1100
"""Points of a picture at most: what comes further down is more of the same."""
COLOURS = 256
"""As many as a byte can name, so that pictures stay small."""
WAYS = {
    "desk-light": (DESK, False),
    "phone-dark": (PHONE, True),
    "desk-dark": (DESK, True),
    "phone-light": (PHONE, False),
}


def photograph_rooms(on: Stage, planned: str, folder: Path) -> int:
    """Keep how each page looks, that of the `planned` comment too; give how many pictures there are."""
    with chromium() as browser:
        with opened(browser) as tab:
            tab.page.goto(on.served.url)
            tab.page.get_by_role("link", name="Sign in with").click()
            tab.page.get_by_text(f"Signed in as {VISITOR}").wait_for()
            known = tab.page.context.storage_state()
        pages = _pages(on, browser, known, planned)
        taken = sum(_photograph(browser, name, on.served.url + path, folder, known) for name, path in pages)
        return taken + _photograph_doorstep(browser, folder)


def _photograph_doorstep(browser: Browser, folder: Path) -> int:
    """Keep what people see who sign in, and who may read nothing then."""
    with tempfile.TemporaryDirectory(prefix="pushboat-doorstep-") as state, shown(Path(state)) as room:
        taken = _photograph(browser, "login", f"{room.url}/login", folder)
        with opened(browser) as tab:
            room.sign_in(tab.page, "zoe")
            known = tab.page.context.storage_state()
        return taken + _photograph(browser, "nothing", room.url, folder, known)


def _photograph(browser: Browser, name: str, url: str, folder: Path, known: Any = None) -> int:
    for way, (width, dark) in WAYS.items():
        with opened(browser, known, width=width, dark=dark) as tab:
            tab.page.goto(url)
            _keep(tab.page, folder / f"page-{name}-{way}.png")
    return len(WAYS)


def _keep(page: Page, place: Path) -> None:
    width = page.evaluate("document.documentElement.clientWidth")
    height = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
    taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    _with_few_colours(Image.open(io.BytesIO(taken)).convert("RGB")).save(place, optimize=True)


def _with_few_colours(picture: Image.Image) -> Image.Image:
    """Keep the most frequent colours as they are, which mixing them would tint; an edge gets the nearest of them."""
    found = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in found[:COLOURS] for part in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def _pages(on: Stage, browser: Browser, known: Any, planned: str) -> Iterator[tuple[str, str]]:
    """Give each page's name and path, the running deployment's while it runs."""
    repository = f"github/{NAME}"
    plan = re.search(r"/plans/\d+", planned)
    assert plan, planned
    running = _something_runs(on)
    yield "deployment-running", f"/deployments/{running}"
    made = on.served.deployments(repository)
    failed = next(each for each in made if each["state"] == "failed")
    good = next(each for each in made if each["state"] == "succeeded")
    number = on.served.get("/api/v1/deliveries")["items"][0]["id"]
    yield "home", "/"
    yield "environment", f"/environments/{repository}/staging"
    yield "diff", f"/environments/{repository}/staging/diff?from=1&to={good['release']}"
    yield "rollback", _foreseen(on, browser, known)
    yield "deployment-failed", f"/deployments/{failed['id']}"
    yield "deployment", f"/deployments/{good['id']}"
    yield "plan", plan[0]
    yield "commit", f"/commits/{repository}/{good['sha']}"
    yield "pull-request", f"/pull-requests/{repository}/1"
    yield "repository", f"/repositories/{repository}"
    yield "deliveries", "/deliveries"
    yield "delivery", f"/deliveries/{number}"
    yield "audit", "/audit"
    yield "search", "/search?q=main"
    yield "failure", "/deployments/9999"


def _foreseen(on: Stage, browser: Browser, known: Any) -> str:
    """Ask what going back to the first release would change, as people do, and give where the answer stands."""
    with opened(browser, known) as tab:
        tab.page.goto(f"{on.served.url}/environments/github/{NAME}/staging")
        tab.page.locator("select[name=release]").select_option(value="1")
        tab.page.get_by_label("Why").fill("people say that it is slow")
        tab.page.get_by_role("button", name="Roll back to it").click()
        tab.page.get_by_role("button", name="Roll back", exact=True).wait_for(timeout=60_000)
        return urlsplit(tab.page.url).path


def _something_runs(on: Stage) -> int:
    """Push what does not become healthy soon, and give its deployment's number while it waits."""
    hangs = deployment("web", "registry.example/web:5", behaviour="unready")
    sha = on.forge.push(NAME, "main", {"deploy/staging/web.yaml": hangs}).sha

    def waits() -> int:
        made = on.served.deployments(f"github/{NAME}")
        return next((int(each["id"]) for each in made if each["sha"] == sha and each["state"] == "running"), 0)

    number: int = until(waits, within=60, what="a deployment that runs")
    progress = f"/api/v1/deployments/{number}/progress"
    until(lambda: on.served.get(progress)["observed_at"], within=60, what="its pods to be seen")
    return number
