"""Gitea and Forgejo as people sign in with them: an issuer, permissions of collaborators, members of teams.

Their discovery document, their ID token's `preferred_username`, and the API below /api/v1 as their Swagger has it.
"""

from typing import Any

from flask import Flask, jsonify, request

from tests.fakes.accounts import Accounts, application_of, whose


class GiteaAccounts(Accounts):
    """A Gitea; who may not read a repository is a collaborator with the permission `none` of it."""

    def application(self) -> Flask:
        """Be Gitea."""
        app = application_of(self)
        _tell_of_people(app, self)
        _tell_of_teams(app, self)
        return app


def _tell_of_people(app: Flask, there: Accounts) -> None:
    @app.get("/keys")
    def keys() -> Any:
        return jsonify(keys=[there.published.as_dict(private=False)])

    @app.get("/userinfo")
    def userinfo() -> Any:
        name = whose(there)
        return jsonify(sub=f"id-of-{name}", preferred_username=name, name=f"{name.title()} of Gitea")

    @app.get("/api/v1/repos/<owner>/<name>/collaborators/<login>/permission")
    def permission(owner: str, name: str, login: str) -> Any:
        if there.ill:
            return "", 500
        level = there.permissions.get((f"{owner}/{name}".lower(), login), "none")
        return jsonify(permission=level, role_name=level, user={"login": login})

    @app.get("/api/v1/repos/<owner>/<name>")
    def repository(owner: str, name: str) -> Any:
        return jsonify(id=1, full_name=f"{owner}/{name}")


def _tell_of_teams(app: Flask, there: Accounts) -> None:
    def names() -> list[str]:
        return sorted(there.teams)

    @app.get("/api/v1/orgs/<organisation>/teams/search")
    def search(organisation: str) -> Any:
        wanted, within = request.args["q"].casefold(), f"@{organisation}/"
        found = [
            (number, each.removeprefix(within)) for number, each in enumerate(names(), 1) if each.startswith(within)
        ]
        return jsonify(
            ok=True, data=[{"id": number, "name": name} for number, name in found if wanted in name.casefold()]
        )

    @app.get("/api/v1/teams/<int:number>/members/<login>")
    def member(number: int, login: str) -> Any:
        if login not in there.teams[names()[number - 1]]:
            return jsonify(message="Not Found"), 404
        return jsonify(login=login)
