"""Jobs of CI that are not what they say are refused, for each of the three forges, and nothing is stored of them."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from pushboat.model.api_token import Role
from pushboat.model.ci import CiRule, wrong
from pushboat.model.reach import reach_of
from pushboat.store import deliveries, questions
from tests.fakes.issuer import FakeIssuer
from tests.fresh_store import fresh_store
from tests.receiving.front_door import FrontDoor, make_operator, open_front_door
from tests.trust.hostile_jobs import Job, every, gitea

FORGES = {
    "github": (FakeIssuer.github, "repository", "event_name", "repo:acme/shop:pull_request"),
    "gitlab": (
        FakeIssuer.gitlab,
        "project_path",
        "pipeline_source",
        "project_path:acme/shop:refs/merge-requests/7/head",
    ),
    "gitea": (gitea, "repository", "event_name", "repo:acme/shop:ref:refs/pull/7/head"),
}
DEPLOY = {"word": "deploy", "repository": "github/acme/shop", "environment": "staging"}


@pytest.fixture(params=FORGES)
def job(request: pytest.FixtureRequest) -> Iterator[Job]:
    """A job of each forge, with the issuers of the others beside it."""
    claimed, whose, began, subject = FORGES[request.param]

    def with_environment(issuer: FakeIssuer, **changes: object) -> dict[str, object]:
        return claimed(issuer, **{"environment": "staging", **changes})  # type: ignore[operator]  # makers of claims

    with ExitStack() as stack:
        issuers = [FakeIssuer() for _ in FORGES]
        for each in issuers:
            stack.callback(each.close)
        mine, *others = issuers
        yield Job(
            issuer=mine, others=tuple(others), claimed=with_environment, whose=whose, began=began, subject=subject
        )


@pytest.fixture
def opened(tmp_path: Path, job: Job) -> Iterator[FrontDoor]:
    """A door with a rule for jobs of the shop, and rules for the other issuers' jobs of another repository."""
    shop, other = "github/acme/shop", "github/acme/other"
    operator = make_operator(tmp_path)

    def rule(issuer: FakeIssuer, repository: str, **claims: str) -> CiRule:
        named = {job.whose: repository.partition("/")[2], **claims}
        reach = reach_of(repository, "staging")
        return CiRule(issuer=issuer.address, audience="", claims=named, reach=reach, role=Role.DEPLOYER)

    ref = str(job.claims()["ref"])
    mine = (rule(job.issuer, shop, ref=ref, environment="*"),)
    theirs = tuple(rule(each, other, environment="*") for each in job.others)
    projects = {
        shop: replace(operator.projects[shop], ci=mine),
        other: replace(operator.projects[shop], repository=other, ci=theirs),
    }
    store = fresh_store(operator.state)
    with open_front_door(replace(operator, projects=projects), store) as door:
        yield door
    store.close()


def ask(door: FrontDoor, token: str, path: str = "asks") -> requests.Response:
    """Ask for a deployment with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(f"{door.url}/api/v1/{path}", json=DEPLOY, headers=headers, timeout=60)


def test_whatever_is_wrong_with_a_job_it_is_refused(opened: FrontDoor, job: Job) -> None:
    """Forged, another's, of another time, or begun by a stranger; and the good one beside them is taken."""
    hostile = every(job)
    assert len(hostile) >= 25
    answers = {name: ask(opened, token) for name, token in hostile.items()}
    taken = {name: said.text for name, said in answers.items() if said.status_code != 401}
    assert taken == {}
    silent = [name for name, said in answers.items() if not said.json()["detail"].startswith(("this CI", "this token"))]
    assert silent == []
    assert deliveries.listed(opened.store) == []
    assert ask(opened, job.good()).status_code == 202


def test_a_jobs_token_is_read_nowhere_but_in_its_header(opened: FrontDoor, job: Job) -> None:
    """Neither in an address, which logs keep, nor as a password or a cookie; nothing of it is stored."""
    token, url = job.good(), f"{opened.url}/api/v1/asks"
    shown = (
        {"params": {"access_token": token}},
        {"auth": ("x", token)},
        {"cookies": {"pushboat-session": token}},
        {"headers": {"X-Pushboat-Forge": "github", "X-Gitlab-Token": token}},
    )
    for how in shown:
        assert requests.post(url, json=DEPLOY, timeout=60, **how).status_code in (400, 401)  # type: ignore[arg-type]  # words of requests
    assert not opened.stored(token.split(".")[2])


def test_a_job_asks_clusters_nothing(opened: FrontDoor, job: Job) -> None:
    """What it deployed tells it how it went; what runs is asked for with a token of Pushboat's own (ADR 0078)."""
    refused = ask(opened, job.good(), "questions")
    assert (refused.status_code, "token of Pushboat's own" in refused.text) == (403, True)
    assert questions.due_clusters(opened.store) == []
    looked = requests.get(
        f"{opened.url}/api/v1/questions/1", headers={"Authorization": f"Bearer {job.good()}"}, timeout=60
    )
    assert looked.status_code == 403


def test_a_rule_for_tags_takes_tags() -> None:
    """GitLab writes a tag as it writes a branch; a rule that means tags says so."""
    claims = {"project_path": "acme/shop", "ref": "v1", "ref_type": "tag", "pipeline_source": "push"}
    for named, fits in (({"ref": "v*"}, False), ({"ref": "v*", "ref_type": "tag"}, True), ({}, True)):
        rule = CiRule(
            issuer="https://gitlab.com",
            audience="",
            claims={"project_path": "acme/shop", **named},
            reach=reach_of("gitlab/acme/shop"),
            role=Role.DEPLOYER,
        )
        assert (wrong(rule, claims) == []) is fits
