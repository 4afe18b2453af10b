"""Where people sign in: a forge's OAuth2 and an issuer of OpenID Connect, with the rules that real ones enforce.

The redirect address is compared to the letter, the client's secret is needed, a code counts once, for a moment and only
for whoever has the verifier of its challenge. `lies` are what a hostile one would say.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from flask import Flask, abort, jsonify, redirect, request
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey

from tests.fakes.door import Door

CLIENT_ID, CLIENT_SECRET = "pushboat-here", "the secret of the application"
KEY, OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "one"})
with warnings.catch_warnings(category=SecurityWarning, action="ignore"):
    SHORT_KEY = RSAKey.generate_key(1024, {"kid": "one"})


@dataclass
class Accounts:
    """A forge or issuer: who is signed in there at this moment, and what everybody may in each repository.

    `teams` are those of a forge, each with its members; an `ill` one answers 500 to questions for permissions.
    `says` is what it answers at a path instead, whatever that is.
    """

    callback: str = ""
    name: str = "ada"
    groups: list[str] = field(default_factory=list)
    permissions: dict[tuple[str, str], str] = field(default_factory=dict)
    teams: dict[str, set[str]] = field(default_factory=dict)
    ill: bool = False
    says: dict[str, str] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEY)
    published: Any = field(default_factory=lambda: KEY)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})

    def __post_init__(self) -> None:
        """Open."""
        self.door = Door(self.application())
        self.url = self.door.url

    def application(self) -> Flask:
        """Be GitHub, and an issuer of OpenID Connect."""
        app = application_of(self)
        _tell(app, self)
        return app

    def sign_in(self, there: str) -> str:
        """Do as a browser does whose person says yes: give the address that it is sent back to."""
        answer = requests.get(there, allow_redirects=False, timeout=60)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def id_token(self, nonce: str) -> str:
        """Make one, with whatever is to be wrong about it."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": f"id-of-{self.name}",
            "aud": CLIENT_ID,
            "exp": now + 60,
            "iat": now,
            "nonce": nonce,
            "preferred_username": self.name,
            "groups": self.groups,
        }
        claims = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        if self.header["alg"] == "none":
            return ".".join(_bare(part) for part in ({"alg": "none"}, claims)) + "."
        if self.header["alg"] == "HS256":
            said = f"{_bare(self.header)}.{_bare(claims)}"
            signed = hmac.digest(KEY.as_pem(private=False), said.encode(), "sha256")
            return f"{said}.{base64.urlsafe_b64encode(signed).decode().rstrip('=')}"
        return jwt.encode(self.header, claims, self.key)


def _bare(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def application_of(there: Accounts) -> Flask:
    app = Flask("fake-accounts")

    @app.before_request
    def instead() -> Any:
        said = there.says.get(request.path)
        return None if said is None else app.response_class(said, mimetype="application/json")

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Any:
        said = {
            "issuer": there.url,
            "authorization_endpoint": f"{there.url}/login/oauth/authorize",
            "token_endpoint": f"{there.url}/login/oauth/access_token",
            "userinfo_endpoint": f"{there.url}/userinfo",
            "jwks_uri": f"{there.url}/keys",
        }
        return jsonify({**said, **there.lies})

    @app.get("/login/oauth/authorize")
    def authorize() -> Any:
        asked = request.args
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        if asked["redirect_uri"] != there.callback:
            abort(400, "another redirect address")
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_hex(16)
        there.codes[code] = {**asked.to_dict(), "name": there.name}
        return redirect(f"{there.callback}?{urlencode({'code': code, 'state': asked['state']})}")

    @app.post("/login/oauth/access_token")
    def token() -> Any:
        form, basic = request.form, request.authorization
        shown = (basic.username, basic.password) if basic else (form.get("client_id"), form.get("client_secret"))
        if shown != (CLIENT_ID, CLIENT_SECRET):
            return jsonify(error="invalid_client"), 401
        code = there.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            code is None
            or form["redirect_uri"] != there.callback
            or challenge.decode().rstrip("=") != code["code_challenge"]
        ):
            return jsonify(error="invalid_grant"), 400
        access = secrets.token_hex(16)
        there.tokens[access] = code["name"]
        said = {"access_token": access, "token_type": "bearer"}
        return jsonify(said | ({"id_token": there.id_token(code["nonce"])} if "nonce" in code else {}))

    return app


def _tell(app: Flask, there: Accounts) -> None:
    @app.get("/keys")
    def keys() -> Any:
        return jsonify(keys=[there.published.as_dict(private=False)])

    @app.get("/userinfo")
    def userinfo() -> Any:
        return jsonify(sub=f"id-of-{whose(there)}", preferred_username=whose(there), groups=there.groups)

    @app.get("/api/user")
    def user() -> Any:
        return jsonify(id=7, login=whose(there))

    @app.get("/api/repos/<owner>/<name>")
    def repository(owner: str, name: str) -> Any:
        return jsonify(id=1, full_name=f"{owner}/{name}")

    @app.get("/api/repos/<owner>/<name>/collaborators/<login>/permission")
    def permission(owner: str, name: str, login: str) -> Any:
        if there.ill:
            abort(500)
        level = there.permissions.get((f"{owner}/{name}".lower(), login))
        return jsonify(permission=level, role_name=level) if level else (jsonify(message="Not Found"), 404)

    @app.get("/api/orgs/<organisation>/teams/<slug>/memberships/<login>")
    def membership(organisation: str, slug: str, login: str) -> Any:
        members = there.teams.get(f"@{organisation}/{slug}", set())
        return jsonify(state="active") if login in members else (jsonify(message="Not Found"), 404)


def whose(there: Accounts) -> str:
    name = there.tokens.get(request.headers.get("Authorization", "").partition(" ")[2])
    return name if name else abort(401)


def query_of(address: str) -> dict[str, str]:
    """Give the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def name_of_lie(lie: Mapping[str, Any]) -> str:
    """Name what is wrong with a token: a key by whose place it takes, for what it prints is another in each process."""
    return " ".join(str(value) if isinstance(value, dict) else name for name, value in lie.items())
