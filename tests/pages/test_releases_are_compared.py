"""What differs between any two releases: on a page, by the API and at a terminal, and nothing of what Secrets hold."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from pushboat.config import operator as operator_file
from pushboat.config.environment import Environment
from pushboat.config.operator import Operator
from pushboat.config.pages import Access, Pages
from pushboat.model.api_token import Role
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.reach import EVERYTHING, reach_of
from pushboat.model.state import State
from pushboat.reading import between
from pushboat.sealing import Key
from pushboat.store import api_tokens, ending
from pushboat.store.database.engine import Store
from tests.cli.conftest import Finished, Pushboat, environ, home, pushboat
from tests.dashboard.test_the_api_is_described import broken, described
from tests.fresh_store import fresh_store
from tests.receiving.front_door import FrontDoor, open_front_door
from tests.store.repository import NAME, Repository
from workers.deploying.packing import pack

__all__ = ["environ", "home", "pushboat"]

KEY = Key("a key of some length")
STAGING = Environment(
    name="staging", cluster="dev", namespaces=("shop-staging",), namespace="shop-staging", path="deploy"
)
PAGE = f"/environments/{NAME}/staging/diff"
Remote = Callable[..., Finished]


def manifest(kind: str, name: str, **body: Any) -> Manifest:
    """Write an object as it was rendered."""
    metadata = {"name": name, "namespace": "shop-staging"}
    written = {"apiVersion": "v1", "kind": kind, "metadata": metadata, **body}
    return Manifest(ref=Ref("", kind, "shop-staging", name), version="v1", body=written, file="a.yaml", line=1)


def settings(name: str, value: str) -> Manifest:
    """Write a ConfigMap."""
    return manifest("ConfigMap", name, data={"value": value})


def secret(password: str) -> Manifest:
    """Write a Secret."""
    return manifest("Secret", "key", stringData={"password": password})


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """Three releases of staging; the third changed a, made b, lost c, and has another password."""
    (home / "var").mkdir()
    opened = fresh_store(home / "var")
    shop = Repository(opened)
    for sha, contents in (
        ("1" * 40, [settings("a", "1"), settings("c", "1"), settings("same", "1"), secret("verySecret1")]),
        ("2" * 40, [settings("a", "1"), settings("c", "1"), settings("same", "1"), secret("verySecret1")]),
        (
            "3" * 40,
            [settings("a", "<b>2</b>"), settings("b", "1\x1b[2J"), settings("same", "1"), secret("verySecret2")],
        ),
    ):
        render = pack(contents, STAGING, KEY)
        ending.finish(opened, shop.claim(shop.push(sha)), State.SUCCEEDED, "fine", render=render)
    yield opened
    opened.close()


@pytest.fixture
def operator(home: Path, environ: Mapping[str, str]) -> Operator:
    """The operator's file; nobody needs to say who they are."""
    read = operator_file.load(home / "pushboat.yaml", dict(environ))
    return replace(read, state=home / "var", pages=Pages(access=Access.OPEN))


@pytest.fixture
def door(operator: Operator, store: Store) -> Iterator[FrontDoor]:
    """The server."""
    with open_front_door(operator, store) as opened:
        yield opened


@pytest.fixture
def remote(pushboat: Pushboat, door: FrontDoor, store: Store) -> Remote:
    """A command on another machine."""
    token = api_tokens.create(store, "ci", EVERYTHING, Role.VIEWER, 3600.0, "root")[1]

    def run(*words: str) -> Finished:
        return pushboat(*words, PUSHBOAT_CONFIG="/nowhere", PUSHBOAT_URL=door.url, PUSHBOAT_TOKEN=token)

    return run


def api(door: FrontDoor, **query: str | int) -> requests.Response:
    """Ask the API."""
    asked = {"repository": NAME, "environment": "staging", **query}
    return requests.get(f"{door.url}/api/v1/diff", params=asked, timeout=60)


