"""GitLab's protected environments, which only maintainers see, and only where the licence has them; and groups."""

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from flask import Flask

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
        blank = {"access_level": None, "user_id": None, "group_id": None}
        return {
            "name": name,
            "deploy_access_levels": [blank | one for one in rules.get("deploy", ())],
            "required_approval_count": rules.get("count", 0),
            "approval_rules": [blank | {"required_approvals": 1} | one for one in rules.get("approve", ())],
        }

    @app.get("/api/v4/groups/<int:number>")
    def get_group(number: int) -> Any:
        if number not in forge.groups:
            refuse(404, "404 Group Not Found")
        return {"id": number, "full_path": forge.groups[number][0]}

    @app.get("/api/v4/groups/<group>/members/all/<int:user>")
    def get_group_member(group: str, user: int) -> Any:
        name = next((one for one, number in forge.users.items() if number == user), "")
        members = next((every for path, every in forge.groups.values() if path == unquote(group)), ())
        if name not in members and name not in forge.teams.get(unquote(group), ()):
            refuse(404, "404 Not found")
        return payloads.user(forge, name) | {"access_level": 30, "state": "active", "expires_at": None}

    @app.get("/api/v4/users/<int:user>")
    def get_user(user: int) -> Any:
        name = next((one for one, number in forge.users.items() if number == user), "")
        return payloads.user(forge, name) if name else refuse(404, "404 User Not Found")
