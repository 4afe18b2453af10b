"""A Pushboat that deploys for real and lets people sign in: a forge that is a fake, a control plane that is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.cluster_view import ClusterView
from tests.fakes.accounts import CLIENT_ID, CLIENT_SECRET, Accounts
from tests.fakes.github import FakeGitHub
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file, unused


@dataclass
class Living:
    """The shop, which Pushboat deploys, and who is signed in at its forge."""

    shop: Shop
    accounts: Accounts

    @property
    def url(self) -> str:
        """Give the pages' address."""
        return self.shop.served.url

    def sign_in(self, page: Page) -> None:
        """Let alice sign in by the page's own link, and come to its first page."""
        page.goto(self.url)
        page.get_by_role("link", name="Sign in with").click()
        page.get_by_text("Signed in as alice").wait_for()


@contextmanager
def living(folder: Path, kubeconfig: Path, cluster: ClusterView) -> Iterator[Living]:
    """Serve one repository on GitHub, to which alice may write."""
    accounts = Accounts(name="alice")
    with FakeGitHub(folder / "github") as forge:
        forge.people = accounts.tokens
        login = {"forge": "github", "client_id": CLIENT_ID, "client_secret": {"env": "LOGIN"}}
        operator = operators_file(kubeconfig, {"github": forge}, {"login": login}, {"github": 1})
        operator["forges"]["github"]["url"] = accounts.url
        served = Served.start(folder / "pushboat", operator, {**environ_of({"github": forge}), "LOGIN": CLIENT_SECRET})
        try:
            name = unused(served, "github", {})
            forge.create_repository(name).permissions["alice"] = "write"
            forge.connect(name, f"{served.url}/webhooks/github")
            accounts.callback = f"{served.url}/login/callback"
            yield Living(Shop(forge, "github", name, served, cluster), accounts)
        finally:
            served.stop()
            accounts.door.close()
