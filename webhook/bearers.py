"""Who shows a token of the API: `Authorization: Bearer pushboat_…`. A wrong one is refused, needed or not."""

import logging
import time
from collections.abc import Callable

from flask import Response, g, request

from pushboat.errors import StoreUnavailable
from pushboat.model.api_token import ApiToken
from pushboat.model.ci import CiRun
from pushboat.model.reach import EVERYTHING, Reach
from pushboat.store import api_tokens
from pushboat.store.database.engine import Store
from webhook import failures
from webhook.ci import reading
from webhook.ci.admitting import Admission
from webhook.ci.issuers import IssuerUnavailable

HOLDER = "api_token"
SIGNER = "signing_forge"
"""Where the name of the forge stands whose hook signed a question."""
INVALID = "invalid_token"
WRONG = "this token is not known here; `pushboat token create` on the server's machine makes one"
REVOKED = "this token was revoked; `pushboat token create` on the server's machine makes another"
EXPIRED = "this token has expired; `pushboat token create` on the server's machine makes another"

log = logging.getLogger(__name__)


def shown() -> str | None:
    """Give the token that a request brings; None where it brings none."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else None


def let_in(store: Store, ci: Admission, secret: str) -> Response | None:
    """Let the holder of a token in as far as it reaches, or refuse; a job of CI shows one that its forge signed."""
    if reading.is_signed(secret):
        return _let_job_in(ci, secret)
    found = api_tokens.find(store, secret)
    if found is None:
        return refused(WRONG, INVALID)
    if not found.lives(store.now()):
        return refused(EXPIRED if found.revoked_at is None else REVOKED, INVALID)
    try:
        api_tokens.note_use(store, found)
    except StoreUnavailable as error:  # it can be read and not written: whoever asks is answered all the same
        log.warning("the use of token %s was not noted: %s", found.name, error.summary)
    setattr(g, HOLDER, found)
    return None


def _let_job_in(ci: Admission, secret: str) -> Response | None:
    try:
        setattr(g, HOLDER, ci.admit(secret))
    except reading.BadCiToken as error:
        return refused(f"this CI token is not taken: {error}", INVALID)
    except IssuerUnavailable as error:
        answer = failures.answer(503, error.summary)
        answer.headers["Retry-After"] = "60"
        return answer
    return None


def holder() -> ApiToken | CiRun | None:
    """Give the token, or the job, that let this request in, where one did."""
    found: ApiToken | CiRun | None = g.get(HOLDER)
    return found


def lasting(store: Store) -> Callable[[], bool]:
    """Give what says, later and without this request, whether what let it in still counts."""
    found, secret = holder(), shown()
    if isinstance(found, CiRun):
        return lambda: time.time() < found.expires_at
    if found is None or secret is None:
        return lambda: True
    return lambda: (token := api_tokens.find(store, secret)) is not None and token.lives(store.now())


def reach() -> Reach:
    """Say how far this request's sender sees; whoever needs no token sees everything, a hook its forge's."""
    found, forge = holder(), g.get(SIGNER, "")
    if found is None:
        return Reach(forge=forge) if forge else EVERYTHING
    return found.reach


def refused(sentence: str, fault: str = "") -> Response:
    """Refuse whoever needs a token; `fault` is the word for what is wrong with theirs (RFC 6750, section 3.1)."""
    answer = failures.answer(401, sentence)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="Pushboat"' + (f', error="{fault}"' if fault else "")
    return answer
