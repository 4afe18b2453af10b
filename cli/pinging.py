"""Signed questions to the running Pushboat: whether it knows the secrets that pushboat.yaml names, and what came in.

A process keeps the variables and the file that it was started with, and a forge's hook signs with what it was told;
only asking tells that all of them are the same. The ping has the same id every time, so that looking often adds no
delivery.
"""

import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit

from pushboat.config.operator import Forge
from pushboat.config.secret import Secret, that_count
from pushboat.errors import PushboatError
from pushboat.forges.table import signing_of

PING_ANSWER_SECONDS = 3.0
IDENTITY = "pushboat-doctor"
LARGEST_ANSWER = 1 << 20


class PingRefused(PushboatError):
    """The Pushboat that runs does not take what we sign."""


class PingUnanswered(PushboatError):
    """No Pushboat answers there."""


def ping(url: str, forge: Forge, secrets: tuple[Secret, ...] = ()) -> None:
    """Send a ping with every secret that a hook of this forge may have, or with these only.

    Raises:
        PingRefused: the running Pushboat has other secrets, or another file.
        PingUnanswered: nothing answers, or something that is not Pushboat.
    """
    signing = signing_of(forge.kind)
    for secret in secrets or that_count(forge.webhook_secrets):
        headers = signing.signed(IDENTITY, signing.PING, secret)
        code, said = _asked(url, "POST", f"/webhooks/{forge.name}", headers, signing.PING)
        if said.keys().isdisjoint(("delivery", "error")):
            raise PingUnanswered(f"what answers at {url} is not Pushboat")
        _judge(code, url, forge.name)


def read(url: str, forge: Forge, secret: Secret, path: str) -> dict[str, Any]:
    """Read something of the API, as a hook of this forge may.

    Raises:
        PingRefused: the running Pushboat does not take this secret, or shows nothing to it.
        PingUnanswered: nothing answers, or something that is not Pushboat.
    """
    headers = signing_of(forge.kind).signed(IDENTITY, f"GET {path}".encode(), secret)
    code, said = _asked(url, "GET", path, {**headers, "X-Pushboat-Forge": forge.name})
    if code != 200:
        raise PingRefused(f"the running Pushboat answers {code} to a question for {path}")
    return said


def _judge(code: int, url: str, forge: str) -> None:
    if code == 401:
        raise PingRefused("the running Pushboat has another secret")
    if code == 404:
        raise PingRefused(f"the running Pushboat knows no forge {forge}")
    if code not in (200, 202):
        raise PingUnanswered(f"Pushboat at {url} answers {code} to a ping; its log says why")


def _asked(url: str, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, dict[str, Any]]:
    connection = _connection(url)
    try:
        connection.request(method, f"{urlsplit(url).path.rstrip('/')}{path}", body or None, headers)
        answer = connection.getresponse()
        said = json.loads(answer.read(LARGEST_ANSWER))
    except OSError as error:
        raise PingUnanswered(f"nothing answers at {url} ({error.strerror or error})") from error
    except (http.client.HTTPException, ValueError) as error:
        raise PingUnanswered(f"what answers at {url} is not Pushboat") from error
    finally:
        connection.close()
    if not isinstance(said, dict):
        raise PingUnanswered(f"what answers at {url} is not Pushboat")
    return answer.status, said


def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=PING_ANSWER_SECONDS, context=context
        )
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PING_ANSWER_SECONDS)
