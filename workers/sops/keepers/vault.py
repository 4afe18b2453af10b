"""Vault's transit engine: https://developer.hashicorp.com/vault/api-docs/secret/transit#decrypt-data."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from pushboat.config.keepers import VaultKey
from workers.sops.keepers.asking import Away, Denied, Unfit, post, read, reason, word

SORT = "hc_vault"
NAME = "Vault"
_NO_KEY = "encryption key not found"
"""Vault calls that a bad request, as it does what was never encrypted by it."""


def name_of(copy: Mapping[str, Any]) -> str:
    """Name the key that a file's copy of its data key was encrypted for, as SOPS is told it."""
    address, engine = word(copy.get("vault_address")).rstrip("/"), word(copy.get("engine_path")).strip("/")
    return f"{address}/v1/{engine}/keys/{word(copy.get('key_name'))}"


def log_in(key: VaultKey) -> str:
    """Give the token."""
    return key.token


def opened(key: VaultKey, token: str, copy: Mapping[str, Any]) -> bytes:
    """Have a copy of a data key opened.

    Raises:
        Closed: it was not.
    """
    headers = {"X-Vault-Token": token, "X-Vault-Request": "true", "Content-Type": "application/json"}
    if key.namespace:
        headers["X-Vault-Namespace"] = key.namespace
    answer = post(key.opening_url, json.dumps({"ciphertext": copy["enc"]}).encode(), headers)
    found = read(answer)
    if answer.status == 412:  # a standby that has not heard of the token yet
        raise Away("it answers 412")
    if answer.status != 200:
        said = _said(found)
        whose = Unfit if answer.status == 400 and said != _NO_KEY else Denied
        raise whose(reason(said, answer.status))
    try:
        return base64.b64decode(found["data"]["plaintext"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Away("what comes back is no answer of Vault's") from None


def _said(found: Mapping[str, Any]) -> str:
    """Give the last of an answer's errors, which stands behind a star where Vault has gathered several."""
    errors = found.get("errors")
    last = word(errors[-1]) if isinstance(errors, list) and errors else ""
    return last.rpartition("* ")[2].strip()
