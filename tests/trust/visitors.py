"""Everybody who may come to a door: what each of them brings, as headers, in a form and in a browser's cookies."""

import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests
import sqlalchemy as sa

from pushboat.model.api_token import Role
from pushboat.model.ci import CiRule
from pushboat.model.person import digest
from pushboat.model.reach import Reach, reach_of
from pushboat.store import api_tokens
from pushboat.store.database.token_tables import sessions
from tests.dashboard.signing_in import OTHER, SHOP, Room
from tests.fakes.issuer import FakeIssuer
from tests.receiving.front_door import SECRET
from tests.trust.doors import Row

Bring = Callable[[str], Mapping[str, str]]
"""Headers for a path with its query."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody at a door; `form_token` is what forms of theirs carry, `secrets` what no answer may repeat."""

    bring: Bring
    form_token: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def ask(self, url: str, row: Row, method: str = "") -> requests.Response:
        """Come to a door."""
        form = None if row.form is None else {**row.form, "form_token": self.form_token}
        headers = dict(self.bring(row.path))
        return requests.request(
            method or row.method,
            url + row.path,
            headers=headers,
            json=row.json,
            data=form,
            allow_redirects=False,
            timeout=60,
        )


def with_token(secret: str) -> Visitor:
    """Bring a token of the API, or a job's."""
    return Visitor(bring=lambda _path: {"Authorization": f"Bearer {secret}"}, secrets=(secret,))


def with_cookie(secret: str, form_token: str = "") -> Visitor:
    """Bring a session's cookie."""
    return Visitor(
        bring=lambda _path: {"Cookie": f"pushboat-session={secret}"}, form_token=form_token, secrets=(secret,)
    )


def signing(forge: str, secret: str = SECRET, path: str = "") -> Visitor:
    """Sign what is asked for, or another path, as a hook does."""

    def bring(asked: str) -> Mapping[str, str]:
        said = hmac.new(secret.encode(), f"GET {path or asked}".encode(), "sha256").hexdigest()
        return {"X-Pushboat-Forge": forge, "X-Pushboat-Signature-256": f"sha256={said}"}

    return Visitor(bring=bring, secrets=(secret,))


def rules(issuer: FakeIssuer) -> Mapping[str, tuple[CiRule, ...]]:
    """Let jobs of the shop look, and jobs of another repository deploy that."""
    return {
        name: (
            CiRule(
                issuer=issuer.address,
                audience="https://ci.example.org",
                claims={"repository": name.removeprefix("github/")},
                reach=reach_of(name),
                role=role,
            ),
        )
        for name, role in ((SHOP, Role.VIEWER), (OTHER, Role.DEPLOYER))
    }


def job(issuer: FakeIssuer, repository: str, **changes: object) -> Visitor:
    """Bring a job's token."""
    claims = issuer.github(repository=repository.removeprefix("github/"), aud="https://ci.example.org", **changes)
    return with_token(issuer.sign(claims))


def token(room: Room, name: str, reach: Reach, role: Role, lasts: float = 3600.0) -> Visitor:
    """Bring a token of the API."""
    return with_token(api_tokens.create(room.door.store, name, reach, role, lasts, "root")[1])


def programs(room: Room, issuer: FakeIssuer) -> dict[str, Visitor]:
    """Give those that are let in to the API."""
    return {
        "viewer": token(room, "viewer", reach_of(SHOP), Role.VIEWER),
        "deployer": token(room, "deployer", reach_of(SHOP), Role.DEPLOYER),
        "other": token(room, "other", reach_of(OTHER), Role.DEPLOYER),
        "elsewhere": token(room, "elsewhere", reach_of(SHOP, "production"), Role.DEPLOYER),
        "job": job(issuer, SHOP),
        "stranger": job(issuer, OTHER),
        "hook": signing("git"),
    }


def people(room: Room) -> dict[str, Visitor]:
    """Sign in everybody who may."""
    found = {}
    for name in ("ada", "eve", "bob", "cyd"):
        browser = room.sign_in(name)
        found[name] = with_cookie(browser.jar.cookies["pushboat-session"], browser.token("/"))
    return found


def nobody(room: Room, issuer: FakeIssuer) -> dict[str, Visitor]:
    """Give those who are let in nowhere: nothing to show, something made up, or what counts no more."""
    store = room.door.store
    revoked = token(room, "revoked", reach_of(SHOP), Role.DEPLOYER)
    api_tokens.revoke(store, "revoked", "root")
    expired = token(room, "expired", reach_of(SHOP), Role.DEPLOYER, lasts=0.001)
    gone = int(time.time()) - 3600
    found = {
        "nothing": Visitor(bring=lambda _path: {}),
        "a wrong token": with_token("pushboat_wrong"),
        "an empty token": with_token(""),
        "a revoked token": revoked,
        "an expired token": expired,
        "an expired job": job(issuer, SHOP, iat=gone, nbf=gone, exp=gone + 300),
        "a job of nobody's": job(issuer, "github/mallory/shop"),
        "a wrong password": Visitor(bring=lambda _path: {"Authorization": "Basic eDp4"}),
        "another signature": signing("git", secret="guessed"),
        "a signature of something else": signing("git", path="/api/v1/deployments?limit=1"),
        "a made-up session": with_cookie("x" * 43),
    }
    if room.operator.login:
        old, idle = (room.sign_in("eve").jar.cookies["pushboat-session"] for _ in range(2))
        with store.writing() as tx:
            for secret, moments in ((old, {"expires_at": tx.now - 1}), (idle, {"seen_at": tx.now - 5 * 3600})):
                tx.change(sa.update(sessions).where(sessions.c.digest == digest(secret)), **moments)
        found |= {"an old session": with_cookie(old), "an idle session": with_cookie(idle)}
    return found
