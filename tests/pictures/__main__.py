"""`make pictures`: what people read on their pull request and on our pages, from a real run, on a phone and at a desk.

Look at them: a test can say that nothing breaks out of a comment, but not that it is pleasant to read.
"""

import sys
import tempfile
from pathlib import Path

from tests.pictures.browser import browser, save
from tests.pictures.pages import page
from tests.pictures.rooms import photograph_rooms
from tests.pictures.telling import stage, tell
from tests.pictures.visiting import invited, visit

PICTURES = Path(__file__).resolve().parents[2] / "docs/pictures"
WIDTHS = {"phone": 390, "desk": 820}
"""Points: a phone held upright, and the column that GitHub gives a conversation."""
FORGE_WIDTHS = {"phone": 390, "desk": 1280}
"""The same of a whole page of a forge."""


def main() -> None:
    """Play the story and keep its pictures."""
    with tempfile.TemporaryDirectory(prefix="pushboat-pictures-") as folder, stage(Path(folder)) as on:
        told = tell(on)
        told = {name: text.replace(on.served.url, "https://pushboat.example.com") for name, text in told.items()}
        rooms = photograph_rooms(on, told["plan"], PICTURES)
    pages = {
        "plan": page(told["plan"]),
        "plan-unfolded": page(told["plan"], unfolded=True),
        "outcomes": page(told["outcome"], told["failure"]),
        "tried": page(told["tried"]),
        "merged": page(told["merged"]),
    }
    with browser() as tab:
        for name, shown in pages.items():
            for where, width in WIDTHS.items():
                save(tab.photograph(shown, width), PICTURES / f"{name}-{where}.png")
    visit_the_demo()
    sys.stdout.write(f"{rooms + 2 * len(pages) + len(FORGE_WIDTHS)} pictures are in {PICTURES}\n")


def visit_the_demo() -> None:
    """Deploy by a comment on a page of a real Gitea, in a browser, and keep how it looks."""
    with (
        tempfile.TemporaryDirectory(prefix="pushboat-visit-") as folder,
        invited(Path(folder)) as invitation,
        browser() as tab,
    ):
        visit(tab, invitation)
        for where, width in FORGE_WIDTHS.items():
            save(tab.photograph_open(width), PICTURES / f"demo-forge-{where}.png")


if __name__ == "__main__":
    main()
