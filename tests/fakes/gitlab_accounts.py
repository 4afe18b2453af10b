"""GitLab as people sign in with it: an issuer whose accounts have nicknames, and members of projects and groups.

As docs.gitlab.com has it ("GitLab as an OpenID Connect identity provider", "Project and group members API"): the user's
number is `sub`, the name by which permissions are asked is `nickname`, and members of groups above are under `all`.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from flask import Flask, jsonify, request

from tests.fakes.accounts import Accounts, application_of, whose

LEVELS = {"read": 10, "triage": 20, "write": 30, "maintain": 40, "admin": 50}


@dataclass
class GitLabAccounts(Accounts):
    """A GitLab; `memberships` are odd things that it says of somebody in a project, such as an end that has passed.

    `in_token` says that the ID token has the nickname, as newer ones have it; older ones tell it at /oauth/userinfo.
    """

    memberships: dict[str, dict[str, Any]] = field(default_factory=dict)
    in_token: bool = True
    numbers: dict[str, int] = field(default_factory=dict)

    def application(self) -> Flask:
        """Be GitLab."""
        app = application_of(self)
        for path, name in (("/oauth/authorize", "authorize"), ("/oauth/token", "token")):
            app.add_url_rule(path, f"gitlab_{name}", app.view_functions[name], methods=["GET", "POST"])
        self.lies = {
            "authorization_endpoint": "", "token_endpoint": "", "userinfo_endpoint": "", "jwks_uri": "",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["plain", "S256"],
        }  # fmt: skip
        _tell_of_people(app, self)
        _tell_of_members(app, self)
        return app

    def __post_init__(self) -> None:
        """Open, and say where everything is."""
        super().__post_init__()
        places = {
            "authorization_endpoint": "/oauth/authorize",
            "token_endpoint": "/oauth/token",
            "userinfo_endpoint": "/oauth/userinfo",
            "jwks_uri": "/oauth/discovery/keys",
        }
        self.lies |= {name: f"{self.url}{path}" for name, path in places.items()}

    def id_token(self, nonce: str) -> str:
        """Make one in GitLab's words."""
        told = {"nickname": self.name, "name": f"{self.name.title()} of GitLab"} if self.in_token else {}
        usual = {"sub": str(self.number(self.name)), "preferred_username": None, "groups": None, **told}
        held, self.claims = self.claims, {**usual, **self.claims}
        try:
            return super().id_token(nonce)
        finally:
            self.claims = held

    def number(self, name: str) -> int:
        """Give an account's number, which its name may leave."""
        return self.numbers.setdefault(name, len(self.numbers) + 1)

    def named(self, number: int) -> str:
        """Give the name of an account."""
        return next((name for name, its in self.numbers.items() if its == number), "")


def _tell_of_people(app: Flask, there: GitLabAccounts) -> None:
    @app.get("/oauth/discovery/keys")
    def keys() -> Any:
        return jsonify(keys=[there.published.as_dict(private=False)])

    @app.get("/oauth/userinfo")
    def userinfo() -> Any:
        name = whose(there)
        groups = [team.removeprefix("@") for team, members in there.teams.items() if name in members]
        return jsonify(sub=str(there.number(name)), nickname=name, preferred_username=name, groups=groups)

    @app.get("/api/v4/users")
    def users() -> Any:
        name = request.args["username"]
        known = {each for _, each in there.permissions} | {each for members in there.teams.values() for each in members}
        found = [each for each in known if each.lower() == name.lower()]
        return jsonify([{"id": there.number(each), "username": each, "state": "active"} for each in found])


def _tell_of_members(app: Flask, there: GitLabAccounts) -> None:
    def missing() -> Any:
        return jsonify(message="404 Not found"), 404

    @app.get("/api/v4/projects/<project>/members/all/<int:number>")
    def member(project: str, number: int) -> Any:
        name = there.named(number)
        level = LEVELS.get(there.permissions.get((unquote(project).lower(), name), ""))
        if level is None:
            return missing()
        said = {"id": number, "username": name, "state": "active", "access_level": level}
        return jsonify({**said, **there.memberships.get(name, {})})

    @app.get("/api/v4/projects/<project>")
    def project(project: str) -> Any:
        return jsonify(id=1, path_with_namespace=unquote(project))

    @app.get("/api/v4/groups/<group>/members/all/<int:number>")
    def of_group(group: str, number: int) -> Any:
        name = there.named(number)
        if name not in there.teams.get(f"@{unquote(group)}", set()):
            return missing()
        return jsonify(id=number, username=name, state="active", access_level=LEVELS["write"])
