"""Whether a job is let in: its token proved by its issuer's key, and its claims held against the operator's rules."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

import jwt

from pushboat.model.ci import CiRule, CiRun, far, run_of, wrong
from webhook.ci.issuers import Issuers
from webhook.ci.reading import BadCiToken, Shown, read

LEEWAY = 30
"""Seconds by which clocks may differ."""
LONGEST_LIFE = 6 * 3600
"""Seconds; GitHub's and Gitea's live for minutes, GitLab's as long as their job may take."""
DEMANDED = ("iss", "aud", "sub", "iat", "exp")
MOMENTS = ("iat", "exp", "nbf")


class Admission:
    """The operator's rules, and the keys of the issuers that they name."""

    def __init__(self, rules: Iterable[CiRule], issuers: Issuers | None = None) -> None:
        self._rules = tuple(rules)
        self._issuers = issuers or Issuers()

    def admit(self, token: str) -> CiRun:
        """Let a job in as far as the first rule that fits it says.

        Raises:
            BadCiToken: the token is not good, or no rule takes what it claims.
            IssuerUnavailable: nobody can say now whether it is good.
        """
        if not self._rules:
            raise BadCiToken("the operator's file has no rule under `ci`, so that no job is let in")
        shown = read(token)
        rules = [rule for rule in self._rules if rule.issuer == shown.issuer]
        if not rules:
            raise BadCiToken("no rule under `ci` names its issuer (iss), to the letter")
        key = self._issuers.key(shown)
        claims = _proved(token, shown, key, {rule.audience for rule in rules})
        faults: list[list[str]] = []
        for rule in rules:
            if rule.audience == claims["aud"]:
                if not (found := wrong(rule, claims)):
                    return run_of(rule, claims)
                faults.append(found)
        nearest = min(faults, key=far)
        raise BadCiToken(f"no rule under `ci` takes its claims: {', '.join(nearest)}")


def _proved(token: str, shown: Shown, key: jwt.PyJWK, audiences: set[str]) -> Mapping[str, Any]:
    """Give what a token claims, once its signature, its times and its audience are good."""
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[shown.algorithm],
            issuer=shown.issuer,
            leeway=LEEWAY,
            options={"require": list(DEMANDED), "verify_aud": False},
        )
    except jwt.ExpiredSignatureError:
        raise BadCiToken("it has expired") from None
    except jwt.ImmatureSignatureError:
        raise BadCiToken("it does not count yet") from None
    except jwt.MissingRequiredClaimError as error:
        raise BadCiToken(f"it lacks {error.claim}") from None
    except jwt.InvalidSignatureError:
        raise BadCiToken("its signature is not its issuer's") from None
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        raise BadCiToken("it cannot be read") from None
    _refuse_odd(claims)
    if not isinstance(claims["aud"], str) or claims["aud"] not in audiences:
        raise BadCiToken("it is meant for another audience (aud), or for several")
    return claims


def _refuse_odd(claims: Mapping[str, Any]) -> None:
    """Refuse moments that are no whole numbers, which are read in several ways, and lives that are too long."""
    if any(type(claims[name]) is not int for name in MOMENTS if name in claims) or not isinstance(claims["sub"], str):
        raise BadCiToken("claims of it have the wrong type")
    if claims["exp"] - claims["iat"] > LONGEST_LIFE or claims["exp"] > time.time() + LONGEST_LIFE + LEEWAY:
        raise BadCiToken(f"it lives for more than {LONGEST_LIFE // 3600} hours")
