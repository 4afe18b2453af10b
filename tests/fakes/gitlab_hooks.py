"""GitLab's webhooks as its API has them: for Maintainers, never with a secret, switched on again by a good test."""

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from flask import Flask, request

from tests.fakes import hooking
from tests.fakes.nouns import Project

if TYPE_CHECKING:
    from tests.fakes.gitlab import FakeGitLab

HOOKS = "/api/v4/projects/<id>/hooks"
KINDS = ("push_events", "tag_push_events", "merge_requests_events", "note_events")
TESTED = ("push_events", "resource_access_token_events")
SECRETS = ("secret", "signing_token")
KEPT = (*KINDS, "enable_ssl_verification", "push_events_branch_filter", "custom_webhook_template", "issues_events")


def open_hooks(app: Flask, forge: "FakeGitLab", find: Any, refuse: Any, paginated: Any) -> None:
    """Serve the webhooks of projects and groups."""

    def maintained(id_: str) -> Project:
        project: Project = find(forge, id_)
        may = project.permissions.get(forge.bot, "write") in ("admin", "maintain")
        return project if may else refuse(403, "403 Forbidden")

    @app.get(HOOKS)
    def hooks(id: str) -> Any:  # noqa: A002 - GitLab's word
        return paginated([shown(hook) for hook in maintained(id).hooks])

    @app.post(HOOKS)
    def new_hook(id: str) -> Any:  # noqa: A002
        project, wanted = maintained(id), request.get_json()
        fields = dict.fromkeys(KINDS, False) | {"push_events": True} | checked(wanted, refuse)
        return shown(hooking.remember(forge, project.hooks, wanted["url"], **fields)), 201

    @app.put(f"{HOOKS}/<int:number>")
    def changed_hook(id: str, number: int) -> Any:  # noqa: A002
        hook = hooking.numbered(maintained(id), number) or refuse(404, "404 Not found")
        wanted = request.get_json()
        hook |= checked(wanted, refuse) | {"url": wanted["url"]}
        return shown(hook)

    @app.post(f"{HOOKS}/<int:number>/test/<trigger>")
    def tested(id: str, number: int, trigger: str) -> Any:  # noqa: A002
        hook = hooking.numbered(maintained(id), number) or refuse(404, "404 Not found")
        if trigger not in TESTED:
            refuse(400, "trigger does not have a valid value", "error")
        sample = {"object_kind": "access_token", "project": {"id": maintained(id).id}}
        sent = hooking.send(forge, hook, "Resource Access Token Hook", sample)
        if sent.response is None or not sent.response.ok:
            refuse(422, "Failed to open TCP connection" if sent.response is None else sent.response.text)
        hook.pop("alert_status", None)
        return {"message": "201 Created"}, 201

    @app.get("/api/v4/groups/<id>/hooks")
    def of_group(id: str) -> Any:  # noqa: A002
        if unquote(id) not in forge.group_hooks:
            refuse(403, "403 Forbidden")
        return paginated([shown(hook) for hook in forge.group_hooks[unquote(id)]])


def checked(wanted: dict[str, Any], refuse: Any) -> dict[str, Any]:
    """Validate as GitLab does; what is not said stays as it is."""
    if not str(wanted.get("url", "")).startswith(("http://", "https://")):
        refuse(422, "Invalid url given")
    if not str(wanted.get("signing_token") or "whsec_").startswith("whsec_"):
        refuse(422, {"signing_token": ["is invalid"]})
    fields = {key: wanted[key] for key in (*KEPT, "signing_token") if key in wanted}
    return fields | ({"secret": wanted["token"]} if "token" in wanted else {})


def shown(hook: dict[str, Any]) -> dict[str, Any]:
    """Describe a webhook."""
    seen = {key: value for key, value in hook.items() if key not in SECRETS}
    usual = dict.fromkeys(KINDS, True) | {"alert_status": "executable", "enable_ssl_verification": True}
    return {**usual, **seen, "signing_token_present": bool(hook.get("signing_token"))}
