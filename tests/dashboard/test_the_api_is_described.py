"""Everything below `/api/v1` is as its OpenAPI description says: each address, each field, each refusal."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest
import requests

from dashboard.api.table import ROUTES
from tests.receiving.front_door import PUBLIC_URL, FrontDoor

Json = dict[str, Any]


def described(door: FrontDoor) -> Json:
    """Read the description."""
    found: Json = door.get("/api/v1/openapi.json").json()
    return found


def strict(schema: Any) -> Any:
    """Let a schema allow no field that it does not name: what is given and not described is a mistake too."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: strict(each) for name, each in schema.items()}
    return {"additionalProperties": False, **inner} if "required" in schema and "properties" in schema else inner


def addresses(door: FrontDoor, path: str) -> Iterator[str]:
    """Fill a path's number in, with all that there are."""
    if "{id}" not in path:
        yield path
        return
    kind = path.split("/")[3]
    listed = door.get(f"/api/v1/{kind}?limit=100").json()["items"]
    plans = [3] if kind == "deployments" else []  # no list has them
    yield from (path.replace("{id}", str(number)) for number in [*(each["id"] for each in listed), *plans])


def broken(answer: requests.Response, schema: Json, document: Json) -> list[str]:
    """Say where an answer is not as its schema has it."""
    whole = {**schema, "components": document["components"]}
    rules = jsonschema_rs.validator_for(json.dumps(strict(whole)), validate_formats=True)
    return [f"{each.instance_path}: {each.message}" for each in rules.iter_errors(answer.json())]


def test_every_address_is_described_and_every_field(filled: FrontDoor) -> None:
    """What is answered has each field that the description promises, in its type, and none that it does not name."""
    document = described(filled)
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {route.address for route in ROUTES}
    seen = 0
    for path, methods in document["paths"].items():
        if "get" not in methods or methods["get"].get("security") == [{"token": []}]:
            continue  # what is one token's alone is held against its schema where it is asked for
        if path == "/api/v1/diff":
            continue  # so is what takes releases: tests/pages/test_releases_are_compared.py
        if path.endswith("/record"):
            continue  # and what only a release has: tests/pages/test_a_release_shows_its_record.py
        content = methods["get"]["responses"]["200"]["content"]
        if "text/event-stream" in content:
            continue  # what it tells is what the progress tells, and is tested beside it
        schema = content["application/json"]["schema"]
        for address in addresses(filled, path):
            answer = filled.get(address)
            assert (address, answer.status_code, broken(answer, schema, document)) == (address, 200, [])
            seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    ("path", "code", "parameter"),
    [
        ("/api", 404, ""),
        ("/api/", 404, ""),
        ("/api/v2/deployments", 404, ""),
        ("/api/v1/nothing", 404, ""),
        ("/api/v1/deployments/x", 404, ""),
        ("/api/v1/deployments/99", 404, ""),
        ("/api/v1/deployments?limit=0", 400, "limit"),
        ("/api/v1/deployments?state=green", 400, "state"),
        ("/api/v1/deployments?sha=xyz", 400, "sha"),
        ("/api/v1/deployments?enviroment=staging", 400, "enviroment"),
        ("/api/v1/deliveries?cursor=x", 400, "cursor"),
        ("/api/v1/deliveries/1?limit=1", 400, "limit"),
        ("/api/v1/deployments/1/progress?after=-1", 400, "after"),
        ("/api/v1/deployments/1/record", 404, ""),
        ("/api/v1/audit?verdict=accepted", 400, "verdict"),
        ("/api/v1/audit?source=sky", 400, "source"),
        ("/api/v1/audit?since=yesterday", 400, "since"),
        ("/api/v1/audit?asked=maybe", 400, "asked"),
        ("/api/v1/audit?kind=deploy", 400, "kind"),
    ],
)
def test_a_refusal_is_a_problem(filled: FrontDoor, path: str, code: int, parameter: str) -> None:
    """A program learns of every refusal what sort it is, and which parameter was wrong; a person reads a sentence."""
    answer = filled.get(path)
    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (code, "application/problem+json")
    assert broken(answer, {"$ref": "#/components/schemas/Problem"}, described(filled)) == []
    assert (problem["status"], problem.get("parameter", "")) == (code, parameter)
    assert problem["detail"] == problem["error"]


def test_methods_that_an_address_lacks_are_a_problem_too(filled: FrontDoor) -> None:
    """Who writes to what can only be read is told so, and which methods there are."""
    for route in ROUTES:
        answer = requests.delete(filled.url + route.address.replace("{id}", "1"), timeout=60)
        assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")
        assert route.method in answer.headers["Allow"]


def test_what_has_not_changed_is_not_sent_again(filled: FrontDoor) -> None:
    """Whoever asks again with the tag of what they have gets 304 and no content; another content has another tag."""
    for path in ("/api/v1/", "/api/v1/environments", "/api/v1/deployments/1", "/api/v1/audit", "/api/v1/deliveries"):
        first = filled.get(path)
        tag = first.headers["ETag"]
        assert not tag.startswith("W/")
        for known in (tag, f'"other", {tag}', "*"):
            again = requests.get(filled.url + path, headers={"If-None-Match": known}, timeout=60)
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
            assert (again.headers["Cache-Control"], again.headers["Vary"]) == (
                "private, no-cache",
                "Authorization, Cookie",
            )
        other = requests.get(filled.url + path, headers={"If-None-Match": '"other"'}, timeout=60)
        assert (other.status_code, other.content) == (200, first.content)
    filled.push()
    assert filled.get("/api/v1/deliveries").headers["ETag"] != tag


def test_a_page_links_to_the_next_one(filled: FrontDoor) -> None:
    """A client that follows `Link: rel=next` comes through the whole list, with the filters it began with."""
    seen: list[int] = []
    path = "/api/v1/deployments?repository=github/acme/shop&limit=1"
    while path:
        answer = filled.get(path)
        seen += [each["id"] for each in answer.json()["items"]]
        following = answer.links.get("next", {}).get("url", "")
        assert following == "" or following.startswith(f"{PUBLIC_URL}/api/v1/deployments?")
        path = "?".join(urlsplit(following)[2:4]) if following else ""
    assert seen == [4, 2, 1]
