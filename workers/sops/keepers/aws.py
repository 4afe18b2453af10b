"""AWS KMS: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html, asked over our own connection.

The library (`pip install 'pushboat[aws]'`) signs the request, and finds the machine's identity where the operator says
that this counts; it is loaded where an operator lists such a key.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pushboat.config.keepers import AwsKey
from pushboat.errors import NotConfigured
from workers.sops.keepers.asking import Away, Closed, Denied, Unfit, post, read, reason, word

if TYPE_CHECKING:
    from botocore.credentials import Credentials

SORT = "kms"
NAME = "AWS KMS"
MOST_CONTEXT = 8 << 10
"""Characters of an encryption context, keys and values; KMS takes no more."""
NONSENSE = {"enc": base64.b64encode(bytes(150)).decode()}
"""What no key has encrypted: that KMS says so is the proof that it hears this login."""
_UNFIT = ("InvalidCiphertextException", "IncorrectKeyException", "ValidationException", "SerializationException")
_AWAY = ("ThrottlingException", "LimitExceededException", "KMSInternalException", "DependencyTimeoutException",
    "KeyUnavailableException", "InternalFailure", "ServiceUnavailable")  # fmt: skip
"""KMS answers 400 to much that heals by itself."""


def name_of(copy: Mapping[str, Any]) -> str:
    """Name the key that a file's copy of its data key was encrypted for."""
    return word(copy.get("arn"))


def demand_library() -> None:
    """Demand that the library is there.

    Raises:
        NotConfigured: it is not installed.
    """
    if find_spec("botocore") is None:
        raise NotConfigured(
            "a key of AWS KMS is listed under `decryption`, and botocore is not installed: pip install 'pushboat[aws]'"
        )


def log_in(key: AwsKey) -> "Credentials":
    """Give what requests are signed with.

    Raises:
        Denied: this machine has no identity.
        NotConfigured: the library is not installed.
    """
    demand_library()
    from botocore.credentials import Credentials
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    if key.access_key_id:
        return Credentials(key.access_key_id, key.secret_access_key)
    try:
        found = Session().get_credentials()
    except BotoCoreError as trouble:
        raise Denied(type(trouble).__name__) from None
    if found is None:
        raise Denied("this machine has no identity at AWS")
    return found


def opened(key: AwsKey, login: "Credentials", copy: Mapping[str, Any]) -> bytes:
    """Have a copy of a data key opened, in the encryption context that the file says.

    Raises:
        Closed: it was not.
    """
    question = {"KeyId": key.key, "CiphertextBlob": copy["enc"], "EncryptionContext": _context(copy)}
    answer = post(key.url, *_signed(key, login, json.dumps(question).encode()))
    found = read(answer)
    if answer.status != 200:
        said = word(found.get("__type")).rpartition("#")[2]
        raise _whose(said)(reason(said, answer.status))
    try:
        return base64.b64decode(found["Plaintext"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Away("what comes back is no answer of KMS") from None


def ends(_: "Credentials") -> str:
    """Say that a login ends by itself: none of these does, or it is found anew."""
    return ""


def mend(key: AwsKey) -> str:
    """Say what its operator does where it opens nothing."""
    return f"allow `kms:Decrypt` with {key.key} to this login, in its policy and in the key's"


def _context(copy: Mapping[str, Any]) -> dict[str, str]:
    """Give the encryption context; a role is not taken on, and so not passed over either."""
    if copy.get("role"):
        raise Unfit("it names a role, which is not taken on here: encrypt it without one")
    said = copy.get("context") or {}
    if not isinstance(said, Mapping) or not all(isinstance(value, str) for value in said.values()):
        raise Unfit("its encryption context is none")
    if sum(len(name) + len(value) for name, value in said.items()) > MOST_CONTEXT:
        raise Unfit("its encryption context is too long")
    return dict(said)


def _signed(key: AwsKey, login: "Credentials", body: bytes) -> tuple[bytes, dict[str, str]]:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError

    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.Decrypt"}
    request = AWSRequest("POST", key.url, headers, body)
    try:
        SigV4Auth(login.get_frozen_credentials(), "kms", key.region).add_auth(request)
    except BotoCoreError as trouble:  # whoever gives the machine its identity does not answer
        raise Away(type(trouble).__name__) from None
    return body, dict(request.headers.items())


def _whose(said: str) -> type[Closed]:
    return Unfit if said in _UNFIT else Away if said in _AWAY else Denied
