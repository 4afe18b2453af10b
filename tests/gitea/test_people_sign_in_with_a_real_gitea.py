"""A person signs in through a real Gitea, by its own pages, and sees what it lets them read."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from cli.lab.gitea import running
from cli.lab.loopback import free_port
from pushboat.config.login import LoginSection
from pushboat.config.operator import Forge, Secret
from pushboat.config.pages import Pages
from pushboat.config.project import Project
from pushboat.config.secret import Surroundings
from tests.fresh_store import fresh_store
from tests.receiving.front_door import SECRET, make_operator, open_front_door

pytestmark = pytest.mark.proof


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


def test_a_person_signs_in_through_a_real_gitea(tmp_path: Path) -> None:
    """Whoever may write to the one repository sees it, and nothing of the other."""
    port = free_port()
    public_url = f"http://127.0.0.1:{port}"
    with running(tmp_path / "gitea") as gitea:
        gitea.create_user("ada", "a long password")
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
        with open_front_door(operator, store, port=port), requests.Session() as browser:
            page = through_forms(browser, f"{public_url}/login/start", "ada", "a long password")
            assert page.status_code == 200, page.text
            assert page.url == f"{public_url}/", page.text
            assert '<b class="user">ada</b>' in page.text
            assert browser.get(f"{public_url}/repositories/tea/admiral/shop", timeout=30).status_code == 200
            assert browser.get(f"{public_url}/repositories/tea/admiral/other", timeout=30).status_code == 404
            assert (
                "Do something here"
                in browser.get(f"{public_url}/environments/tea/admiral/shop/staging", timeout=30).text
            )
        store.close()
