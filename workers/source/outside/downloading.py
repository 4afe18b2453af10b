"""Download from an address that the operator lists: redirects without the login, registries with their own tokens.

A redirect may lead to any host, as registries send their contents to a storage of their own: what comes back counts
only by its digest. It may not lead out of https, nor to addresses that nobody is asked at. The dance for a token is
that of the distribution specification: https://distribution.github.io/distribution/spec/auth/token/
"""

import base64
import json
import re
from urllib.parse import urlencode, urljoin, urlsplit

from pushboat.config.sources import Source
from pushboat.config.urls import is_loopback
from pushboat.errors import ForgeRefused, ForgeUnavailable, RenderFailed, VerificationRefused
from pushboat.model.wording import printable
from workers.verifying.fetching import Answer, NoAnswer, fetch

TIMEOUT = 60.0
"""Seconds for one answer."""
LARGEST = 32 << 20
"""Bytes of one chart or file; a chart has some hundred thousand, and a registry of ours takes no larger ones."""
_LARGEST_TOKEN = 64 << 10
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_PARAMETER = re.compile(r'([a-z]+)="([^"]*)"')


def download(url: str, source: Source, *, accept: str = "*/*", most: int = LARGEST) -> bytes:
    """Fetch what stands at an address, with the login of the entry that allows it.

    Raises:
        ForgeUnavailable: nothing came back that counts, which may be otherwise in a while.
        ForgeRefused: it wants another login, or sends us where nobody is asked.
        RenderFailed: it is not there, or too large.
    """
    answer = _asked(url, basic(source), accept, most)
    if answer.status == 401 and answer.challenge.lower().startswith("bearer "):
        answer = _asked(url, f"Bearer {_token(url, source, answer.challenge)}", accept, most)
    for _ in range(_MOST_REDIRECTS):
        if answer.status not in _REDIRECTS or not answer.location:
            break
        onward = _onward(url, answer.location)
        answer, url = _asked(onward, "", accept, most), onward
    return _judged(url, answer, most)


def _judged(url: str, answer: Answer, most: int) -> bytes:
    shown = _shown(url)
    if answer.status in (401, 403):
        raise ForgeRefused(f"{shown} wants another login: correct the one beside its entry in `sources`")
    if answer.status in (404, 410):
        raise RenderFailed(f"{shown} is not there any more: lock another version with `pushboat sources lock`")
    if answer.status != 200:
        raise ForgeUnavailable(f"{shown} answers {answer.status}")
    if len(answer.body) > most:
        raise RenderFailed(f"{shown} is larger than {most >> 20} MiB")
    return answer.body


def _asked(url: str, login: str, accept: str, most: int) -> Answer:
    try:
        return fetch(url, TIMEOUT, most + 1, login=login, accept=accept)
    except NoAnswer as none:
        raise ForgeUnavailable(f"{_shown(url)}: {none}") from none
    except VerificationRefused as refused:
        raise ForgeRefused(f"{_shown(url)} leads to an address that nobody is asked at") from refused


def _token(url: str, source: Source, challenge: str) -> str:
    """Get a token where the registry says; only at its own host, or over https at another one."""
    said = dict(_PARAMETER.findall(challenge))
    realm = _onward(url, said.pop("realm", ""))
    asked = urlencode({key: said[key] for key in ("service", "scope") if key in said})
    answer = _asked(f"{realm}{'&' if urlsplit(realm).query else '?'}{asked}", basic(source), "*/*", _LARGEST_TOKEN)
    try:
        found = json.loads(_judged(realm, answer, _LARGEST_TOKEN))
        token = str(found.get("token") or found["access_token"])
    except (ValueError, KeyError, AttributeError) as error:
        raise ForgeUnavailable(f"{_shown(realm)} gives no token") from error
    if not re.fullmatch(r"[!-~]+", token):
        raise ForgeUnavailable(f"{_shown(realm)} gives no token")
    return token


def _onward(came_from: str, said: str) -> str:
    """Give the address that we are sent to.

    Raises:
        ForgeRefused: it is none, or one where nobody is asked.
    """
    try:
        onward = urljoin(came_from, said)
        parts, before = urlsplit(onward), urlsplit(came_from)
        whom = parts.hostname if parts.port != 0 else ""
    except ValueError:
        whom = ""
    if not whom:
        raise ForgeRefused(f"{_shown(came_from)} sends us to no address")
    ours = is_loopback(before.hostname or "") and is_loopback(whom)
    if parts.scheme != "https" and not (parts.scheme == "http" and ours):
        raise ForgeRefused(f"{_shown(came_from)} sends us to {_shown(onward)}, which is not https")
    if parts.username is not None or (is_loopback(whom) and not ours):
        raise ForgeRefused(f"{_shown(came_from)} sends us to {_shown(onward)}, where nobody is asked")
    return onward


def basic(source: Source) -> str:
    """Give an entry's login as a header has it; empty where it has none."""
    if not source.password:
        return ""
    return f"Basic {base64.b64encode(f'{source.username}:{source.password}'.encode()).decode()}"


def _shown(url: str) -> str:
    """Name an address without its query, which may carry a signature."""
    parts = urlsplit(url)
    return printable(f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}", 160)
