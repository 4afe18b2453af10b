"""A Pushboat elsewhere, asked through its API: PUSHBOAT_URL says where, PUSHBOAT_TOKEN or a file of it who asks; in a
job of CI it may be the job that does.

No redirect is followed and no token goes over a wire that anybody can read: both would give it to somebody else.
"""

import http.client
import json
import os
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import click

from cli import job_token, output
from cli.output import one_line
from cli.trusting import ca_file, connection, untrusted
from pushboat.errors import PushboatError, Unavailable
from pushboat.pauses import bounded_pause, read_pause

Json = dict[str, Any]

ADDRESS, TOKEN, TOKEN_FILE = "PUSHBOAT_URL", "PUSHBOAT_TOKEN", "PUSHBOAT_TOKEN_FILE"
ANSWER_SECONDS = 30.0
LARGEST_ANSWER = 64 << 20
BUSY = 429
WAITS_FOR_THE_BUSY = 90.0
"""Seconds in all; what counts by the minute counts anew by then."""
_BUSY_PAUSE = 5.0
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_MADE_BY = f"`pushboat token create` on the server's machine makes one, and {TOKEN} or {TOKEN_FILE} brings it"


class NotAllowed(click.ClickException):
    """Who asks is not known there, or may not see this."""


class NotThere(PushboatError):
    """What was asked for is not there."""


class Refused(PushboatError):
    """What is asked for cannot be done, as things are there."""


class NoAnswer(Unavailable):
    """No Pushboat answers there, or none that we understand."""


