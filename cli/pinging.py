"""A signed ping to the running Pushboat: whether it knows the secret that pushboat.yaml names now.

A process keeps the secrets that it was started with, and the hook's file keeps the one of its installation; only asking
tells that all of them are the same. The ping has the same id every time, so that looking often adds no delivery.
"""

import http.client
import json
import ssl
from urllib.parse import urlsplit

from pushboat.config.operator import Forge
from pushboat.errors import PushboatError
from pushboat.forges.git.signing import signed_headers

PING_ANSWER_SECONDS = 3.0
IDENTITY = "pushboat-doctor"
LARGEST_ANSWER = 1 << 20


class PingRefused(PushboatError):
    """The Pushboat that runs does not take what we sign."""


class PingUnanswered(PushboatError):
    """No Pushboat answers there."""


def ping(url: str, forge: Forge) -> None:
    """Send a ping with every secret that a hook of this forge may have.

    Raises:
        PingRefused: the running Pushboat has other secrets, or another file.
        PingUnanswered: nothing answers, or something that is not Pushboat.
    """
    for secret in forge.webhook_secrets:
        if secret.kind == "plain":
            _judge(_post(url, forge.name, secret.value), url, forge.name)


def _judge(code: int, url: str, forge: str) -> None:
    if code == 401:
        raise PingRefused("the running Pushboat has another secret")
    if code == 404:
        raise PingRefused(f"the running Pushboat knows no forge {forge}")
    if code not in (200, 202):
        raise PingUnanswered(f"Pushboat at {url} answers {code} to a ping; its log says why")


def _post(url: str, forge: str, secret: str) -> int:
    body = json.dumps({"event": "ping", "repository": "", "pusher": "pushboat doctor"}).encode()
    headers = signed_headers("ping", IDENTITY, body, secret)
    connection = _connection(url)
    try:
        connection.request("POST", f"{urlsplit(url).path.rstrip('/')}/webhooks/{forge}", body, headers)
        answer = connection.getresponse()
        said = json.loads(answer.read(LARGEST_ANSWER))
    except OSError as error:
        raise PingUnanswered(f"nothing answers at {url} ({error.strerror or error})") from error
    except (http.client.HTTPException, ValueError) as error:
        raise PingUnanswered(f"what answers at {url} is not Pushboat") from error
    finally:
        connection.close()
    if not isinstance(said, dict) or said.keys().isdisjoint(("delivery", "error")):
        raise PingUnanswered(f"what answers at {url} is not Pushboat")
    return answer.status


def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=PING_ANSWER_SECONDS, context=context
        )
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PING_ANSWER_SECONDS)
