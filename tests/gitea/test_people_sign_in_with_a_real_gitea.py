"""A person signs in through a real Gitea, by its own pages, and sees what it lets them read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from playwright.sync_api import Page, expect

from cli.lab.gitea import running
from pushboat.config.login import LoginSection
from pushboat.config.operator import Forge, Secret
from pushboat.config.pages import Pages
from pushboat.config.project import Project
from pushboat.config.secret import Surroundings
from tests.browser.chromium import chromium
from tests.browser.looking import opened
from tests.fresh_store import fresh_store
from tests.ports import free_port
from tests.receiving.front_door import SECRET, make_operator, open_front_door

pytestmark = pytest.mark.proof
WORD = "a long password"


def through_forms(browser: requests.Session, address: str, name: str, word: str) -> requests.Response:
    """Follow Gitea's pages as a person does: the form of the password, then the one that grants."""
    answer = browser.get(address, timeout=30)
    for _ in range(4):
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
        if 'name="user_name"' in answer.text:
            form = {**hidden, "user_name": name, "password": word}
            answer = browser.post(urljoin(answer.url, "/user/login"), form, timeout=30)
        elif "/login/oauth/grant" in answer.text:
            grant = urljoin(answer.url, "/login/oauth/grant")
            answer = browser.post(grant, {**hidden, "granted": "true"}, timeout=30)
        else:
            break
    return answer


@contextmanager
def opened_beside(tmp_path: Path) -> Iterator[str]:
    """Open a show room beside a real Gitea: ada may write to the shop, bob and cyd have accounts; give its address."""
    port = free_port()
    public_url = f"http://127.0.0.1:{port}"
    with running(tmp_path / "gitea") as gitea:
        for person in ("ada", "bob", "cyd"):
            gitea.create_user(person, WORD)
        for name in ("shop", "other"):
            gitea.call("POST", "/user/repos", name=name, private=True, auto_init=True)
        gitea.call("PUT", "/repos/admiral/shop/collaborators/ada", permission="write")
        made = gitea.call(
            "POST",
            "/user/applications/oauth2",
            name="Pushboat",
            redirect_uris=[f"{public_url}/login/callback"],
            confidential_client=True,
        )
        plain = make_operator(tmp_path / "state")
        forge = Forge(
            name="tea",
            kind="gitea",
            url=gitea.url,
            api_url=f"{gitea.url}/api/v1",
            webhook_secrets=(Secret(value=SECRET),),
            token=gitea.token,
        )
        (limits,) = (each.environments for each in plain.projects.values())
        projects = {
            name: Project(repository=name, environments=limits) for name in ("tea/admiral/shop", "tea/admiral/other")
        }
        written = {"forge": "tea", "client_id": made["client_id"], "client_secret": {"env": "LOGIN"}}
        context = Surroundings({"LOGIN": made["client_secret"]}, tmp_path)
        login = LoginSection.model_validate(written, context=context).login({"tea": forge})
        operator = replace(
            plain, public_url=public_url, forges={"tea": forge}, projects=projects, pages=Pages(), login=login
        )
        store = fresh_store(operator.state)
        with open_front_door(operator, store, port=port):
            yield public_url
        store.close()


def test_a_person_signs_in_through_a_real_gitea(tmp_path: Path) -> None:
    """Whoever may write to the one repository sees it, and nothing of the other."""
    with opened_beside(tmp_path) as url, requests.Session() as browser:
        page = through_forms(browser, f"{url}/login/start", "ada", WORD)
        assert page.status_code == 200, page.text
        assert page.url == f"{url}/", page.text
        assert '<b class="user">ada</b>' in page.text
        assert browser.get(f"{url}/repositories/tea/admiral/shop", timeout=30).status_code == 200
        assert browser.get(f"{url}/repositories/tea/admiral/other", timeout=30).status_code == 404
        assert "Do something here" in browser.get(f"{url}/environments/tea/admiral/shop/staging", timeout=30).text


def click_through(page: Page, url: str, name: str, *, grants: bool = True) -> None:
    """Click as a person does: our link, Gitea's form, and its question whether Pushboat may know who this is."""
    page.goto(url)
    page.get_by_role("link", name="Sign in with Gitea").click()
    page.locator("input[name=user_name]").fill(name)
    page.locator("input[name=password]").fill(WORD)
    page.locator("form").filter(has=page.locator("input[name=password]")).get_by_role("button").first.click()
    page.locator("#authorize-app" if grants else "button[name=granted][value=false]").click()
    page.wait_for_url(f"{url}/**")


def test_people_click_through_a_real_gitea_and_some_are_refused(tmp_path: Path) -> None:
    """In a browser ada comes to her repository, bob reads that he may see none, and who says no is not let in."""
    with opened_beside(tmp_path) as url, chromium() as browser:
        with opened(browser) as tab:
            click_through(tab.page, url, "ada")
            expect(tab.page.get_by_text("Signed in as ada")).to_be_visible()
            expect(tab.page.get_by_role("link", name="tea/admiral/shop")).to_be_visible()
            expect(tab.page.get_by_text("admiral/other")).to_have_count(0)
        with opened(browser) as tab:
            click_through(tab.page, url, "bob")
            heading = tab.page.get_by_role("heading", level=1)
            expect(heading).to_have_text("You may read none of the repositories that Pushboat deploys")
            tab.page.goto(f"{url}/environments/tea/admiral/shop/staging")
            expect(heading).to_have_text("You may read none of the repositories that Pushboat deploys")
            expect(tab.page.get_by_text("staging")).to_have_count(0)
            assert tab.complaints() == []
        with opened(browser) as tab:
            click_through(tab.page, url, "cyd", grants=False)
            expect(tab.page.get_by_role("alert")).to_contain_text("Gitea did not sign you in")
            expect(tab.page.get_by_role("link", name="Sign in with Gitea")).to_be_visible()
