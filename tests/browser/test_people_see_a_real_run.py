"""In a browser, on a real control plane: from the first page to the line that says why, and an end to what hangs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.living import Living, living
from tests.browser.looking import opened
from tests.cluster_view import ClusterView
from tests.until import until
from tests.written import config_map, deployment, repository_file

pytestmark = pytest.mark.proof  # it takes a Chromium and a control plane
PATIENCE = 60_000
"""Milliseconds for what a cluster and a worker must do first."""
LAST_LINE = "no database at db:5432"


@pytest.fixture
def run(tmp_path: Path, kubeconfig: Path, cluster: ClusterView) -> Iterator[Living]:
    """Serve a shop, to which alice may write."""
    with living(tmp_path, kubeconfig, cluster) as running:
        yield running


def test_from_home_i_click_down_to_the_last_line_of_the_pod_that_crashed(browser: Browser, run: Living) -> None:
    """The first page tells of my push by itself; I see its pods come and fail, and read which, events, words."""
    crash = deployment(replicas=2, behaviour="crash-loop", message="exit", logs=f"connecting\n{LAST_LINE}")
    with opened(browser) as tab:
        page = tab.page
        run.sign_in(page)
        files = {".pushboat.yaml": repository_file(wait="30s"), "deploy/web.yaml": crash}
        sha = run.shop.push({**files, "deploy/settings.yaml": config_map()})
        tree = page.locator("#tree")
        page.get_by_role("link", name=sha[:7]).first.click(timeout=PATIENCE)
        expect(tree).to_contain_text("Pod/web-", timeout=PATIENCE)
        expect(page.locator(".hero .badge").first).to_have_text("running")
        expect(page.locator(".hero .badge").first).to_have_text("failed", timeout=PATIENCE)

        page.get_by_role("link", name="Environments").first.click()
        page.get_by_role("link", name="staging").first.click()
        expect(page.get_by_role("region", name="Health")).to_contain_text("Degraded")
        pod = page.locator(".tree li li li", has_text="CrashLoopBackOff").first
        expect(pod).to_be_visible()
        expect(pod).to_contain_text("Pod/web-")
        page.get_by_role("region", name="What was deployed here").get_by_role("link", name=sha[:7]).click()
        expect(page.locator("#latest")).to_contain_text(f"Deployment/{run.shop.namespace}/web: ")
        expect(page.locator(".details.failed")).to_contain_text("event BackOff")
        logs = page.get_by_role("region", name="What the containers said last")
        expect(logs.locator("pre").first).to_have_text(f"connecting\n{LAST_LINE}")
        assert tab.complaints() == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_i_cancel_what_hangs_and_watch_it_end(browser: Browser, run: Living, *, scripts: bool) -> None:
    """On its own page I press one button; I am led to what became of that, and the deployment's page says it ended."""
    with opened(browser, scripts=scripts) as tab:
        page = tab.page
        run.sign_in(page)
        hangs = deployment(behaviour="unready")
        sha = run.shop.push({".pushboat.yaml": repository_file(wait="10m"), "deploy/web.yaml": hangs})
        open_when_it_is_there(page, sha)
        expect(page.locator("#tree")).to_contain_text("Progressing", timeout=PATIENCE)
        watched = page.url
        page.get_by_role("button", name="Cancel what is on its way").click()
        page.wait_for_url("**/deliveries/*")
        expect(page.locator("main")).to_contain_text("cancelling", timeout=PATIENCE)
        page.goto(watched)
        expect(page.locator(".hero .badge").first).to_have_text("cancelled", timeout=PATIENCE)
        expect(page.locator("#latest")).to_contain_text("alice")
        expect(page.get_by_role("button", name="Cancel what is on its way")).to_have_count(0)
        if scripts:  # axe is one
            assert tab.complaints() == []


def test_who_only_looks_on_sees_it_end_too(browser: Browser, run: Living) -> None:
    """I have the page open and touch nothing: when somebody else cancels, it says so by itself."""
    with opened(browser) as tab, opened(browser) as other:
        run.sign_in(tab.page)
        run.sign_in(other.page)
        hangs = deployment(behaviour="unready")
        sha = run.shop.push({".pushboat.yaml": repository_file(wait="10m"), "deploy/web.yaml": hangs})
        for page in (tab.page, other.page):
            open_when_it_is_there(page, sha)
        expect(tab.page.locator(".hero .badge").first).to_have_text("running", timeout=PATIENCE)
        expect(other.page.locator(".hero .badge").first).to_have_text("running", timeout=PATIENCE)
        other.page.get_by_role("button", name="Cancel what is on its way").click()
        expect(tab.page.locator(".hero .badge").first).to_have_text("cancelled", timeout=PATIENCE)
        assert tab.complaints() == []


def open_when_it_is_there(page: Page, sha: str) -> None:
    """Load the first page again until it tells of a commit, and open its deployment."""
    link = page.get_by_role("link", name=sha[:7]).first
    until(lambda: page.reload() and link.count(), what=f"{sha[:7]} on the first page")
    link.click()
