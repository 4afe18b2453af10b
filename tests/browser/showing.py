"""A show room with something of everything, in which people sign in, and the addresses of its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from playwright.sync_api import Page

from dashboard.queries import cover
from tests.dashboard.signing_in import SHOP, Room, opened
from tests.fakes.accounts import Accounts
from tests.pages.ledger import Ledger
from tests.pages.seen import CACHE, FAILING
from tests.store.drifted import released

COMMIT = "0000002" + "c" * 33
"""The one whose deployment failed."""
PAGES = {
    "home": "/",
    "home, narrowed": "/?q=shop&state=failed",
    "environment": f"/environments/{SHOP}/staging",
    "environment that changes": f"/environments/{SHOP}/production",
    "environment, older": f"/environments/{SHOP}/staging?cursor={cover(3)}",
    "diff": f"/environments/{SHOP}/staging/diff?from=1&to=1",
    "deployment that succeeded": "/deployments/1",
    "deployment that failed": "/deployments/2",
    "plan": "/plans/3",
    "deployment that runs": "/deployments/4",
    "commit": f"/commits/{SHOP}/{COMMIT}",
    "pull request": f"/pull-requests/{SHOP}/7",
    "repository": f"/repositories/{SHOP}",
    "deliveries": "/deliveries",
    "deliveries, narrowed": "/deliveries?verdict=rejected",
    "delivery": "/deliveries/2",
    "delivery that was refused": "/deliveries/5",
    "audit": "/audit",
    "audit, narrowed": "/audit?who=ada&verdict=refused&since=7d",
    "search": "/search?q=s",
    "search without an answer": "/search?q=nowhere",
    "failure": "/deployments/9999",
}


@dataclass
class Shown:
    """The show room, and who may what at its forge."""

    room: Room

    @property
    def url(self) -> str:
        """Give its public address."""
        return self.room.operator.public_url

    def sign_in(self, page: Page, name: str) -> None:
        """Let somebody sign in as people do: by the page's own link."""
        self.room.accounts.name = name
        page.goto(self.url)
        page.get_by_role("link", name="Sign in with").click()
        page.get_by_text(f"Signed in as {name}", exact=True).wait_for()


@contextmanager
def shown(folder: Path) -> Iterator[Shown]:
    """Open it: ada may write to the shop, bob read it, eve everything there."""
    there = Accounts()
    there.permissions = {
        ("acme/shop", name): level for name, level in (("ada", "write"), ("bob", "read"), ("eve", "admin"))
    }
    with opened(folder, there, {"forge": "github"}) as room:
        ledger = Ledger(room.door.store, numbers=count(100))
        released(room.door.store, ledger.queued())
        ledger.sees(ledger.found(4), (FAILING, CACHE))
        yield Shown(room)
    there.door.close()
