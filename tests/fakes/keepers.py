"""Services that keep keys: Vault's transit engine and AWS KMS, each strict about who asks and how."""

import base64
import hashlib
import hmac
import json
import os
import re
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import request

from tests.fakes.door import Door
from tests.fakes.routes import Routes

TOKEN = "hvs.CAESIJ-only-for-tests"
ACCESS_KEY, SECRET_KEY = "AKIAONLYFORTESTS", "only/for+tests/wJalrXUtnFEMI"
ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<scope>[^,]+), SignedHeaders=(?P<headers>[^,]+), "
    r"Signature=(?P<is>\w+)"
)


class Sealing:
    """A key that stays where it is; what is sealed opens only with the same words beside it."""

    def __init__(self) -> None:
        self._key = AESGCM(AESGCM.generate_key(128))

    def sealed(self, content: bytes, beside: str = "") -> str:
        """Encrypt."""
        nonce = os.urandom(12)
        return base64.b64encode(nonce + self._key.encrypt(nonce, content, beside.encode())).decode()

    def opened(self, sealed: str, beside: str = "") -> bytes | None:
        """Decrypt; None for what was not sealed here, or beside other words."""
        raw = base64.b64decode(sealed)
        try:
            return self._key.decrypt(raw[:12], raw[12:], beside.encode())
        except (InvalidTag, ValueError):
            return None


class FakeVault(Door):
    """One transit engine with one key, in a namespace or in none; `asked` are the ciphertexts that came."""

    def __init__(self, namespace: str = "") -> None:
        self.namespace, self.asked, self._key = namespace, list[str](), Sealing()
        self.lasts, self.whole, self.renewable, self.renewed = 3600, 3600, True, 0
        self.expired = self.denied = False
        app = Routes("vault")
        app.add_url_rule("/v1/auth/token/lookup-self", view_func=self._look_up, methods=["GET"])
        app.add_url_rule("/v1/auth/token/renew-self", view_func=self._renew, methods=["POST", "PUT"])
        app.add_url_rule("/v1/team/transit/decrypt/<name>", view_func=self._decrypt, methods=["POST"])
        super().__init__(app.wsgi_app)

    @property
    def key(self) -> str:
        """Name the key as SOPS is told it."""
        return f"{self.url}/v1/team/transit/keys/staging"

    def copy(self, data_key: bytes) -> dict[str, Any]:
        """Make a copy of a data key, as a file has it."""
        sealed = f"vault:v1:{self._key.sealed(data_key)}"
        return {"vault_address": self.url, "engine_path": "team/transit", "key_name": "staging", "enc": sealed}

    def _refused(self) -> Any:
        """Refuse who brings no token that counts here, as Vault does since 1.14."""
        said = request.headers
        known = said.get("X-Vault-Token") == TOKEN and said.get("X-Vault-Namespace", "") == self.namespace
        if known and not self.expired:
            return None
        return {"errors": ["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"]}, 403

    def _look_up(self) -> Any:
        said = {"id": TOKEN, "ttl": self.lasts, "creation_ttl": self.whole, "renewable": self.renewable}
        return self._refused() or {"data": said}

    def _renew(self) -> Any:
        if refused := self._refused():
            return refused
        if not self.renewable:
            return {"errors": ["lease is not renewable"]}, 400
        self.lasts, self.renewed = self.whole, self.renewed + 1
        return {"auth": {"client_token": TOKEN, "lease_duration": self.lasts, "renewable": True}}

    def _decrypt(self, name: str) -> Any:
        sealed = request.get_json()["ciphertext"]
        if refused := self._refused():
            return refused
        if self.denied:
            return {"errors": ["1 error occurred:\n\t* permission denied\n\n"]}, 403
        self.asked.append(sealed)
        if name != "staging":
            return {"errors": ["encryption key not found"]}, 400
        opened = self._key.opened(sealed.removeprefix("vault:v1:")) if sealed.startswith("vault:v1:") else None
        if opened is None:
            return {"errors": ["invalid ciphertext: no prefix"]}, 400
        return {"request_id": "1", "data": {"plaintext": base64.b64encode(opened).decode()}}


class FakeKms(Door):
    """One key of AWS KMS; whoever signs as it is specified, with the right secret, may open with it."""

    def __init__(self) -> None:
        self.asked, self._key, self.says = list[dict[str, Any]](), Sealing(), ""
        app = Routes("kms")
        app.add_url_rule("/", view_func=self._decrypt, methods=["POST"])
        super().__init__(app.wsgi_app)

    def copy(self, data_key: bytes, **context: str) -> dict[str, Any]:
        """Make a copy of a data key, as a file has it."""
        made = {"arn": ARN, "enc": self._key.sealed(data_key, _words(context)), "aws_profile": ""}
        return {**made, "context": context} if context else made

    def _decrypt(self) -> Any:
        if self.says:
            return _kms_error(self.says)
        if request.headers["X-Amz-Target"] != "TrentService.Decrypt":
            return _kms_error("UnknownOperationException")
        if request.content_type != "application/x-amz-json-1.1" or not _is_signed():
            return _kms_error("InvalidSignatureException")
        question = json.loads(request.get_data())
        self.asked.append(question)
        if question["KeyId"] != ARN:
            return _kms_error("NotFoundException")
        opened = self._key.opened(question["CiphertextBlob"], _words(question["EncryptionContext"]))
        if opened is None:
            return _kms_error("InvalidCiphertextException")
        return {
            "KeyId": ARN,
            "Plaintext": base64.b64encode(opened).decode(),
            "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        }


def _words(context: dict[str, str]) -> str:
    return json.dumps(context, sort_keys=True) if context else ""


def _kms_error(kind: str) -> Any:
    return {"__type": f"com.amazonaws.kms#{kind}", "message": f"{ACCESS_KEY} may not"}, 400


def _is_signed() -> bool:
    """Work the signature out anew: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html."""
    found = _SIGNATURE.fullmatch(request.headers.get("Authorization", ""))
    if found is None or found["id"] != ACCESS_KEY or "host" not in found["headers"].split(";"):
        return False
    day, region, service, last = found["scope"].split("/")
    if (region, service, last) != ("eu-central-1", "kms", "aws4_request"):
        return False
    lines = "".join(f"{name}:{request.headers[name].strip()}\n" for name in found["headers"].split(";"))
    body = hashlib.sha256(request.get_data()).hexdigest()
    whole = f"POST\n/\n\n{lines}\n{found['headers']}\n{body}"
    text = f"AWS4-HMAC-SHA256\n{request.headers['X-Amz-Date']}\n{found['scope']}\n{_sha256(whole)}"
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (day, region, service, last):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.new(key, text.encode(), "sha256").hexdigest(), found["is"])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
