"""Who somebody is, by the word of a forge or of an issuer of OpenID Connect: the way there, and what they bring back.

Nothing that the forge gives is kept: its token answers one or two questions and is dropped.
"""

import base64
import re
import time
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dashboard.login.asking import Asking
from dashboard.login.attempts import Attempt
from dashboard.login.refusing import LoginRefused
from pushboat.config.login import Login
from pushboat.model.person import Person
from pushboat.model.wording import quoted

DISCOVERY = "/.well-known/openid-configuration"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that only the issuer has: neither none, nor a secret that both sides know."""
CLOCKS_DIFFER = 60
MOST_GROUPS, LONGEST_NAME = 1000, 100
SHORTEST_RSA = 2048
"""Bits; a shorter key counts as none."""
KEPT = 600.0
"""Seconds for which an issuer's own document counts."""
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What comes of reading an answer that may be anything at all."""
_ACCOUNT = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,254})")

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where to ask: `issuer` and `keys` are empty where there is no OpenID Connect."""

    authorize: str
    token: str
    user: str
    issuer: str = ""
    keys: str = ""
    says_issuer: bool = False
    in_form: bool = False
    """Whether our secret is sent in the form, and not in a header."""


class Provider:
    """The forge or issuer that people sign in with."""

    def __init__(self, login: Login, callback: str) -> None:
        self._login, self._callback = login, callback
        self._known: tuple[float, Addresses] | None = None

    def way_there(self, attempt: Attempt) -> str:
        """Give the address at which somebody signs in.

        Raises:
            ForgeUnavailable, LoginRefused: the issuer does not say where that is.
        """
        addresses = self._addresses()
        settings = {"code_verifier": attempt.verifier}
        if addresses.issuer:
            settings["nonce"] = attempt.nonce
        with self._asking(addresses) as asking:
            address, _ = asking.create_authorization_url(addresses.authorize, state=attempt.state, **settings)
        return str(address)

    def who(self, attempt: Attempt, code: str, issuer: str) -> Person:
        """Say who came back with a code; `issuer` is who says to have sent them, where somebody says so (RFC 9207).

        Raises:
            LoginRefused: that is nobody.
            ForgeUnavailable: it does not answer.
        """
        addresses, called = self._addresses(), self._login.called
        if issuer != addresses.issuer if issuer else addresses.says_issuer:
            raise LoginRefused(f"this answer is not {called}'s: somebody else sent it; sign in again")
        with self._asking(addresses) as asking:
            try:
                token = asking.fetch_token(addresses.token, code=code, code_verifier=attempt.verifier)
                claims = self._claims(asking, addresses, attempt, token) if addresses.issuer else {}
                if not addresses.issuer or not self._says_enough(claims):
                    claims |= self._asked(asking, addresses, str(claims.get("sub", "")))
            except (AuthlibBaseError, JoseError, *UNREADABLE) as trouble:
                raise LoginRefused(
                    f"{called} did not confirm who you are ({type(trouble).__name__}); sign in again, and if that "
                    "does not help, the operator compares client_id, client_secret and the redirect address there"
                ) from trouble
        return self._person(claims)

    def _asking(self, addresses: Addresses | None = None) -> Asking:
        in_form = addresses is not None and addresses.in_form
        return Asking(
            self._login,
            scope=self._login.scopes or None,
            redirect_uri=self._callback,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post" if in_form else "client_secret_basic",
        )

    def _addresses(self) -> Addresses:
        login = self._login
        if not login.way.discovers:
            return Addresses(
                authorize=f"{login.url}{login.way.authorize}",
                token=f"{login.url}{login.way.token}",
                user=f"{login.api_url}{login.way.user}",
                in_form=True,
            )
        now = time.monotonic()
        if self._known is None or now - self._known[0] > KEPT:
            self._known = (now, self._discovered())
        return self._known[1]

    def _discovered(self) -> Addresses:
        login = self._login
        with self._asking() as asking:
            answer = asking.get(f"{login.url}{DISCOVERY}", withhold_token=True)
        try:
            said = answer.json()
            found = Addresses(
                issuer=str(said["issuer"]),
                authorize=str(said["authorization_endpoint"]),
                token=str(said["token_endpoint"]),
                keys=str(said["jwks_uri"]),
                user=str(said.get("userinfo_endpoint") or ""),
                says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
                in_form="client_secret_basic"
                not in said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]),
            )
        except UNREADABLE as trouble:
            raise LoginRefused(
                f"{login.called} does not say how people sign in: the operator looks at {login.url}{DISCOVERY}"
            ) from trouble
        if found.issuer.rstrip("/") != login.url:
            raise LoginRefused(
                f"{login.called} calls itself {quoted(found.issuer)}: the operator writes that as its address"
            )
        if not found.authorize.startswith(("https://", f"{login.url}/")):
            raise LoginRefused(f"{login.called} would have people sign in without https; the operator must look at it")
        return found

    def _claims(self, asking: Asking, addresses: Addresses, attempt: Attempt, token: Claims) -> Claims:
        """Read the ID token, and believe it when it is signed by the issuer, for us, now, and about this attempt."""
        answer = asking.get(addresses.keys, withhold_token=True).json()
        public = [key for key in answer["keys"] if _may_sign(key)]
        found = jwt.decode(token["id_token"], KeySet.import_key_set({"keys": public}), algorithms=list(ALGORITHMS))
        client = self._login.client_id
        options = {
            "iss": {"essential": True, "value": addresses.issuer},
            "aud": {"essential": True, "value": client},
        }
        params = {"nonce": attempt.nonce, "client_id": client, "access_token": token.get("access_token")}
        claims = CodeIDToken(found.claims, found.header, options=options, params=params)
        claims.validate(leeway=CLOCKS_DIFFER)
        return dict(claims)

    def _says_enough(self, claims: Claims) -> bool:
        groups = self._login.groups_claim
        return bool(claims.get(self._login.way.name)) and (not groups or groups in claims)

    def _asked(self, asking: Asking, addresses: Addresses, subject: str) -> Claims:
        """Ask who a token is of; of OpenID Connect it must be whom the ID token names."""
        if not addresses.user:
            return {}
        answer = asking.get(addresses.user)
        said = answer.json()
        if answer.status_code != 200 or not isinstance(said, dict):
            raise ValueError("no account")
        if subject and said.get("sub") != subject:
            raise ValueError("another account")
        return said

    def _person(self, claims: Claims) -> Person:
        login = self._login
        name, subject = claims.get(login.way.name), str(claims.get("sub" if login.way.discovers else "id") or "")
        if not login.forge and not name:
            name = claims.get("email") or subject
        groups = claims.get(login.groups_claim) if login.groups_claim else []
        if isinstance(groups, str):
            groups = [groups]
        fits = isinstance(name, str) and name.isprintable() and 0 < len(name) <= LONGEST_NAME
        if not fits or not subject or (login.forge and not _ACCOUNT.fullmatch(str(name))):
            raise LoginRefused(
                f"{login.called} did not say which account this is; the operator must look at its scopes"
            )
        listed = [each for each in groups if isinstance(each, str)] if isinstance(groups, list) else []
        return Person(
            realm=login.realm,
            subject=subject[:255],
            name=str(name),
            at_forge=bool(login.forge),
            groups=frozenset(listed[:MOST_GROUPS]),
        )


def _may_sign(key: Claims) -> bool:
    """Say whether only its issuer can have signed with a key that it publishes."""
    if key.get("kty") == "RSA":
        modulus = base64.urlsafe_b64decode(f"{key['n']}==")
        if int.from_bytes(modulus, "big").bit_length() < SHORTEST_RSA:
            return False
    return key.get("kty") != "oct" and key.get("use", "sig") == "sig"


def connect(login: Login, callback: str) -> Provider:
    """Make one. Nothing is asked before somebody signs in."""
    return Provider(login, callback)
