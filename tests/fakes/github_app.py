"""GitHub's side of an App: the signed assertion checked, installations found, short-lived tokens handed out."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jwt
from flask import Flask, abort, jsonify, request

if TYPE_CHECKING:
    from tests.fakes.github import FakeGitHub


def _demand_app(forge: "FakeGitHub") -> None:
    token = request.headers.get("Authorization", "").partition(" ")[2]
    try:
        claims = jwt.decode(token, forge.app_key, algorithms=["RS256"], options={"require": ["iat", "exp", "iss"]})
    except jwt.PyJWTError:
        _refuse(401, "A JSON web token could not be decoded")
    if claims["exp"] - claims["iat"] > 660:
        _refuse(401, "'Expiration time' claim ('exp') is too far in the future")


def _open_hook(app: Flask, forge: "FakeGitHub") -> None:
    @app.get("/api/v3/app/hook/config")
    def app_hook() -> Any:
        _demand_app(forge)
        if not forge.app_hook:
            _refuse(404, "Not Found")
        return {key: "********" if key == "secret" else value for key, value in forge.app_hook.items()}

    @app.patch("/api/v3/app/hook/config")
    def changed_app_hook() -> Any:
        _demand_app(forge)
        forge.app_hook |= request.get_json()
        return app_hook()


def open_app(app: Flask, forge: "FakeGitHub") -> None:
    """Open the routes that only an App may use."""
    _open_hook(app, forge)

    @app.get("/api/v3/app")
    def app_itself() -> Any:
        _demand_app(forge)
        return {"id": 1, "slug": "pushboat-app", "name": "Pushboat"}

    @app.get("/api/v3/repos/<owner>/<name>/installation")
    def installation(owner: str, name: str) -> Any:
        _demand_app(forge)
        found = forge.projects.get(f"{owner}/{name}") or _refuse(404, "Not Found")
        return _installed(forge, found.id)

    @app.get("/api/v3/repositories/<int:number>/installation")
    def installation_by_id(number: int) -> Any:
        _demand_app(forge)
        return next(
            (_installed(forge, one.id) for one in forge.projects.values() if one.id == number), None
        ) or _refuse(404, "?")

    @app.post("/api/v3/app/installations/<int:number>/access_tokens")
    def access_token(number: int) -> Any:
        _demand_app(forge)
        wanted = request.get_json()
        project = next(one for one in forge.projects.values() if one.id == number)
        named = [project.name.rpartition("/")[2]]
        if wanted.get("repositories", named) != named or wanted.get("repository_ids", [number]) != [number]:
            _refuse(422, "There is at least one repository that does not exist or is not accessible")
        granted = _grant(forge, wanted)
        token = f"ghs_1_{secrets.token_hex(20)}.{secrets.token_hex(40)}"
        forge.app_tokens[token], forge.app_grants[token] = project.name, granted
        expires = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"token": token, "expires_at": expires, "permissions": granted}, 201


def _installed(forge: "FakeGitHub", number: int) -> dict[str, Any]:
    return {"id": number, "app_id": 1, "permissions": forge.app_permissions, "events": forge.app_events}


def _grant(forge: "FakeGitHub", wanted: dict[str, Any]) -> dict[str, str]:
    granted: dict[str, str] = wanted.get("permissions", forge.app_permissions)
    if not granted.items() <= forge.app_permissions.items():
        _refuse(422, "The permissions requested are not granted to this installation.")
    return granted


def _refuse(code: int, message: str) -> Any:
    answer = jsonify(message=message)
    answer.status_code = code
    abort(answer)
