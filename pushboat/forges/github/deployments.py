"""GitHub's own list of deployments: one for each of ours, and statuses that say how it stands.

A deployment that an answer got lost of is known again by the mark in its payload, if it is by our own account: anybody
who writes may put any mark into a payload.
"""

from functools import partial
from typing import Any
from urllib.parse import quote

from pushboat.forges.answers import Forbidden
from pushboat.forges.github.api import Api, create, listed
from pushboat.forges.github.sentences import narrowed
from pushboat.forges.github.wanted_deployments import MARK
from pushboat.model.deployment import short
from pushboat.model.forge_letters import DeploymentLetter
from pushboat.model.state import State

_STATES = {
    State.QUEUED: "queued",
    State.RUNNING: "in_progress",
    State.SUCCEEDED: "success",
    State.FAILED: "failure",
    State.ERRORED: "error",
    State.CANCELLED: "inactive",
    State.SUPERSEDED: "inactive",
}
_GONE = "inactive"


def show(api: Api, repository: str, letter: DeploymentLetter, public_url: str) -> None:
    """Say how a deployment stands; its first word makes it, and what ran before it is inactive once it is good."""
    if not api.is_granted(repository, "deployments"):
        raise Forbidden(
            f"the App may not write deployments on {repository}: the operator must set the repository permission "
            "Deployments to Read and write in the App's settings, and accept it in the installation"
        )
    if not letter.ends:
        _tell(api, repository, letter, public_url)
    if letter.state is State.SUCCEEDED or letter.ends:
        for former in letter.former:
            said = f"{letter.environment} was destroyed" if letter.ends else f"replaced by {short(letter.sha)}"
            _say(api, repository, letter, former, {"state": _GONE, "description": said})


def _tell(api: Api, repository: str, letter: DeploymentLetter, public_url: str) -> None:
    state, number = _STATES[letter.state], letter.number
    if not number:
        if state == _GONE:
            return  # it never was in the list
        number = (_lost(api, repository, letter) if letter.tried else 0) or _made(api, repository, letter)
        letter.remember(number)
    fields = {
        "state": state,
        "description": narrowed(letter.description),
        "log_url": public_url + letter.path,
        # Of production it would leave what ran before as active; that is said below in one way for all of them.
        "auto_inactive": False,
        **({"environment_url": letter.url} if letter.url else {}),
    }
    _say(api, repository, letter, number, fields)


def _made(api: Api, repository: str, letter: DeploymentLetter) -> int:
    fields = {
        "ref": letter.sha,
        "task": "deploy",
        "environment": letter.environment,
        "description": narrowed(letter.description),
        "payload": {MARK: letter.mark},
        # Left out, GitHub would merge the default branch into what we deploy, and wait for every other check.
        "auto_merge": False,
        "required_contexts": [],
    }
    ask = partial(api.ask, repository, _doing(repository, letter))
    return int(ask(lambda github: create(github, f"/repos/{repository}/deployments", fields))["id"])


def _lost(api: Api, repository: str, letter: DeploymentLetter) -> int:
    """Find the deployment that an earlier try made; 0 where none did."""
    own_name = api.own_name(repository).casefold()
    where = f"sha={letter.sha}&environment={quote(letter.environment, safe='')}"
    path = f"/repos/{repository}/deployments?{where}"
    found = api.ask(repository, _doing(repository, letter), lambda github: listed(github, path))
    ours = (int(one["id"]) for one in found if _mark(one) == letter.mark and _creator(one).casefold() == own_name)
    return next(ours, 0)


def _say(api: Api, repository: str, letter: DeploymentLetter, number: int, fields: dict[str, Any]) -> None:
    """Add a status, unless the newest says the same already, or somebody has deleted the deployment."""
    path = f"/repos/{repository}/deployments/{number}/statuses"
    ask = partial(api.ask_unless_missing, repository, _doing(repository, letter), missing={})
    if letter.tried:
        newest: Any = ask(lambda github: github.requester.requestJsonAndCheck("GET", f"{path}?per_page=1")[1])
        if newest and all(newest[0].get(key) == fields[key] for key in ("state", "description")):
            return
    ask(lambda github: create(github, path, fields))


def _doing(repository: str, letter: DeploymentLetter) -> str:
    return f"list a deployment to {letter.environment} on {repository}@{short(letter.sha)}"


def _mark(one: dict[str, Any]) -> str:
    payload = one.get("payload")
    return str(payload.get(MARK, "")) if isinstance(payload, dict) else ""


def _creator(one: dict[str, Any]) -> str:
    return str((one.get("creator") or {}).get("login") or "")