class Busy(NoAnswer):
    """It is asked too much, and for longer than we wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What it said, and its clock when it said so, in seconds since the epoch."""

    form: Json
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Where it is, and who asks; `ca_file` has the only certificates of signers that are trusted, where it is named.

    An answer is waited for so many `seconds`, and for `waits` in all where it says that it is asked too much.
    """

    url: str
    token: str = field(default="", repr=False)
    ca_file: str = ""
    seconds: float = ANSWER_SECONDS
    waits: float = WAITS_FOR_THE_BUSY

    def get(self, path: str, **parameters: str | int) -> Answer:
        """Read something of the API.

        Raises:
            NoAnswer: no Pushboat answers, or one of another version; `Busy` where it is asked too much.
            NotAllowed: the token is missing or wrong, or it does not reach that far.
            NotThere: there is no such thing.
            UsageError: a parameter is wrong.
        """
        query = urlencode({name: value for name, value in parameters.items() if value not in ("", 0)})
        return self._heard(path, *self._taken(f"/api/v1/{path}{'?' if query else ''}{query}"))

    def post(self, path: str, form: Json) -> Answer:
        """Bring something to the API, once: whether it was taken is not known where no answer comes.

        Raises:
            NoAnswer, NotAllowed, NotThere, UsageError: as where something is read.
        """
        return self._heard(path, *self._taken(f"/api/v1/{path}", json.dumps(form).encode()))

    def certificate_ends(self) -> float:
        """Say until when its certificate is good, in seconds since the epoch.

        Raises:
            NoAnswer: nobody answers there, or the certificate is not trusted.
        """
        link = connection(self.url, self.ca_file, self.seconds)
        try:
            link.connect()
            assert isinstance(link.sock, ssl.SSLSocket), "a certificate is asked of https alone"
            shown = link.sock.getpeercert() or {}
            return float(ssl.cert_time_to_seconds(str(shown["notAfter"])))
        except ssl.SSLCertVerificationError as error:
            raise NoAnswer(*untrusted(self.url, error)) from error
        except OSError as error:
            raise NoAnswer(f"no Pushboat answers at {self.url} ({error.strerror or error}): {ADDRESS}") from error
        finally:
            link.close()

    def _taken(self, path: str, body: bytes | None = None) -> tuple[int, Json, float]:
        """Ask, and ask again where it says that it is asked too much: it took nothing then, also nothing of a POST."""
        began = time.monotonic()
        while True:
            code, form, now, pause = self._asked(path, body)
            if code != BUSY:
                return code, form, now
            if time.monotonic() - began + pause > self.waits:
                said = one_line(str(form.get("detail") or f"it answers {code}"))
                raise Busy(f"{self.url} is asked too much: {said}", f"It may be asked again in {pause:.0f} s.")
            output.say(f"{self.url} is asked too much; this goes on in {pause:.0f} s")
            time.sleep(pause)

    def _heard(self, path: str, code: int, form: Json, now: float) -> Answer:
        if code in (200, 202):
            return Answer(form=form, now=now)
        said = one_line(str(form.get("detail") or f"it answers {code}"))
        if code in (401, 403):
            raise NotAllowed(f"{self.url} does not let us in: {said}\n{self._way_in()}")
        if code == 400:
            raise click.UsageError(said)
        if code == 409:
            raise Refused(said)
        if code == 404 and self._has(path):
            raise NotThere(said)
        if code in (404, 405):
            raise NoAnswer(f"the Pushboat at {self.url} is of another version: it has no /api/v1/{path}")
        raise NoAnswer(f"{self.url} could not answer: {said}")

    def _has(self, path: str) -> bool:
        """Say whether its version knows this address at all."""
        wanted = re.sub(r"/\d+", "/{id}", f"/api/v1/{path}")
        code, form, _ = self._taken("/api/v1/")
        return code == 200 and wanted in [each.get("path") for each in form.get("items", ())]

    def _way_in(self) -> str:
        return f"the token that {TOKEN} or {TOKEN_FILE} brings is not good for this" if self.token else _MADE_BY

    def _asked(self, path: str, body: bytes | None = None) -> tuple[int, Json, float, float]:
        link = connection(self.url, self.ca_file, self.seconds)
        try:
            headers = {"Accept": "application/json"}
            headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
            headers |= {"Content-Type": "application/json"} if body is not None else {}
            where = f"{urlsplit(self.url).path.rstrip('/')}{path}"
            link.request("GET" if body is None else "POST", where, body, headers)
            answer = link.getresponse()
            if answer.status == BUSY:  # what stands before it, a proxy perhaps, may be who says so
                return BUSY, _detail(answer.read(LARGEST_ANSWER)), 0.0, _pause(answer.headers.get("Retry-After", ""))
            form = json.loads(answer.read(LARGEST_ANSWER))
            now = parsedate_to_datetime(answer.headers["Date"]).timestamp()
        except ssl.SSLCertVerificationError as error:
            raise NoAnswer(*untrusted(self.url, error)) from error
        except OSError as error:
            raise NoAnswer(f"no Pushboat answers at {self.url} ({error.strerror or error}): {ADDRESS}") from error
        except (http.client.HTTPException, ValueError, TypeError) as error:
            raise NoAnswer(f"what answers at {self.url} is not Pushboat: {ADDRESS} names another address") from error
        finally:
            link.close()
        if not isinstance(form, dict):
            raise NoAnswer(f"what answers at {self.url} is not Pushboat: {ADDRESS} names another address")
        return answer.status, form, now, 0.0


def named(environ: Mapping[str, str] = os.environ) -> Elsewhere | None:
    """Give the Pushboat that the environment names; None where it names none, so that the one here is meant.

    Raises:
        UsageError: the address or the token cannot be used.
        NoJobToken: this is a job of CI whose runner does not give the token that it offers.
    """
    url = environ.get(ADDRESS, "").strip().rstrip("/")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
        raise click.UsageError(f"{ADDRESS} must be an address such as https://pushboat.example.org, without a password")
    token = _token(environ) or job_token.ask(url, environ)
    if token and parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise click.UsageError(f"a token would go to {url} in the clear: {ADDRESS} must begin with https://")
    return Elsewhere(url=url, token=token, ca_file=ca_file(environ))


def _detail(body: bytes) -> Json:
    """Read a refusal that need not be Pushboat's own."""
    try:
        form = json.loads(body)
    except ValueError:
        return {}
    return form if isinstance(form, dict) else {}


def _pause(header: str) -> float:
    """Give the seconds that it asks for, at least one, so that no answer makes us ask without end."""
    wished = read_pause(header)
    return max(1.0, bounded_pause(_BUSY_PAUSE if wished is None else wished))


def _token(environ: Mapping[str, str]) -> str:
    token, file = environ.get(TOKEN, "").strip(), environ.get(TOKEN_FILE, "")
    if not token and file:
        try:
            token = Path(file).expanduser().read_text().strip()
        except (OSError, UnicodeError) as error:
            raise click.UsageError(f"{TOKEN_FILE} names {file}, which cannot be read") from error
    if token and not _VISIBLE.fullmatch(token):
        raise click.UsageError(
            f"what {TOKEN} or {TOKEN_FILE} brings is no token: it has blanks or letters that none has"
        )
    return token