def test_a_page_shows_what_a_release_changed(door: FrontDoor) -> None:
    """From the environment's page I choose two; created, changed, deleted, and of a Secret only that it differs."""
    assert f'href="{PAGE}?from=2&amp;to=3"' in door.get(f"/environments/{NAME}/staging").text
    page = door.get(PAGE).text
    assert "From release 2 (2222222) to release 3 (3333333): 1 created, 2 changed, 1 deleted, 1 the same" in page
    assert "@@ data.value @@" in page
    assert "+&lt;b&gt;2&lt;/b&gt;" in page
    assert "its values are sealed: only that it is another one is known" in page
    assert "\x1b" not in page
    assert "verySecret" not in page
    assert "Nothing differs." in door.get(f"{PAGE}?from=1&to=2").text
    assert "1 created, 2 changed, 1 deleted" in door.get(f"{PAGE}?from=3&to=1").text, "the other way round"


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ("?from=7", 404, "no release 7; there are: 3 (3333333), 2 (2222222) and 1 (1111111)"),
        ("?to=1", 404, "has no release before its first one"),
        ("?from=x", 400, "from must be a whole number"),
        ("?form=1", 400, "unknown parameter"),
    ],
)
def test_what_cannot_be_compared_says_why(door: FrontDoor, query: str, code: int, says: str) -> None:
    """With the releases that there are."""
    for answer in (door.get(f"{PAGE}{query}"), door.get(f"/api/v1/diff{query}&repository={NAME}&environment=staging")):
        assert (answer.status_code, says in answer.text.lower()) == (code, True), answer.text


def test_where_there_is_no_release_there_is_nothing_to_compare(store: Store) -> None:
    """It is said, and nothing is made up."""
    with pytest.raises(between.NoSuchRelease, match="has no release yet"):
        between.between(store, Lane(repository=NAME, environment="production"))


def test_an_environment_may_be_called_diff(door: FrontDoor) -> None:
    """Its page is its own; and what nobody knows is a 404."""
    assert door.get(f"/environments/{NAME}/diff").status_code == 404
    assert door.get("/environments/github/acme/other/staging/diff").status_code == 404


def test_the_api_tells_it_to_whom_it_concerns(door: FrontDoor, store: Store) -> None:
    """As its description says, and nothing beyond a token's reach."""
    told, document = api(door), described(door)
    schema = document["paths"]["/api/v1/diff"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert broken(told, schema, document) == []
    form = told.json()
    assert [(each["action"], each["name"]) for each in form["changes"]] == [
        ("configured", "a"),
        ("created", "b"),
        ("deleted", "c"),
        ("configured", "key"),
    ]
    assert form["changes"][0]["fields"] == [{"path": "data.value", "old": "1", "new": "<b>2</b>"}]
    assert "verySecret" not in told.text
    other = api_tokens.create(store, "qa", reach_of(NAME, "qa"), Role.VIEWER, 3600.0, "root")[1]
    query = {"repository": NAME, "environment": "staging"}
    refused = requests.get(
        f"{door.url}/api/v1/diff", params=query, headers={"Authorization": f"Bearer {other}"}, timeout=60
    )
    assert (refused.status_code, api(door, environment="nowhere").status_code) == (404, 404)


@pytest.mark.parametrize(
    "words",
    ["", "--json", "1", "1 2", "3 1 --json", "7", "1 7"],
)
def test_terminals_say_the_same_everywhere(pushboat: Pushboat, remote: Remote, words: str) -> None:
    """Data, talk, JSON and exit code; the diff on stdout, the sentence beside it."""
    asked = ("diff", NAME, "staging", *words.split())
    here, there = pushboat(*asked), remote(*asked)
    assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr)
    assert here.returncode == (1 if "7" in words else 0), here.stderr
    assert "verySecret" not in here.stdout + here.stderr
    assert "\x1b" not in here.stdout
    if not words:
        assert "@@ data.value @@\n-'1'\n+<b>2</b>\n" in here.stdout.replace("-1\n", "-'1'\n")
        assert "from release 2 (2222222) to release 3 (3333333): 1 created" in here.stderr
    if words == "--json":
        assert json.loads(here.stdout)["from"]["release"] == 2


def test_typos_are_answered(pushboat: Pushboat, remote: Remote) -> None:
    """What I mistyped is told with what I may have meant."""
    for run in (pushboat, remote):
        for words, hint in (
            ((f"{NAME}x", "staging"), f"did you mean '{NAME}'?"),
            ((NAME, "stagging"), "did you mean 'staging'?"),
            ((NAME, "staging", "0"), "not in the range"),
        ):
            refused = run("diff", *words)
            assert (refused.returncode, hint in refused.stderr) == (2, True), refused.stderr
