"""Azure Key Vault: https://learn.microsoft.com/rest/api/keyvault/keys/decrypt/decrypt.

An application logs in with its secret at Microsoft's door (OAuth 2, client credentials), and asks with what it gets.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from pushboat.config.keepers import AzureKey
from workers.sops.keepers.asking import Away, Denied, opening, post, read, reason, word

SORT = "azure_kv"
NAME = "Azure Key Vault"
NONSENSE = {"enc": base64.urlsafe_b64encode(bytes(256)).rstrip(b"=").decode()}
"""What no key has encrypted: that it says so is the proof that it would open what one has."""
_VERSION = "7.4"
_ALGORITHM = "RSA-OAEP-256"
_UNFIT = "BadParameter"
_LONGEST_TOKEN = 16 << 10


def name_of(copy: Mapping[str, Any]) -> str:
    """Name the key that a file's copy of its data key was encrypted for."""
    vault, name = word(copy.get("vault_url")).rstrip("/"), word(copy.get("name"))
    return f"{vault}/keys/{name}/{word(copy.get('version'))}"


def log_in(key: AzureKey) -> str:
    """Get a token for the application.

    Raises:
        Away: Microsoft does not answer.
        Denied: the application, or its secret, counts no more.
    """
    said = {
        "grant_type": "client_credentials",
        "client_id": key.client,
        "client_secret": key.client_secret,
        "scope": key.scope,
    }
    answer = post(key.login_url, urlencode(said).encode(), {"Content-Type": "application/x-www-form-urlencoded"})
    found = read(answer)
    if answer.status != 200:
        raise Denied(f"its login is refused: {reason(found.get('error'), answer.status)}")
    token = word(found.get("access_token"))
    if not token or len(token) > _LONGEST_TOKEN or not token.isascii() or not token.isprintable():
        raise Away("what comes back is no login of Microsoft's")
    return token


def ends(_: str) -> str:
    """Say that a login ends by itself: it is asked for anew each time."""
    return ""


def mend(key: AzureKey) -> str:
    """Say what its operator does where it opens nothing."""
    return f"give the application {key.client} a secret that counts, and the right to decrypt with {key.key}"


def opened(key: AzureKey, login: str, copy: Mapping[str, Any]) -> bytes:
    """Have a copy of a data key opened.

    Raises:
        Closed: it was not.
    """
    url, question = f"{key.key}/decrypt?api-version={_VERSION}", {"alg": _ALGORITHM, "value": copy["enc"]}
    found = opening(url, login, question, told="code", unfit=_UNFIT)
    try:
        sealed = found["value"]
        return base64.b64decode(f"{sealed}{'=' * (-len(sealed) % 4)}", altchars=b"-_", validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Away("what comes back is no answer of Azure's") from None
