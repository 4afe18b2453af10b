"""Pages are readable for everybody: colours have contrast by day and at night, and nothing needs JavaScript."""

import re
from itertools import product
from pathlib import Path

import pytest

import dashboard
from pushboat.model.state import State
from tests.pages.ledger import Ledger
from tests.pages.test_pages_lead_on import SHOP, propose
from tests.receiving.front_door import FrontDoor

SHEET = (Path(dashboard.__file__).parent / "static/pushboat.css").read_text()
INKS = ("ink", "soft", "link", "queued", "running", "good", "bad", "trouble", "past")
GROUNDS = ("page", "card")
ON_WASHES = tuple(product(("ink",), ("good-wash", "bad-wash", "trouble-wash", "running-wash", "added", "removed")))


def palettes() -> dict[str, dict[str, str]]:
    """Read the colours by day, and those at night."""
    by_day, at_night = re.findall(r":root \{(.*?)\}", SHEET, re.S)[:2]
    return {"day": _colours(by_day), "night": _colours(at_night)}


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", block))


def luminance(colour: str) -> float:
    """Reckon how bright a colour is, as WCAG does."""
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Reckon the contrast of two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("light", ["day", "night"])
def test_every_colour_of_words_has_contrast(light: str) -> None:
    """Whatever is written stands out from what it is written on, as WCAG asks of small words."""
    colours = palettes()[light]
    pairs = (*product(INKS, GROUNDS), *ON_WASHES, ("soft", "code"), ("ink", "code"), ("hunk", "code"))
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_no_page_has_a_style_or_a_script_of_its_own(front_door: FrontDoor, ledger: Ledger) -> None:
    """The one script is a file of ours; with scripts off every link and every form works, since none needs it."""
    made, runs = ledger.ended(State.FAILED, "no"), ledger.running("production")
    propose(ledger.store, made.sha, 7)
    for path in (
        "/", made.path, runs.path, "/deliveries", "/audit", f"/deliveries/{made.delivery}", "/search?q=ada", "/nowhere",
        f"/environments/{SHOP}/staging", f"/commits/{SHOP}/{made.sha}", f"/pull-requests/{SHOP}/7",
        f"/repositories/{SHOP}",
    ):  # fmt: skip
        answer = front_door.get(path)
        page, policy = answer.text, answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), path
        assert re.findall(r"<script[^>]*>", page) == re.findall(r'<script src="/static/live\.js[^>]*>', page)
        assert page.count("<h1") == 1, path
        assert all("aria-label" in form or "<label" in form for form in re.findall(r"<form.*?</form>", page, re.S))
        for link in re.findall(r'href="(/(?!static)[^"]*)"', page):
            assert front_door.get(link.replace("&amp;", "&")).status_code in (200, 302), (path, link)
