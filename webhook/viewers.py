"""Who may see pages and API: everybody, who knows the password, or nobody, as the operator's file says.

Where people sign in, the door that the show room hands in decides, and `pages` says nothing.

Who shows a token of the API is let in there as far as it reaches, whatever the file says, and no farther.

Deliveries and health stay open. The hook of a plain git server shows whoever pushed how it goes; it signs its questions
with the webhook's secret, as it signs its deliveries. Whoever has the secret of one forge sees nothing of another's.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Response, g, request

from pushboat.config.operator import Operator
from pushboat.config.pages import Access
from pushboat.config.rereading import SecretsInUse
from pushboat.config.urls import is_address
from pushboat.errors import BadSignature
from pushboat.events import Delivery
from pushboat.forges import table
from pushboat.model.ci import CiRule
from pushboat.store.database.engine import Store
from webhook import bearers, failures
from webhook.ci.admitting import Admission
from webhook.tries import WITHIN, Tries

Door = Callable[[], Response | None]
"""Lets in who is signed in, and sends everybody else to sign in."""

OPEN = ("/webhooks/", "/healthz", "/readyz", "/static/")
METRICS = "/metrics"
FORGE_HEADER = "X-Pushboat-Forge"

TOKEN_NEEDED = "figures need a token of the API: `pushboat token create` on the server's machine makes one"  # noqa: S105
HIDDEN = (
    "pages and API are hidden, because others than this machine may reach this address; "
    "to show them, the operator writes pages: {password: {file: PATH}} or pages: open in pushboat.yaml"
)
_HOST = re.compile(r"\[?([^\[\]]*?)\]?(?::\d*)?")
MISNAMED = (
    "pages and API are open to this machine alone, by an address of it: ask for localhost, or 127.0.0.1; "
    "to show them by another name, the operator writes it as public_url, and how they are shown under pages or login"
)
GUESSES = 100
"""Wrong passwords from one address within five minutes; then none is looked at, not even the right one."""
GUESSED = "too many wrong passwords came from this address; wait a few minutes"
PASSWORD_NEEDED = "pages and API need the password that the operator's file names under pages; any user name will do"  # noqa: S105


class Viewers:
    """The operator's word on pages and API, kept at each request."""

    def __init__(
        self, operator: Operator, secrets: Mapping[str, SecretsInUse], store: Store, door: Door | None = None
    ) -> None:
        self._door = door
        self._login = operator.login is not None
        self._store = store
        self._ci = Admission(_rules(operator))
        self._forges = operator.forges
        self._secrets = secrets
        self._pages = operator.pages
        self._guesses = Tries(GUESSES)

    def stop(self) -> Response | None:
        """Refuse a request for what its sender may not see."""
        of_programs = request.path.startswith(f"{failures.API}/") or request.path == METRICS
        if of_programs and (secret := bearers.shown()) is not None:
            return bearers.let_in(self._store, self._ci, secret)
        if request.path.startswith(OPEN) or self.is_open():
            return None
        if self._door is not None:
            return bearers.refused(TOKEN_NEEDED) if request.path == METRICS else self._door()
        if self._pages.access is Access.OPEN:
            return failures.answer(421, MISNAMED)
        if self._pages.access is Access.HIDDEN:
            return failures.answer(403, HIDDEN)
        if self._guesses.are_spent(request.remote_addr or ""):
            answer = failures.answer(429, GUESSED)
            answer.headers["Retry-After"] = str(int(WITHIN))
            return answer
        answer = failures.answer(401, PASSWORD_NEEDED)
        answer.headers["WWW-Authenticate"] = 'Basic realm="Pushboat", charset="UTF-8"'
        return answer

    def is_open(self) -> bool:
        """Say whether this request's sender may see pages and API."""
        if self._login:
            return self._is_signed()
        return self._is_open_here() or self._knows_the_password() or self._is_signed()

    def _is_open_here(self) -> bool:
        """Say whether pages are open to this request.

        Where that is so because only this machine can ask, it must ask for this machine: a page of a stranger's may
        give its own name our address, and have a browser here read for it (DNS rebinding).
        """
        if self._pages.access is not Access.OPEN or not self._pages.private:
            return self._pages.access is Access.OPEN
        named = _HOST.fullmatch(request.headers.get("Host", ""))
        return named is not None and (named[1].lower() in ("", "localhost") or is_address(named[1]))

    def _knows_the_password(self) -> bool:
        shown, address = request.authorization, request.remote_addr or ""
        if self._pages.access is not Access.PASSWORD or shown is None or shown.type != "basic":
            return False
        given = shown.password or ""
        if self._guesses.are_spent(address):
            return False
        if hmac.compare_digest(given.encode("utf-8", "replace"), self._pages.password.encode()):
            return True
        self._guesses.allow(address)
        return False

    def _is_signed(self) -> bool:
        """Say whether a forge's hook asks, about what the API tells of deliveries and deployments."""
        forge = self._forges.get(request.headers.get(FORGE_HEADER, ""))
        if forge is None or request.method != "GET" or not request.path.startswith("/api/v1/"):
            return False
        asked = f"GET {request.full_path.rstrip('?')}".encode()
        delivery = Delivery(headers={name.lower(): value for name, value in request.headers.items()}, body=asked)
        try:
            table.deliveries_of(forge.kind).verify(delivery, self._secrets[forge.name].now())
        except BadSignature:
            return False
        setattr(g, bearers.SIGNER, forge.name)
        return True


def _rules(operator: Operator) -> list[CiRule]:
    """Give all rules on jobs of CI; a token that is meant for us says our public address, where no rule says other."""
    own = operator.public_url.rstrip("/")
    return [
        replace(each, audience=each.audience or own) for project in operator.projects.values() for each in project.ci
    ]
