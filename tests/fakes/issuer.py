"""Whoever signs tokens of CI jobs: tells its keys by HTTP, and signs what it is given.

`asked` counts questions for its keys; `away` answers 500 to everybody; `moved` redirects to somewhere else, and
`text` is said in place of what it is.
"""

import base64
import json
import time
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Response, redirect, request

from tests.fakes.door import Door
from tests.fakes.routes import Routes

Json = dict[str, Any]
AUDIENCE = "https://pushboat.example.org"
TICKET = "the runner's ticket of this job"


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """Make a key of this name once in a run: it takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=1024 if name == "short" else 2048)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    """Make one on a curve."""
    return ec.generate_private_key(ec.SECP256R1())


def encoded(value: Any) -> str:
    """Write a part of a token; a text is taken as it is."""
    text = value if isinstance(value, bytes) else (value if isinstance(value, str) else json.dumps(value)).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


class FakeIssuer(Door):
    """An issuer with an RSA key called `one` and an EC key called `curve`."""

    def __init__(self, path: str = "") -> None:
        self.asked = 0
        self.away = False
        self.moved = ""
        self.text: str | None = None
        self.about: Json = {}
        self.keys: list[Json] = [public_rsa("one"), public_ec("curve")]
        self._path = path
        app = Routes("issuer")
        app.add_url_rule(f"{path}/.well-known/openid-configuration", view_func=self._tell_about)
        app.add_url_rule(f"{path}/keys", view_func=self._tell_keys)
        app.add_url_rule("/runner/token", view_func=self._give_token)
        super().__init__(app.wsgi_app)

    @property
    def address(self) -> str:
        """Give its name, which is its address."""
        return f"{self.url}{self._path}"

    def sign(self, claims: Json, *, kid: str = "one", algorithm: str = "RS256", **headers: Any) -> str:
        """Sign claims as forges do."""
        key = ec_key(kid) if algorithm.startswith("ES") else rsa_key(kid)
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid, **headers})

    def times(self, **changes: Any) -> Json:
        """Say whose token it is, for whom, from when to when."""
        now = int(time.time())
        common = {"iss": self.address, "aud": AUDIENCE, "iat": now - 5, "nbf": now - 5, "exp": now + 300, "jti": "1"}
        return {**common, **changes}

    def github(self, **changes: Any) -> Json:
        """Claim what GitHub does for a push to main (docs.github.com, "OpenID Connect reference")."""
        claims = {
            "sub": "repo:acme/shop:ref:refs/heads/main",
            "repository": "acme/shop",
            "repository_id": "74",
            "repository_owner": "acme",
            "ref": "refs/heads/main",
            "ref_type": "branch",
            "event_name": "push",
            "workflow": "deploy",
            "workflow_ref": "acme/shop/.github/workflows/deploy.yml@refs/heads/main",
            "run_id": "123",
            "actor": "ada",
        }
        return without_none({**self.times(), **claims, **changes})

    def gitlab(self, **changes: Any) -> Json:
        """Claim what GitLab does (docs.gitlab.com, "OpenID Connect ID token payload")."""
        claims = {
            "sub": "project_path:acme/shop:ref_type:branch:ref:main",
            "project_path": "acme/shop",
            "project_id": "22",
            "ref": "main",
            "ref_type": "branch",
            "ref_protected": "true",
            "pipeline_source": "push",
            "pipeline_id": "1212",
            "user_login": "ada",
        }
        return without_none({**self.times(), **claims, **changes})

    def public_pem(self) -> bytes:
        """Give the public key as text, which everybody may know."""
        return rsa_key("one").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def _give_token(self) -> Any:
        """Answer as the runner of a job does, to whoever brings the job's ticket."""
        if request.headers.get("Authorization") != f"Bearer {TICKET}" or request.args.get("api-version") != "2.0":
            return Response("who are you?", 401)
        return {"value": self.sign(self.github(aud=request.args["audience"]))}

    def _tell_about(self) -> Any:
        if self.text is not None:
            return Response(self.text, 200)
        if self.moved:
            return redirect(self.moved)
        about = {"issuer": self.address, "jwks_uri": f"{self.address}/keys", **self.about}
        return Response("away", 500) if self.away else about

    def _tell_keys(self) -> Any:
        self.asked += 1
        return {"keys": self.keys}


def public_rsa(name: str) -> Json:
    """Give an RSA key as issuers tell it."""
    return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(name).public_key())), "kid": name, "use": "sig"}


def public_ec(name: str) -> Json:
    """Give a curve's key as issuers tell it."""
    return {**json.loads(jwt.algorithms.ECAlgorithm.to_jwk(ec_key(name).public_key())), "kid": name, "use": "sig"}


def without_none(claims: Json) -> Json:
    """Leave out what is None."""
    return {name: value for name, value in claims.items() if value is not None}
