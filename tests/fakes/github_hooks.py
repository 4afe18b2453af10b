"""GitHub's webhooks as its API has them: validated, listed in pages, never with their secret, pinged on demand."""

from typing import TYPE_CHECKING, Any

from flask import Flask, request

from tests.fakes import hooking
from tests.fakes.github_log import SCOPE
from tests.fakes.nouns import Project

if TYPE_CHECKING:
    from tests.fakes.github import FakeGitHub

HOOKS = "/api/v3/repos/<owner>/<name>/hooks"
EVENTS = (
    "*",
    "push",
    "pull_request",
    "issue_comment",
    "commit_comment",
    "ping",
    "release",
    "issues",
    "merge_group",
    "deployment",
)


def open_hooks(app: Flask, forge: "FakeGitHub", find: Any, refuse: Any, paginated: Any) -> None:
    """Serve the webhooks of repositories, and what protects their branches."""

    def administered(owner: str, name: str) -> Project:
        project: Project = find(forge, owner, name)
        return project if SCOPE in forge.scopes else refuse(404, "Not Found")

    def numbered(owner: str, name: str, number: int) -> dict[str, Any]:
        return hooking.numbered(administered(owner, name), number) or refuse(404, "Not Found")

    @app.get(HOOKS)
    def hooks(owner: str, name: str) -> Any:
        project = find(forge, owner, name)
        if "repo" not in forge.scopes:
            refuse(404, "Not Found")
        return paginated(forge, [shown(hook) for hook in project.hooks])

    @app.post(HOOKS)
    def new_hook(owner: str, name: str) -> Any:
        project, wanted = administered(owner, name), request.get_json()
        fields, events = checked(wanted, refuse), wanted.get("events") or ["push"]
        if any(one["url"] == fields["url"] and set(shown(one)["events"]) == set(events) for one in project.hooks):
            refuse(422, "Validation Failed", "Hook already exists on this repository")
        active = wanted.get("active", True)
        return shown(hooking.remember(forge, project.hooks, **fields, events=events, active=active)), 201

    @app.patch(f"{HOOKS}/<int:number>")
    def changed_hook(owner: str, name: str, number: int) -> Any:
        hook, wanted = numbered(owner, name, number), request.get_json()
        hook |= checked({"name": "web", **wanted}, refuse) if "config" in wanted else {}
        hook |= {key: wanted[key] for key in ("active", "events") if key in wanted}
        return shown(hook)

    @app.post(f"{HOOKS}/<int:number>/pings")
    def pinged(owner: str, name: str, number: int) -> Any:
        hook = numbered(owner, name, number)
        hooking.send(forge, hook, *forge.dialect.ping(forge, find(forge, owner, name)))
        return "", 204

    _rules(app, forge, find)


def checked(wanted: dict[str, Any], refuse: Any) -> dict[str, Any]:
    """Validate as GitHub does; a configuration without a secret removes the one that was there."""
    config = dict(wanted.get("config") or {})
    if wanted.get("name") != "web":
        refuse(422, "Validation Failed", "name must be web")
    if not str(config.get("url", "")).startswith(("http://", "https://")):
        refuse(422, "Validation Failed", "url is missing a scheme")
    if not set(wanted.get("events", ())) <= set(EVENTS):
        refuse(422, "Validation Failed", "events is not included in the list")
    secret = config.pop("secret", "")
    kept = {"content_type": "form", "insecure_ssl": "0", **config, "secret": "********" if secret else ""}
    return {"url": config["url"], "config": kept, "secret": secret}


def _rules(app: Flask, forge: "FakeGitHub", find: Any) -> None:
    @app.get("/api/v3/repos/<owner>/<name>/branches/<branch>")
    def branch_with_rules(owner: str, name: str, branch: str) -> Any:
        contexts = find(forge, owner, name).required
        return {"name": branch, "protection": {"required_status_checks": {"contexts": contexts}}}

    @app.get("/api/v3/repos/<owner>/<name>/rules/branches/<branch>")
    def rules(owner: str, name: str, branch: str) -> Any:
        checks = [{"context": one} for one in find(forge, owner, name).required]
        return [{"type": "required_status_checks", "parameters": {"required_status_checks": checks}}]


def shown(hook: dict[str, Any]) -> dict[str, Any]:
    """Describe a webhook."""
    config = {"url": hook["url"], "content_type": "json", "insecure_ssl": "0", "secret": "********"}
    return {
        "id": hook["id"],
        "name": "web",
        "active": True,
        "events": ["push", "pull_request", "issue_comment"],
        "config": config | hook.get("config", {}),
        "last_response": {"code": None, "status": "unused", "message": None},
        **{key: value for key, value in hook.items() if key in ("active", "events", "last_response")},
    }
