"""GitLab's own list of deployments: one for each of ours, brought from state to state, and its environment's address.

GitLab has no room for a mark. What an answer got lost of is the newest one of our own account for that commit which no
other deployment of ours is known by; letters of an environment come in order, so there is only one such.
"""

from typing import Any
from urllib.parse import quote

from gitlab import Gitlab
from gitlab.exceptions import GitlabError

from pushboat.forges.gitlab.api import Api, get
from pushboat.model.deployment import short
from pushboat.model.forge_letters import DeploymentLetter
from pushboat.model.refs import short_name
from pushboat.model.state import State

_STATES = {
    State.QUEUED: "created",
    State.RUNNING: "running",
    State.SUCCEEDED: "success",
    State.FAILED: "failed",
    State.ERRORED: "failed",
    State.CANCELLED: "canceled",
    State.SUPERSEDED: "canceled",
}
_OPEN = ("created", "running", "blocked")
_MOST_LOOKED_AT = 100


def show(api: Api, repository: str, letter: DeploymentLetter, _public_url: str) -> None:
    """Bring a deployment to its state; its first word makes it. An environment that was destroyed is stopped."""
    if letter.ends:
        _stop(api, repository, letter)
        return
    state, number = _STATES[letter.state], letter.number
    if not number:
        if state == "canceled":
            return  # it never was in the list
        number = (_lost(api, repository, letter, state) if letter.tried else 0) or _made(api, repository, letter)
        letter.remember(number)
    if state != "created":
        _bring(api, repository, letter, number, state)
    if letter.url and letter.state is State.SUCCEEDED:
        _place(api, repository, letter)


def _made(api: Api, repository: str, letter: DeploymentLetter) -> int:
    fields = {
        "environment": letter.environment,
        "sha": letter.sha,
        "ref": short_name(letter.ref) or letter.sha,
        "tag": letter.ref.startswith("refs/tags/"),
        "status": "created",
    }
    made = api.ask(
        _doing(repository, letter), lambda gitlab: _post(gitlab, f"{_project(repository)}/deployments", fields)
    )
    return int(made["id"])


def _lost(api: Api, repository: str, letter: DeploymentLetter, state: str) -> int:
    """Find the deployment that an earlier try made, and perhaps brought to its state; 0 where none did."""
    where = f"environment={quote(letter.environment, safe='')}&order_by=id&sort=desc&per_page={_MOST_LOOKED_AT}"
    path = f"{_project(repository)}/deployments?{where}"
    found: Any = api.ask(_doing(repository, letter), lambda gitlab: gitlab.http_get(path))
    own_name = api.own_name()
    for one in found:
        is_ours = (one.get("user") or {}).get("username") == own_name and one.get("sha") == letter.sha
        if is_ours and int(one["id"]) not in letter.others and one.get("status") in (*_OPEN, state):
            return int(one["id"])
    return 0


def _bring(api: Api, repository: str, letter: DeploymentLetter, number: int, state: str) -> None:
    path = f"{_project(repository)}/deployments/{number}"

    def put(gitlab: Gitlab) -> None:
        try:
            gitlab.http_put(path, post_data={"status": state})
        except GitlabError as error:
            if error.response_code != 400 or not _is_past(str(get(gitlab, path).get("status")), state):
                raise

    api.ask_unless_missing(repository, _doing(repository, letter), put, None)  # somebody may have deleted it


def _is_past(now: str, wanted: str) -> bool:
    """Say whether a deployment is where it should go, or beyond: GitLab lets none begin again, nor be blocked by us."""
    return now == wanted or (wanted == "running" and now != "created")


def _place(api: Api, repository: str, letter: DeploymentLetter) -> None:
    """Say where people see what runs in an environment."""
    there = _environment(api, repository, letter)
    if there and there.get("external_url") != letter.url:
        path = f"{_project(repository)}/environments/{int(there['id'])}"
        fields = {"external_url": letter.url}
        api.ask(_doing(repository, letter), lambda gitlab: gitlab.http_put(path, post_data=fields))


def _stop(api: Api, repository: str, letter: DeploymentLetter) -> None:
    there = _environment(api, repository, letter)
    if there and there.get("state") == "available":
        path = f"{_project(repository)}/environments/{int(there['id'])}/stop"
        api.ask(_doing(repository, letter), lambda gitlab: _post(gitlab, path, {}))


def _environment(api: Api, repository: str, letter: DeploymentLetter) -> dict[str, Any] | None:
    path = f"{_project(repository)}/environments?name={quote(letter.environment, safe='')}"
    found: Any = api.ask(_doing(repository, letter), lambda gitlab: gitlab.http_get(path))
    return next((dict(one) for one in found if one["name"] == letter.environment), None)


def _post(gitlab: Gitlab, path: str, fields: dict[str, Any]) -> dict[str, Any]:
    answer = gitlab.http_post(path, post_data=fields)
    if not isinstance(answer, dict):
        raise TypeError("a page instead of an answer")
    return answer


def _project(repository: str) -> str:
    return f"/projects/{quote(repository, safe='')}"


def _doing(repository: str, letter: DeploymentLetter) -> str:
    return f"list a deployment to {letter.environment} on {repository}@{short(letter.sha)}"
