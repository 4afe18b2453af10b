"""Keys at Google and at Microsoft, each strict about who asks and how."""

import base64
import json
import time
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import request

from tests.fakes.door import Door
from tests.fakes.keepers import Sealing
from tests.fakes.routes import Routes

GOOGLE_KEY = "projects/shop/locations/europe-west3/keyRings/sops/cryptoKeys/staging"
EMAIL, KEY_ID = "sops@shop.iam.gserviceaccount.com", "0123456789abcdef"
TENANT, CLIENT, CLIENT_SECRET = "11111111-2222-3333-4444-555555555555", "66666666-7777", "only~for.tests-8Q~x"
VERSION = "0123456789abcdef0123456789abcdef"


class FakeGoogle(Door):
    """One key of Google Cloud KMS; a token that its service account has signed itself may open with it."""

    def __init__(self) -> None:
        self.asked, self.says, self._key = list[str](), "", Sealing()
        self._account = rsa.generate_private_key(65537, 2048)
        app = Routes("fake-google")
        app.add_url_rule("/v1/<path:what>", view_func=self._decrypt, methods=["POST"])
        super().__init__(app.wsgi_app)

    @property
    def account(self) -> str:
        """Give the account's key, as it is made at Google."""
        pem = self._account.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        said = {
            "client_email": EMAIL,
            "private_key_id": KEY_ID,
            "private_key": pem,
            "token_uri": "https://evil.example",
        }
        return json.dumps({"type": "service_account", **said})

    def copy(self, data_key: bytes) -> dict[str, Any]:
        """Make a copy of a data key, as a file has it."""
        return {"resource_id": GOOGLE_KEY, "created_at": "2026-11-29T00:00:00Z", "enc": self._key.sealed(data_key)}

    def _decrypt(self, what: str) -> Any:
        if not self._is_known():
            return _google_error(401, "UNAUTHENTICATED")
        if self.says:
            return _google_error(400 if self.says == "FAILED_PRECONDITION" else 403, self.says)
        if what != f"{GOOGLE_KEY}:decrypt":
            return _google_error(404, "NOT_FOUND")
        sealed = request.get_json()["ciphertext"]
        self.asked.append(sealed)
        opened = self._key.opened(sealed)
        if opened is None:
            return _google_error(400, "INVALID_ARGUMENT")
        return {"plaintext": base64.b64encode(opened).decode(), "usedPrimary": True}

    def _is_known(self) -> bool:
        head, _, rest = request.headers.get("Authorization", "").removeprefix("Bearer ").partition(".")
        said, _, signature = rest.partition(".")
        try:
            public = self._account.public_key()
            public.verify(_unweb(signature), f"{head}.{said}".encode(), padding.PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        header, claims, now = json.loads(_unweb(head)), json.loads(_unweb(said)), time.time()
        return (
            header == {"alg": "RS256", "typ": "JWT", "kid": KEY_ID}
            and claims["iss"] == claims["sub"] == EMAIL
            and claims["aud"] == "https://cloudkms.googleapis.com/"
            and claims["iat"] - 1 <= now < claims["exp"] <= claims["iat"] + 3600
        )


def _google_error(status: int, kind: str) -> Any:
    return {"error": {"code": status, "message": f"{EMAIL} may not", "status": kind}}, status


class FakeAzure(Door):
    """A vault with one RSA key, and the door at which its application logs in, as two in one."""

    def __init__(self) -> None:
        self.asked, self.denied, self._tokens = list[str](), False, set[str]()
        self._key = rsa.generate_private_key(65537, 2048)
        app = Routes("fake-azure")
        app.add_url_rule(f"/{TENANT}/oauth2/v2.0/token", view_func=self._log_in, methods=["POST"])
        app.add_url_rule("/keys/<name>/<version>/decrypt", view_func=self._decrypt, methods=["POST"])
        super().__init__(app.wsgi_app)

    @property
    def key(self) -> str:
        """Name the key as SOPS is told it."""
        return f"{self.url}/keys/staging/{VERSION}"

    def copy(self, data_key: bytes) -> dict[str, Any]:
        """Make a copy of a data key, as a file has it."""
        sealed = self._key.public_key().encrypt(data_key, _OAEP)
        return {"vault_url": self.url, "name": "staging", "version": VERSION, "enc": _web(sealed)}

    def _log_in(self) -> Any:
        said = request.form
        if (said.get("client_id"), said.get("client_secret")) != (CLIENT, CLIENT_SECRET):
            return {"error": "invalid_client", "error_description": f"AADSTS7000215: {CLIENT_SECRET}"}, 401
        if (said.get("grant_type"), said.get("scope")) != ("client_credentials", "https://vault.azure.net/.default"):
            return {"error": "invalid_scope"}, 400
        token = f"eyJ0.{len(self._tokens)}.only-for-tests"
        self._tokens.add(token)
        return {"token_type": "Bearer", "expires_in": 3599, "access_token": token}

    def _decrypt(self, name: str, version: str) -> Any:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return _azure_error(401, "Unauthorized")
        if self.denied:
            return _azure_error(403, "Forbidden")
        if (name, version) != ("staging", VERSION):
            return _azure_error(404, "KeyNotFound")
        said = request.get_json()
        if request.args.get("api-version") != "7.4" or said.get("alg") != "RSA-OAEP-256":
            return _azure_error(400, "UnsupportedApiVersion")
        self.asked.append(said["value"])
        try:
            opened = self._key.decrypt(_unweb(said["value"]), _OAEP)
        except ValueError:
            return _azure_error(400, "BadParameter")
        return {"kid": self.key, "value": _web(opened)}


_OAEP = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)


def _azure_error(status: int, kind: str) -> Any:
    return {"error": {"code": kind, "message": f"{CLIENT} may not"}}, status


def _web(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unweb(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
