"""Vault's transit engine: https://developer.hashicorp.com/vault/api-docs/secret/transit#decrypt-data."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pushboat.config.keepers import VaultKey
from pushboat.model.times import lasted
from workers.sops.keepers.asking import Away, Denied, Unfit, get, post, read, reason, word

SORT = "hc_vault"
NAME = "Vault"
NONSENSE = {"enc": f"vault:v1:{base64.b64encode(bytes(60)).decode()}"}
"""What no key has encrypted: that it says so is the proof that it would open what one has."""
EXPIRED = "its token has expired or was revoked"
_GONE = ("invalid token", "bad token")
_NO_KEY = "encryption key not found"
"""Vault calls that a bad request, as it does what was never encrypted by it."""


def name_of(copy: Mapping[str, Any]) -> str:
    """Name the key that a file's copy of its data key was encrypted for, as SOPS is told it."""
    address, engine = word(copy.get("vault_address")).rstrip("/"), word(copy.get("engine_path")).strip("/")
    return f"{address}/v1/{engine}/keys/{word(copy.get('key_name'))}"


@dataclass(frozen=True, slots=True)
class Login:
    """A token, and what Vault said of it: for how many seconds it lasts, or None, and whether that can be renewed."""

    token: str = field(repr=False)
    known: bool = False
    lasts: int | None = None
    renewable: bool = False


def log_in(key: VaultKey) -> Login:
    """Give the token, renewed where less than half of its time is left; one that may not ask about itself as it is.

    Raises:
        Away: Vault does not answer.
        Denied: the token counts no more.
    """
    answer = get(key.url("auth/token/lookup-self"), _headers(key, key.token))
    found = read(answer)
    if answer.status == 403 and _said(found) in _GONE:
        raise Denied(EXPIRED)
    if answer.status == 412:
        raise Away("it answers 412")
    said = found.get("data")
    if answer.status != 200 or not isinstance(said, Mapping):
        return Login(key.token)
    lasts, whole = _seconds(said.get("ttl")), _seconds(said.get("period")) or _seconds(said.get("creation_ttl"))
    login = Login(key.token, known=True, lasts=lasts or None, renewable=said.get("renewable") is True)
    if not login.renewable or not 0 < lasts < whole / 2:
        return login
    return replace(login, lasts=_renewed(key) or lasts)


def _renewed(key: VaultKey) -> int:
    """Renew the token, and say for how long; nothing where that is not allowed, for it still counts."""
    answer = post(key.url("auth/token/renew-self"), b"{}", _headers(key, key.token))
    said = read(answer).get("auth")
    return _seconds(said.get("lease_duration")) if answer.status == 200 and isinstance(said, Mapping) else 0


def ends(login: Login) -> str:
    """Say that a login ends by itself, where nothing can be done here; empty where it does not."""
    if not login.known or login.lasts is None or login.renewable:
        return ""
    return f"its token ends in {lasted(login.lasts)}, and cannot be renewed"


def mend(key: VaultKey) -> str:
    """Say what its operator does where it opens nothing."""
    where = f" in {key.source}" if key.source else ""
    return (
        f"put a token that counts{where}, with a policy that has: "
        f'path "{key.opening_path}" {{ capabilities = ["update"] }}'
    )


def opened(key: VaultKey, login: Login, copy: Mapping[str, Any]) -> bytes:
    """Have a copy of a data key opened.

    Raises:
        Closed: it was not.
    """
    answer = post(
        key.url(key.opening_path), json.dumps({"ciphertext": copy["enc"]}).encode(), _headers(key, login.token)
    )
    found = read(answer)
    if answer.status == 412:  # a standby that has not heard of the token yet
        raise Away("it answers 412")
    if answer.status != 200:
        said = _said(found)
        if answer.status == 403 and said in _GONE:
            raise Denied(EXPIRED)
        whose = Unfit if answer.status == 400 and said != _NO_KEY else Denied
        doubt = "" if login.known or whose is Unfit else ", or its token has expired"
        raise whose(f"{reason(said, answer.status)}{doubt}")
    try:
        return base64.b64decode(found["data"]["plaintext"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Away("what comes back is no answer of Vault's") from None


def _headers(key: VaultKey, token: str) -> dict[str, str]:
    headers = {"X-Vault-Token": token, "X-Vault-Request": "true", "Content-Type": "application/json"}
    return {**headers, "X-Vault-Namespace": key.namespace} if key.namespace else headers


def _seconds(said: object) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else 0


def _said(found: Mapping[str, Any]) -> str:
    """Give the last of an answer's errors, which stands behind a star where Vault has gathered several."""
    errors = found.get("errors")
    last = word(errors[-1]) if isinstance(errors, list) and errors else ""
    return last.rpartition("* ")[2].strip()
