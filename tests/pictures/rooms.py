"""Photographs each page of the show room after a real run: as wide as a desk by day, as a phone by night."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.browser.chromium import chromium
from tests.browser.looking import PHONE, opened
from tests.pictures.telling import NAME, Stage
from tests.until import until
from tests.written import deployment

DESK = 1200
HIGHEST = 1700
"""Points of a picture at most: what comes further down is more of the same."""
COLOURS = 256
"""As many as a byte can name, so that pictures stay small."""
WAYS = {
    "desk-light": (DESK, False),
    "phone-dark": (PHONE, True),
    "desk-dark": (DESK, True),
    "phone-light": (PHONE, False),
}
IN_EACH_WAY = ("home", "deployment-failed")
"""Pages that are kept in all four ways; of the others the first two are, so that the pictures stay few."""


def photograph_rooms(on: Stage, planned: str, folder: Path) -> int:
    """Keep how each page looks, that of the `planned` comment too; give how many pictures there are."""
    taken = 0
    with chromium() as browser:
        for name, path in _pages(on, planned):
            for way, (width, dark) in WAYS.items():
                if name not in IN_EACH_WAY and list(WAYS).index(way) > 1:
                    continue
                with opened(browser, width=width, dark=dark) as tab:
                    tab.page.goto(on.served.url + path)
                    _keep(tab.page, folder / f"page-{name}-{way}.png")
                    taken += 1
    return taken


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


def _pages(on: Stage, planned: str) -> Iterator[tuple[str, str]]:
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
    yield "deployment-failed", f"/deployments/{failed['id']}"
    yield "deployment", f"/deployments/{good['id']}"
    yield "plan", plan[0]
    yield "commit", f"/commits/{repository}/{good['sha']}"
    yield "pull-request", f"/pull-requests/{repository}/1"
    yield "repository", f"/repositories/{repository}"
    yield "deliveries", "/deliveries"
    yield "delivery", f"/deliveries/{number}"
    yield "failure", "/deployments/9999"


def _something_runs(on: Stage) -> int:
    """Push what does not become healthy soon, and give its deployment's number while it waits."""
    hangs = deployment("web", "registry.example/web:5", behaviour="unready")
    sha = on.forge.push(NAME, "main", {"deploy/staging/web.yaml": hangs}).sha

    def waits() -> int:
        made = on.served.deployments(f"github/{NAME}")
        return next((int(each["id"]) for each in made if each["sha"] == sha and each["state"] == "running"), 0)

    return until(waits, within=60, what="a deployment that runs")
