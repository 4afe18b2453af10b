"""Gitea's webhooks as its API has them: a secret is taken at the creation only, an edit replaces what it lacks.

Copied from the behaviour of 1.24: `routers/api/v1/utils/hook.go`.
"""

from typing import TYPE_CHECKING, Any

from flask import Flask, jsonify, request

from tests.fakes import hooking
from tests.fakes.nouns import Project

if TYPE_CHECKING:
    from tests.fakes.gitea import FakeGitea

HOOKS = "/api/v1/repos/<owner>/<name>/hooks"
EVENTS = ("push", "delete", "pull_request", "pull_request_sync", "pull_request_comment")
LARGEST_PAGE = 50


def open_hooks(app: Flask, forge: "FakeGitea", find: Any, may: Any, refuse: Any) -> None:
    """Serve the webhooks of repositories."""

    def administered(owner: str, name: str) -> Project:
        project: Project = find(forge, owner, name)
        if not may(forge, project, "admin"):
            refuse(403, "user should be an owner or a collaborator with admin write of a repository")
        return project

    def numbered(owner: str, name: str, number: int) -> dict[str, Any]:
        return hooking.numbered(administered(owner, name), number) or refuse(404, "The target couldn't be found.")

    @app.get(HOOKS)
    def hooks(owner: str, name: str) -> Any:
        return _page([shown(hook) for hook in administered(owner, name).hooks])

    @app.post(HOOKS)
    def new_hook(owner: str, name: str) -> Any:
        project, wanted = administered(owner, name), request.get_json()
        fields = checked(wanted, refuse)
        return shown(hooking.remember(forge, project.hooks, wanted["config"]["url"], **fields)), 201

    @app.patch(f"{HOOKS}/<int:number>")
    def changed_hook(owner: str, name: str, number: int) -> Any:
        hook, wanted = numbered(owner, name, number), request.get_json()
        config = {key: value for key, value in (wanted.get("config") or {}).items() if key != "secret"}
        hook |= {"config": hook.get("config", {}) | config, "events": wanted.get("events") or ["push"]}
        hook |= {"url": config.get("url", hook["url"]), "branch_filter": wanted.get("branch_filter", "")}
        hook |= {"active": wanted["active"]} if "active" in wanted else {}
        hook["authorization_header"] = wanted.get("authorization_header", "")
        return shown(hook)

    @app.delete(f"{HOOKS}/<int:number>")
    def deleted_hook(owner: str, name: str, number: int) -> Any:
        administered(owner, name).hooks.remove(numbered(owner, name, number))
        return "", 204

    @app.post(f"{HOOKS}/<int:number>/tests")
    def tested(owner: str, name: str, number: int) -> Any:
        hook = numbered(owner, name, number)
        if not find(forge, owner, name).bare.resolve("refs/heads/main"):
            refuse(404, "repository is empty")
        _send(forge, hook, find(forge, owner, name))
        return "", 204


def _send(forge: "FakeGitea", hook: dict[str, Any], project: Project) -> None:
    """Send a test where it may; whoever asked for it hears 204 either way."""
    if forge.allowed_hosts != "external":  # we are on loopback
        hooking.send(forge, hook, *forge.dialect.ping(forge, project))


def checked(wanted: dict[str, Any], refuse: Any) -> dict[str, Any]:
    """Validate as Gitea does; what is not said is nothing."""
    config = wanted.get("config") or {}
    if wanted.get("type") not in ("gitea", "slack", "discord"):
        refuse(422, f"Invalid hook type: {wanted.get('type')}")
    if missing := next((key for key in ("url", "content_type") if key not in config), ""):
        refuse(422, f"Missing config option: {missing}")
    if config["content_type"] not in ("json", "form"):
        refuse(422, "Invalid content type")
    return {
        "config": {key: value for key, value in config.items() if key != "secret"},
        "secret": config.get("secret", ""),
        "events": wanted.get("events") or ["push"],
        "branch_filter": wanted.get("branch_filter", ""),
        "active": wanted.get("active", False),
        "authorization_header": wanted.get("authorization_header", ""),
    }


def _page(items: list[Any]) -> Any:
    size = min(int(request.args.get("limit", 30)), LARGEST_PAGE)
    page = int(request.args.get("page", 1))
    answer = jsonify(items[(page - 1) * size : page * size])
    answer.headers["X-Total-Count"] = str(len(items))
    return answer


def shown(hook: dict[str, Any]) -> dict[str, Any]:
    """Describe a webhook."""
    return {
        "id": hook["id"],
        "type": "gitea",
        "active": True,
        "events": list(EVENTS),
        "branch_filter": "*",
        "config": {"url": hook["url"], "content_type": "json"} | hook.get("config", {}),
        "authorization_header": "",
        **{
            key: value
            for key, value in hook.items()
            if key in ("active", "events", "type", "branch_filter", "authorization_header")
        },
    }
