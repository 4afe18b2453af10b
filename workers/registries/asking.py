"""Ask an address that the operator lists: redirects without the login, registries with their own tokens.

A redirect may lead to any host, as registries send their contents to a storage of their own: what comes back counts
only by its digest. It may not lead out of https, nor to addresses that nobody is asked at. The dance for a token is
that of the distribution specification: https://distribution.github.io/distribution/spec/auth/token/
"""

import base64
import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from pushboat.config.sources import Source
from pushboat.config.urls import is_loopback
from pushboat.errors import VerificationRefused
from pushboat.model.wording import printable
from workers.verifying.fetching import Answer, NoAnswer, fetch

_LARGEST_TOKEN = 64 << 10
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_PARAMETER = re.compile(r'([a-z]+)="([^"]*)"')


class Silent(Exception):
    """Nothing came back that counts, which may be otherwise in a while; says whose answer is missing, and why."""


class Astray(Exception):
    """We are sent where nobody is asked; says by whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: `method` is GET or HEAD, at most `most` bytes of the answer are read, in `timeout` seconds."""

    accept: str = "*/*"
    most: int = 0
    timeout: float = 60.0
    method: str = "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back at last, and from which address; `digest` is what a registry says that its content has."""

    url: str
    status: int
    body: bytes = field(default=b"", repr=False)
    digest: str = ""

    @property
    def shown(self) -> str:
        """Name the address that answered."""
        return shown(self.url)


def ask(url: str, source: Source, question: Question) -> Reply:
    """Ask an address with the login of the entry that allows it; a login that does not count is a 401 or 403.

    Raises:
        Silent: nothing came back, or no token.
        Astray: it sends us where nobody is asked.
    """
    answer = _asked(url, basic(source), question)
    if answer.status == 401 and answer.challenge.lower().startswith("bearer "):
        token = _token(url, source, answer.challenge, question.timeout)
        if isinstance(token, Reply):
            return token
        answer = _asked(url, f"Bearer {token}", question)
    for _ in range(_MOST_REDIRECTS):
        if answer.status not in _REDIRECTS or not answer.location:
            break
        onward = _onward(url, answer.location)
        answer, url = _asked(onward, "", question), onward
    return Reply(url=url, status=answer.status, body=answer.body, digest=answer.digest)


def basic(source: Source) -> str:
    """Give an entry's login as a header has it; empty where it has none."""
    if not source.password:
        return ""
    return f"Basic {base64.b64encode(f'{source.username}:{source.password}'.encode()).decode()}"


def shown(url: str) -> str:
    """Name an address without its query, which may carry a signature."""
    parts = urlsplit(url)
    return printable(f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}", 160)


def _asked(url: str, login: str, question: Question) -> Answer:
    try:
        return fetch(url, question.timeout, question.most, login=login, accept=question.accept, method=question.method)
    except NoAnswer as none:
        raise Silent(f"{shown(url)}: {none}") from none
    except VerificationRefused as refused:
        raise Astray(f"{shown(url)} leads to an address that nobody is asked at") from refused


def _token(url: str, source: Source, challenge: str, timeout: float) -> str | Reply:
    """Get a token where the registry says; only at its own host, or over https at another one. A refusal is a reply."""
    said = dict(_PARAMETER.findall(challenge))
    realm = _onward(url, said.pop("realm", ""))
    asked = urlencode({key: said[key] for key in ("service", "scope") if key in said})
    question = Question(most=_LARGEST_TOKEN + 1, timeout=timeout)
    answer = _asked(f"{realm}{'&' if urlsplit(realm).query else '?'}{asked}", basic(source), question)
    if answer.status in (401, 403):
        return Reply(url=realm, status=answer.status)
    if answer.status != 200:
        raise Silent(f"{shown(realm)} answers {answer.status}")
    try:
        found = json.loads(answer.body[:_LARGEST_TOKEN])
        token = str(found.get("token") or found["access_token"])
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise Silent(f"{shown(realm)} gives no token") from error
    if not re.fullmatch(r"[!-~]+", token):
        raise Silent(f"{shown(realm)} gives no token")
    return token


def _onward(came_from: str, said: str) -> str:
    """Give the address that we are sent to.

    Raises:
        Astray: it is none, or one where nobody is asked.
    """
    try:
        onward = urljoin(came_from, said)
        parts, before = urlsplit(onward), urlsplit(came_from)
        whom = parts.hostname if parts.port != 0 else ""
    except ValueError:
        whom = ""
    if not whom:
        raise Astray(f"{shown(came_from)} sends us to no address")
    ours = is_loopback(before.hostname or "") and is_loopback(whom)
    if parts.scheme != "https" and not (parts.scheme == "http" and ours):
        raise Astray(f"{shown(came_from)} sends us to {shown(onward)}, which is not https")
    if parts.username is not None or (is_loopback(whom) and not ours):
        raise Astray(f"{shown(came_from)} sends us to {shown(onward)}, where nobody is asked")
    return onward
