"""GitHub's deployments: whoever writes makes them, statuses are a log, and environments come by being named."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from tests.fakes import github_payloads as payloads
from tests.fakes.nouns import Project, Sent

if TYPE_CHECKING:
    from tests.fakes.github import FakeGitHub

STATES = ("error", "failure", "inactive", "in_progress", "queued", "pending", "success")


@dataclass(kw_only=True)
class Listed:
    """One deployment; `statuses` as they were posted, oldest first."""

    id: int
    sha: str
    environment: str
    creator: str
    fields: dict[str, Any] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Give what people see."""
        return str(self.statuses[-1]["state"]) if self.statuses else "pending"


def open_deployments(app: Flask, forge: "FakeGitHub", find: Any, refuse: Any, acting: Any, repo: str) -> None:
    """Open the routes of deployments."""
    _open_statuses(app, forge, find, refuse, repo)

    @app.get(f"{repo}/deployments")
    def list_deployments(owner: str, name: str) -> Any:
        project, wanted = find(forge, owner, name), request.args
        _demand(forge, refuse)
        found = [
            one
            for one in forge.listed.get(project.name, ())[::-1]
            if wanted.get("sha") in (None, one.sha) and wanted.get("environment") in (None, one.environment)
        ]
        size, page = int(wanted.get("per_page", 30)), int(wanted.get("page", 1))
        return [described(forge, one) for one in found][(page - 1) * size : page * size]

    @app.post(f"{repo}/deployments")
    def create_deployment(owner: str, name: str) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        _demand(forge, refuse)
        if wanted.get("auto_merge", True):
            return {"message": "Auto-merged main into the ref on deployment."}, 202
        sha = _checked(project, wanted, refuse)
        environment = wanted.get("environment", "production")
        made = Listed(
            id=next(forge.numbers), sha=sha, environment=environment, creator=acting(forge), fields=wanted
        )  # fmt: skip
        forge.listed.setdefault(project.name, []).append(made)
        if forge.tells_deployments:
            tell(forge, project, made, made.creator)
        return described(forge, made), 201


def _open_statuses(app: Flask, forge: "FakeGitHub", find: Any, refuse: Any, repo: str) -> None:
    statuses = f"{repo}/deployments/<int:number>/statuses"

    @app.get(statuses)
    def list_deployment_statuses(owner: str, name: str, number: int) -> Any:
        return _found(forge, find(forge, owner, name).name, number, refuse).statuses[::-1]

    @app.post(statuses)
    def create_deployment_status(owner: str, name: str, number: int) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        _demand(forge, refuse)
        listed = _found(forge, project.name, number, refuse)
        if wanted.get("state") not in STATES:
            refuse(422, "Validation Failed", "State is not included in the list")
        if len(wanted.get("description") or "") > 140:
            refuse(422, "Validation Failed", "description is too long (maximum is 140 characters)")
        for key in ("log_url", "environment_url"):
            if wanted.get(key) and not wanted[key].startswith(("http://", "https://")):
                refuse(422, "Validation Failed", f"{key} must use http(s) scheme")
        listed.statuses.append({"id": next(forge.numbers), **wanted})
        if wanted["state"] == "success" and wanted.get("auto_inactive", True):
            _retire(forge, project.name, listed)
        return listed.statuses[-1], 201


def wish(forge: "FakeGitHub", repository: str, user: str, ref: str, environment: str, **more: Any) -> Sent:
    """Let somebody make a deployment, and deliver that; `workflow` says that a job of one did."""
    project = forge.projects[repository]
    sha = project.bare.resolve(ref)
    fields = {"ref": ref, "task": "deploy", **{key: more[key] for key in ("task", "payload") if key in more}}
    made = Listed(id=next(forge.numbers), sha=sha, environment=environment, creator=user, fields=fields)
    forge.listed.setdefault(repository, []).append(made)
    return tell(forge, project, made, more.get("sender", user), workflow=more.get("workflow"))


def tell(forge: "FakeGitHub", project: Project, made: Listed, sender: str, workflow: Any = None) -> Sent:
    """Deliver that a deployment was made."""
    told = {"action": "created", "deployment": described(forge, made), "workflow": workflow, "workflow_run": workflow}
    return forge.deliver("deployment", {**told, **payloads.around(forge, project, sender)})


def described(forge: "FakeGitHub", one: Listed) -> dict[str, Any]:
    """Describe a deployment as the API and its webhooks do."""
    told = {key: one.fields.get(key) for key in ("ref", "task", "payload", "description")}
    creator = payloads.user(forge, one.creator)
    return {"id": one.id, "sha": one.sha, "environment": one.environment, "creator": creator, "url": "", **told}


def _checked(project: Any, wanted: dict[str, Any], refuse: Any) -> str:
    sha = project.bare.resolve(wanted.get("ref") or "")
    if not sha:
        refuse(422, f"No ref found for: {wanted.get('ref')}")
    if wanted.get("required_contexts") is None and not _all_green(project, sha):
        refuse(409, "Conflict: Commit status checks failed for this ref.")
    if len(wanted.get("description") or "") > 140:
        refuse(422, "Validation Failed", "description is too long (maximum is 140 characters)")
    return str(sha)


def _retire(forge: "FakeGitHub", repository: str, listed: Listed) -> None:
    """Make older ones inactive as GitHub does by itself: successful ones, but none of production."""
    if listed.fields.get("production_environment", listed.environment == "production"):
        return
    for other in forge.listed[repository]:
        if other is not listed and (other.environment, other.state) == (listed.environment, "success"):
            other.statuses.append({"id": next(forge.numbers), "state": "inactive", "description": ""})


def _found(forge: "FakeGitHub", repository: str, number: int, refuse: Any) -> Listed:
    found = [one for one in forge.listed.get(repository, ()) if one.id == number]
    return found[0] if found else refuse(404, "Not Found")


def _demand(forge: "FakeGitHub", refuse: Any) -> None:
    token = request.headers.get("Authorization", "").partition(" ")[2]
    if token in forge.app_tokens:
        if forge.app_grants[token].get("deployments") != "write":
            refuse(403, "Resource not accessible by integration")
    elif not {"repo", "repo_deployment"} & set(forge.scopes):
        refuse(403, "Resource not accessible by personal access token")


def _all_green(project: Any, sha: str) -> bool:
    newest = {one.context: one.state for one in project.statuses if one.sha == sha}
    return set(newest.values()) <= {"success"}
