"""The door for people: the way to the forge and back, who is signed in at each request, and the way out."""

import hmac
import threading
import time
from functools import partial
from importlib import import_module
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request

from dashboard import seeing
from dashboard.login import attempts, cookies
from dashboard.login.cookies import Cookies
from dashboard.login.limits import AT_ONCE, WAITS
from dashboard.login.permissions import Permissions
from dashboard.login.refusing import LoginRefused
from pushboat.config.operator import Operator
from pushboat.errors import ForgeUnavailable, StoreUnavailable
from pushboat.forges import renaming, table
from pushboat.forges.protocol import Client
from pushboat.model.person import Person, Session
from pushboat.model.person import form_token as token_of
from pushboat.model.reach import NOTHING
from pushboat.model.rights import ADMIN, Rights
from pushboat.store import repositories, sessions
from pushboat.store.database.engine import Store
from webhook import failures
from webhook.tries import MOST_ASKS, WITHIN, Tries

CALLBACK = "/login/callback"
FORM_TOKEN = "form_token"  # noqa: S105 - a field's name
READS = ("GET", "HEAD")
SIGN_IN = "sign in first: open {} in a browser; a program shows a token, which `pushboat token create` makes"
BY_TOKEN = "what the API takes, it takes from a token, and not from a browser that is signed in"  # noqa: S105
STRANGE_FORM = "this form is not of a page that you have open here: go back, load the page again and send it once more"
MANY = "too many tries to sign in from this address; wait a few minutes"
STALE = "this attempt to sign in is over, or was begun in another window; sign in again"


