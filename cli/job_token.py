"""A token from the runner of a CI job: GitHub's, Gitea's and Forgejo's Actions give one to a job that may have one.

The job has `permissions: {id-token: write}`; its runner then says where to ask, and with what. GitLab puts a token into
a variable by itself.
"""

import http.client
import json
import ssl
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from pushboat.errors import Unavailable

ADDRESS, TICKET = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
ANSWER_SECONDS = 15.0
LARGEST_ANSWER = 64 * 1024
OURSELVES = ("127.0.0.1", "::1", "localhost")


class NoJobToken(Unavailable):
    """The runner gives no token, though it says that it would."""


def ask(audience: str, environ: Mapping[str, str]) -> str:
    """Ask the runner for a token that is meant for an audience; empty where no runner offers one.

    Raises:
        NoJobToken: the runner does not give it.
    """
    address, ticket = environ.get(ADDRESS, "").strip(), environ.get(TICKET, "").strip()
    if not address or not ticket:
        return ""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in OURSELVES:
        raise NoJobToken(f"{ADDRESS} is no https address: the runner's ticket would go there in the clear")
    path = f"{parts.path or '/'}?{parts.query}{'&' if parts.query else ''}audience={quote(audience, safe='')}"
    secure = parts.scheme == "https"
    connection = (
        http.client.HTTPSConnection(parts.netloc, timeout=ANSWER_SECONDS, context=ssl.create_default_context())
        if secure
        else http.client.HTTPConnection(parts.netloc, timeout=ANSWER_SECONDS)
    )
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {ticket}", "Accept": "application/json"})
        answer = connection.getresponse()
        found = json.loads(answer.read(LARGEST_ANSWER)) if answer.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoJobToken(
            f"the runner at {parts.hostname} gives this job no token: no answer that can be used"
        ) from error
    finally:
        connection.close()
    token = found.get("value") if isinstance(found, dict) else None
    if not isinstance(token, str) or not token:
        raise NoJobToken(
            f"the runner at {parts.hostname} gives this job no token ({answer.status}): "
            "the job needs permissions: {id-token: write}"
        )
    return token
