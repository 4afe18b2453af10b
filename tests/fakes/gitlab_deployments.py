"""GitLab's deployments and environments: a state machine, environments that come by being named, and who may."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from tests.fakes import gitlab_payloads as payloads

if TYPE_CHECKING:
    from tests.fakes.gitlab import FakeGitLab

EVENTS = {
    "running": ("run", ("created",)),
    "success": ("succeed", ("created", "running", "blocked", "failed", "canceled")),
    "failed": ("drop", ("created", "running", "blocked", "success", "canceled")),
    "canceled": ("cancel", ("created", "running", "blocked", "success", "failed")),
}
"""The event that leads to a state, and the states that it leads from, as app/models/deployment.rb has them."""


@dataclass(kw_only=True)
class Listed:
    """One deployment."""

    id: int
    sha: str
    ref: str
    tag: bool
    environment: str
    user: str
    state: str = "created"


@dataclass(kw_only=True)
class Place:
    """One environment."""

    id: int
    name: str
    url: str = ""
    state: str = "available"


def open_deployments(app: Flask, forge: "FakeGitLab", find: Any, refuse: Any, developer: Any, project: str) -> None:
    """Open the routes of deployments and environments; `developer` lets nobody else pass."""
    _open_environments(app, forge, find, refuse, developer, project)

    @app.get(f"{project}/deployments")
    def deployments(id: str) -> Any:  # noqa: A002 - GitLab's word
        found, wanted = forge.listed.get(find(forge, id).name, [])[::-1], request.args.get("environment")
        return [described(forge, one) for one in found if wanted in (None, one.environment)]

    @app.get(f"{project}/deployments/<int:number>")
    def deployment(id: str, number: int) -> Any:  # noqa: A002
        return described(forge, _found(forge, find(forge, id).name, number, refuse))

    @app.post(f"{project}/deployments")
    def create_deployment(id: str) -> Any:  # noqa: A002
        found, wanted = find(forge, id), request.get_json()
        developer(forge, found)
        _check(found, wanted, refuse)
        environment = wanted["environment"]
        if not forge.may_deploy(found.name, environment):
            refuse(403, "403 Forbidden")
        place = place_of(forge, found.name, environment)
        place.state = "available"
        made = Listed(
            id=next(forge.numbers), sha=wanted["sha"], ref=wanted["ref"], tag=wanted["tag"],
            environment=environment, user=forge.bot, state=wanted["status"],
        )  # fmt: skip
        forge.listed.setdefault(found.name, []).append(made)
        return described(forge, made), 201

    _open_updating(app, forge, find, refuse, developer, project)


def _open_updating(app: Flask, forge: "FakeGitLab", find: Any, refuse: Any, developer: Any, project: str) -> None:
    @app.put(f"{project}/deployments/<int:number>")
    def update_deployment(id: str, number: int) -> Any:  # noqa: A002
        found, wanted = find(forge, id), request.get_json()["status"]
        developer(forge, found)
        one = _found(forge, found.name, number, refuse)
        if wanted not in EVENTS:
            refuse(400, "status does not have a valid value", "error")
        if not forge.may_deploy(found.name, one.environment):
            refuse(403, "403 Forbidden")
        event, sources = EVENTS[wanted]
        if one.state not in sources:
            refuse(400, {"status": [f'cannot transition via "{event}"']})
        one.state = wanted
        return described(forge, one)


def _open_environments(app: Flask, forge: "FakeGitLab", find: Any, refuse: Any, developer: Any, project: str) -> None:
    @app.get(f"{project}/environments")
    def environments(id: str) -> Any:  # noqa: A002
        wanted = request.args.get("name")
        places = forge.places.get(find(forge, id).name, {}).values()
        return [_place(one) for one in places if wanted in (None, one.name)]

    @app.put(f"{project}/environments/<int:number>")
    def update_environment(id: str, number: int) -> Any:  # noqa: A002
        found = find(forge, id)
        developer(forge, found)
        one = _by_number(forge, found.name, number, refuse)
        one.url = request.get_json()["external_url"]
        if not one.url.startswith(("http://", "https://")) or len(one.url) > 255:
            refuse(400, {"external_url": ["is blocked: Only allowed schemes are http, https"]})
        return _place(one)

    @app.post(f"{project}/environments/<int:number>/stop")
    def stop_environment(id: str, number: int) -> Any:  # noqa: A002
        found = find(forge, id)
        developer(forge, found)
        one = _by_number(forge, found.name, number, refuse)
        one.state = "stopped"
        return _place(one)


def _check(project: Any, wanted: dict[str, Any], refuse: Any) -> None:
    for key in ("environment", "sha", "ref", "tag", "status"):
        if wanted.get(key) in (None, ""):
            refuse(400, f"{key} is missing", "error")
    if wanted["status"] not in ("created", *EVENTS):
        refuse(400, "status does not have a valid value", "error")
    if project.bare.resolve(wanted["sha"]) != wanted["sha"]:
        refuse(400, {"sha": ["The commit does not exist"]})


def place_of(forge: "FakeGitLab", repository: str, name: str) -> Place:
    """Give an environment, which comes by being named."""
    return forge.places.setdefault(repository, {}).setdefault(name, Place(id=next(forge.numbers), name=name))


def described(forge: "FakeGitLab", one: Listed) -> dict[str, Any]:
    """Describe a deployment as the API does."""
    told = {"id": one.id, "iid": one.id, "sha": one.sha, "ref": one.ref, "status": one.state, "deployable": None}
    return {**told, "user": payloads.user(forge, one.user), "environment": {"name": one.environment}}


def _place(one: Place) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "external_url": one.url or None, "state": one.state}


def _by_number(forge: "FakeGitLab", repository: str, number: int, refuse: Any) -> Place:
    found = [one for one in forge.places.get(repository, {}).values() if one.id == number]
    return found[0] if found else refuse(404, "404 Environment Not Found")


def _found(forge: "FakeGitLab", repository: str, number: int, refuse: Any) -> Listed:
    found = [one for one in forge.listed.get(repository, ()) if one.id == number]
    return found[0] if found else refuse(404, "404 Deployment Not Found")