class Door:
    """Signs people in and out, and says at each request who is."""

    def __init__(self, operator: Operator, store: Store) -> None:
        assert operator.login is not None, "there is a door only where people sign in"
        self._operator, self._store, self._login = operator, store, operator.login
        self._public_url = operator.public_url.rstrip("/")
        self._cookies = Cookies(secure=self._public_url.startswith("https://"))
        self._tries, self._seats = Tries(), threading.BoundedSemaphore(AT_ONCE)
        self._provider: Any = None
        self._clients: list[Client] = []
        self.permissions, self.asks = Permissions(operator, self._login, self._client), Tries(MOST_ASKS)

    def blueprint(self) -> Blueprint:
        """Open `/login`, what is below it, and `/logout`."""
        door = Blueprint("login", __name__)
        door.add_url_rule("/login", "page", self._page)
        door.add_url_rule("/login/start", "start", self._start)
        door.add_url_rule(CALLBACK, "callback", self._callback)
        door.add_url_rule("/logout", "logout", self._logout, methods=["POST"])
        return door

    def let_in(self) -> Response | None:
        """Let in who is signed in, as far as they see; send everybody else to sign in."""
        if request.path == "/login" or request.path.startswith("/login/"):
            return None
        api = request.path.startswith(f"{failures.API}/")
        if api and request.method not in READS:
            return failures.answer(401, BY_TOKEN)
        secret = self._cookies.read(request, cookies.SESSION)
        session = self._session(secret)
        if session is None:
            return self._sent_away(api=api)
        if request.method not in READS and not self._is_ours(secret):
            return failures.answer(403, STRANGE_FORM)
        self._note(session)
        g.session, g.form_token = session, token_of(secret)
        setattr(g, seeing.VISITOR, f"{session.person.realm} {session.person.subject}")
        setattr(g, seeing.LASTING, lambda: self._session(secret) is not None)
        if request.path == "/logout":
            return None
        rights = self.permissions.of(session.person)
        if rights.silent and rights.reach == NOTHING:
            return self._unavailable(
                f"{rights.silent} does not say what you may see, so nothing is shown; try again in a moment"
            )
        g.rights = rights
        setattr(g, seeing.REACH, rights.reach)
        setattr(g, seeing.ADMINISTERS, rights.everywhere == ADMIN)
        return None

    def _session(self, secret: str) -> Session | None:
        """Find a living session of who people sign in with now: after a change, a name is another account's there."""
        found = sessions.find(self._store, secret) if secret else None
        whose = (self._login.realm, bool(self._login.forge))
        return found if found and (found.person.realm, found.person.at_forge) == whose else None

    def _sent_away(self, *, api: bool) -> Response:
        where = f"{self._public_url}/login"
        if api or request.method not in READS:
            return failures.answer(401, SIGN_IN.format(where))
        onward = request.full_path.rstrip("?")
        way = "" if onward == "/" else f"?{urlencode({'next': onward})}"
        return make_response(redirect(f"/login{way}", 303))

    def _is_ours(self, secret: str) -> bool:
        """Say whether a form is one of our pages', in this session's browser."""
        site, origin = request.headers.get("Sec-Fetch-Site", "same-origin"), request.headers.get("Origin")
        parts = urlsplit(self._public_url)
        if site not in ("same-origin", "none") or origin not in (None, f"{parts.scheme}://{parts.netloc}"):
            return False
        return _equal(request.form.get(FORM_TOKEN, ""), token_of(secret))

    def _note(self, session: Session) -> None:
        try:
            sessions.note_seen(self._store, session)
        except StoreUnavailable:  # it can be read and not written: whoever looks is shown the page all the same
            return

    def _page(self) -> Response:
        onward = attempts.local(request.args.get("next", "/"))
        secret = self._cookies.read(request, cookies.SESSION)
        if self._session(secret):
            return make_response(redirect(onward, 303))
        page = render_template("login.html", called=self._login.called, onward=onward, out="out" in request.args)
        return make_response(page)

    def _start(self) -> Response:
        if not self._tries.allow(request.remote_addr or ""):
            return self._too_many()
        attempt = attempts.begin(request.args.get("next", "/"), time.time())
        try:
            there = self._asked(lambda: self._connected().way_there(attempt))
        except (ForgeUnavailable, LoginRefused) as trouble:
            return self._troubled(trouble)
        response = make_response(redirect(str(there), 303))
        self._cookies.give(response, cookies.ATTEMPT, attempts.written(attempt), attempts.LASTS)
        return response

    def _callback(self) -> Response:
        if not self._tries.allow(request.remote_addr or ""):
            return self._too_many()
        response = self._came_back()
        self._cookies.take(response, cookies.ATTEMPT)
        return response

    def _came_back(self) -> Response:
        attempt = attempts.read(self._cookies.read(request, cookies.ATTEMPT), time.time())
        if attempt is None or not _equal(request.args.get("state", ""), attempt.state):
            return self._again(400, STALE)
        if "error" in request.args or not request.args.get("code"):
            return self._again(403, f"{self._login.called} did not sign you in; nobody is, until you try again")
        code, issuer = request.args["code"], request.args.get("iss", "")
        try:
            person = self._asked(lambda: self._connected().who(attempt, code, issuer))
        except (ForgeUnavailable, LoginRefused) as trouble:
            return self._troubled(trouble)
        former = self._cookies.read(request, cookies.SESSION)
        if former and (before := sessions.find(self._store, former)):
            sessions.end(self._store, before)
        _, secret = sessions.begin(self._store, cast("Person", person))
        response = make_response(redirect(attempt.onward, 303))
        self._cookies.give(response, cookies.SESSION, secret, sessions.LASTS)
        return response

    def _logout(self) -> Response:
        sessions.end(self._store, g.session)
        response = make_response(redirect("/login?out=yes", 303))
        self._cookies.take(response, cookies.SESSION)
        return response

    def _asked(self, question: Any) -> Any:
        """Ask the forge, while few others do."""
        if not self._seats.acquire(timeout=WAITS):
            raise ForgeUnavailable(f"many people sign in with {self._login.called} at this moment")
        try:
            return question()
        finally:
            self._seats.release()

    def _connected(self) -> Any:
        """Load what speaks with the forge when the first one signs in: nobody else waits for it."""
        if self._provider is None:
            module = import_module("dashboard.login.provider")
            self._provider = module.connect(self._login, f"{self._public_url}{CALLBACK}")
        return self._provider

    def _client(self) -> Client:
        if not self._clients:
            forge = self._operator.forges[self._login.forge]
            called = partial(_called, self._operator, self._store, forge.name)
            self._clients.append(renaming.by_names_of_today(table.client_of(forge), called, lambda _path: False))
        return self._clients[0]

    def _troubled(self, trouble: ForgeUnavailable | LoginRefused) -> Response:
        if isinstance(trouble, ForgeUnavailable):
            return self._unavailable(f"{trouble.summary}; who is signed in stays so, and everybody else tries again")
        return self._again(403, trouble.summary)

    def _again(self, code: int, sentence: str) -> Response:
        page = render_template("login.html", called=self._login.called, onward="/", trouble=sentence)
        return make_response(page, code)

    def _unavailable(self, sentence: str) -> Response:
        response = failures.answer(503, sentence)
        response.headers["Retry-After"] = "15"
        return response

    def _too_many(self) -> Response:
        response = failures.answer(429, MANY)
        response.headers["Retry-After"] = str(int(WITHIN))
        return response


def signed_in() -> Person | None:
    """Give who is signed in, for pages to show."""
    session: Session | None = g.get("session")
    return session.person if session else None


def form_token() -> str:
    """Give what a form of this page carries."""
    return str(g.get("form_token", ""))


def rights() -> Rights | None:
    """Give what this request's sender may, where they signed in."""
    found: Rights | None = g.get("rights")
    return found


def sees_nothing() -> bool:
    """Say whether this request's sender signed in and may read no repository at all."""
    mine = rights()
    return mine is not None and mine.reach == NOTHING


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _called(operator: Operator, store: Store, forge: str, path: str) -> str:
    return repositories.called(store, operator.canonical(f"{forge}/{path}"), path)
