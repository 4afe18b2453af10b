"""GitLab's protected environments, which only maintainers see, and only where the licence has them; and groups."""

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from flask import Flask, request

from tests.fakes import gitlab_payloads as payloads

if TYPE_CHECKING:
    from tests.fakes.gitlab import FakeGitLab

MAINTAINER = 40


def open_protected(app: Flask, forge: "FakeGitLab", find: Any, refuse: Any, level: Any, project: str) -> None:
    """Open the routes of protected environments, groups and users."""

    @app.get(f"{project}/protected_environments/<name>")
    def get_protected(id: str, name: str) -> Any:  # noqa: A002 - GitLab's word
        found = find(forge, id)
        if not forge.licensed:
            refuse(404, "404 Not Found")
        if level(forge, found) < MAINTAINER:
            refuse(403, "403 Forbidden")
        rules = forge.protected.get((found.name, unquote(name)))
        if rules is None:
            refuse(404, "404 Not found")
        return _described(name, rules)

    _open_above(app, forge, refuse, level)
    _open_groups(app, forge, refuse)


def _open_above(app: Flask, forge: "FakeGitLab", refuse: Any, level: Any) -> None:
    @app.get("/api/v4/groups/<group>/protected_environments/<tier>")
    def get_above(group: str, tier: str) -> Any:
        if unquote(group) not in forge.owned:
            refuse(403, "403 Forbidden")
        rules = forge.above.get((unquote(group), tier))
        return _described(tier, rules) if rules is not None else refuse(404, "404 Not found")

    @app.post("/api/graphql")
    def ask_graph() -> Any:
        wanted = request.get_json()["variables"]
        if forge.edition == "ce":
            return {"errors": [{"message": "Field 'protectedEnvironments' doesn't exist on type 'Environment'"}]}
        project = next((one for one in forge.projects.values() if one.name == wanted["project"]), None)
        if project is None or level(forge, project) == 0:
            return {"data": {"project": None}}
        known = wanted["environment"] in forge.places.get(project.name, {})
        told = {"protectedEnvironments": {"nodes": _nodes(forge, project.name, wanted["environment"])}}
        return {"data": {"project": {"environment": told if known and forge.licensed else None}}}


def _open_groups(app: Flask, forge: "FakeGitLab", refuse: Any) -> None:
    @app.get("/api/v4/groups/<int:number>")
    def get_group(number: int) -> Any:
        if number not in forge.groups:
            refuse(404, "404 Group Not Found")
        return {"id": number, "full_path": forge.groups[number][0]}

    @app.get("/api/v4/groups/<group>/members/<int:user>")
    def get_own_member(group: str, user: int) -> Any:
        name = next((one for one, number in forge.users.items() if number == user), "")
        own = next((every for path, every in forge.groups.values() if path == unquote(group)), set[str]())
        if name not in own | forge.teams.get(unquote(group), set()):
            refuse(404, "404 Not found")
        has = forge.group_levels.get((unquote(group), name), 30)
        return payloads.user(forge, name) | {"access_level": has, "state": "active", "expires_at": None}

    @app.get("/api/v4/groups/<group>/members/all/<int:user>")
    def get_group_member(group: str, user: int) -> Any:
        name = next((one for one, number in forge.users.items() if number == user), "")
        if name in forge.inherited.get(unquote(group), ()):
            return payloads.user(forge, name) | {"access_level": 30, "state": "active", "expires_at": None}
        return get_own_member(group, user)

    @app.get("/api/v4/users/<int:user>")
    def get_user(user: int) -> Any:
        name = next((one for one, number in forge.users.items() if number == user), "")
        return payloads.user(forge, name) if name else refuse(404, "404 User Not Found")


def _described(name: str, rules: dict[str, Any]) -> dict[str, Any]:
    blank = {"access_level": None, "user_id": None, "group_id": None, "group_inheritance_type": 0}
    return {
        "name": name,
        "deploy_access_levels": [blank | one for one in rules.get("deploy", ())],
        "required_approval_count": rules.get("count", 0),
        "approval_rules": [blank | {"required_approvals": 1} | one for one in rules.get("approve", ())],
    }


def _nodes(forge: "FakeGitLab", project: str, environment: str) -> list[dict[str, Any]]:
    """Tell of the project's own rules and of those of each group above it, as GraphQL does."""
    parents = [project.rsplit("/", depth)[0] for depth in range(1, project.count("/") + 1)]
    groups = [(path, forge.above[path, environment]) for path in parents if (path, environment) in forge.above]
    own = forge.protected.get((project, environment))
    return [
        *([_node(forge, environment, own, None)] if own is not None else []),
        *(_node(forge, environment, rules, {"fullPath": path}) for path, rules in groups),
    ]


def _node(forge: "FakeGitLab", name: str, rules: dict[str, Any], group: dict[str, str] | None) -> dict[str, Any]:
    names = {number: login for login, number in forge.users.items()}

    def entry(one: dict[str, Any]) -> dict[str, Any]:
        user, team = one.get("user_id"), one.get("group_id")
        return {
            "user": {"username": names[user]} if user else None,
            "group": {"fullPath": forge.groups[team][0]} if team else None,
            "accessLevel": {"integerValue": one["access_level"]} if one.get("access_level") else None,
            "requiredApprovals": one.get("required_approvals", 1),
        }

    return {
        "name": name,
        "group": group,
        "requiredApprovalCount": rules.get("count", 0),
        "deployAccessLevels": {"nodes": [entry(one) for one in rules.get("deploy", ())]},
        "approvalRules": {"nodes": [entry(one) for one in rules.get("approve", ())]},
    }
