"""Tokens of CI jobs that nobody may take for good ones, each with the words of its refusal."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt

from tests.fakes.issuer import AUDIENCE, FakeIssuer, ec_key, encoded, public_rsa, rsa_key


def parts(token: str) -> list[str]:
    """Take a token apart."""
    return token.split(".")


def by_hand(header: Any, claims: Any, signature: str = "AAAA") -> str:
    """Put a token together."""
    return f"{encoded(header)}.{encoded(claims)}.{signature}"


def resigned(issuer: FakeIssuer, header: Any, claims: Any, key: Any = None) -> str:
    """Sign whatever stands in a token, rightly, as RS256 does."""
    text = f"{encoded(header)}.{encoded(claims)}"
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(
        text.encode(), key or rsa_key("one")
    )
    return f"{text}.{encoded(signature)}"


def hs256_with_the_public_key(issuer: FakeIssuer, _: FakeIssuer) -> str:
    """Sign with what everybody knows, as if it were a shared secret."""
    text = f"{encoded({'alg': 'HS256', 'kid': 'one', 'typ': 'JWT'})}.{encoded(issuer.github())}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        text.encode(), issuer.public_pem()
    )
    return f"{text}.{encoded(signature)}"


def re_encoded(token: str) -> str:
    """Write the signature's last letter in another way that stands for the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = token[-1]
    return f"{token[:-1]}{alphabet[alphabet.index(last) ^ 1]}"


HEAD = {"alg": "RS256", "kid": "one", "typ": "JWT"}


def now() -> int:
    """Give the moment of the test, which may come minutes after this file was read."""
    return int(time.time())


Hostile = Callable[[FakeIssuer, FakeIssuer], str]

HOSTILE: dict[str, tuple[str, Hostile]] = {
    "alg none": ("it is not signed", lambda i, _: by_hand({**HEAD, "alg": "none"}, i.github(), "")),
    "alg none with a signature": (
        "its signature is not one of",
        lambda i, _: by_hand({**HEAD, "alg": "none"}, i.github()),
    ),
    "alg None, as letters go": (
        "its signature is not one of",
        lambda i, _: by_hand({**HEAD, "alg": "nOnE"}, i.github()),
    ),
    "HS256 with the public key": ("its signature is not one of", hs256_with_the_public_key),
    "alg a list": ("its signature is not one of", lambda i, _: resigned(i, {**HEAD, "alg": ["RS256"]}, i.github())),
    "no alg": ("its signature is not one of", lambda i, _: resigned(i, {"kid": "one"}, i.github())),
    "no signature": ("it is not signed", lambda i, _: ".".join(parts(i.sign(i.github()))[:2]) + "."),
    "a signature cut off": ("its signature is not its issuer's", lambda i, _: i.sign(i.github())[:-22]),
    "a signature written otherwise": (
        "a part of it is written in another way than tokens are",
        lambda i, _: re_encoded(i.sign(i.github())),
    ),
    "a signature with padding": (
        "a part of it is written in another way than tokens are",
        lambda i, _: i.sign(i.github()) + "==",
    ),
    "claims of another token": (
        "its signature is not its issuer's",
        lambda i, _: ".".join(
            (parts(i.sign(i.github()))[0], encoded(i.github(run_id="124")), parts(i.sign(i.github()))[2])
        ),
    ),
    "another audience": (
        "it is meant for another audience (aud)",
        lambda i, _: i.sign(i.github(aud="https://other.example.org")),
    ),
    "an audience that ours begins": (
        "it is meant for another audience (aud)",
        lambda i, _: i.sign(i.github(aud=f"{AUDIENCE}.evil.example")),
    ),
    "several audiences": (
        "it is meant for another audience (aud)",
        lambda i, _: i.sign(i.github(aud=[AUDIENCE, "https://other.example.org"])),
    ),
    "a list of one audience": ("it is meant for another audience (aud)", lambda i, _: i.sign(i.github(aud=[AUDIENCE]))),
    "no audience": ("it lacks aud", lambda i, _: i.sign(i.github(aud=None))),
    "another issuer": ("no rule under `ci` names its issuer (iss)", lambda _, s: s.sign(s.github())),
    "another issuer's key in our issuer's name": (
        "its issuer has no key of this name (kid)",
        lambda i, s: i.sign(i.github(), kid="other"),
    ),
    "another key under a known name": (
        "its signature is not its issuer's",
        lambda i, _: resigned(i, HEAD, i.github(), rsa_key("other")),
    ),
    "the issuer with a slash": (
        "no rule under `ci` names its issuer (iss)",
        lambda i, _: i.sign(i.github(iss=f"{i.address}/")),
    ),
    "the issuer in capitals": (
        "no rule under `ci` names its issuer (iss)",
        lambda i, _: i.sign(i.github(iss=i.address.replace("http", "HTTP"))),
    ),
    "the issuer with a user": (
        "no rule under `ci` names its issuer (iss)",
        lambda i, s: i.sign(i.github(iss=i.address.replace("//", f"//{'x'}@"))),
    ),
    "the issuer a list": (
        "it does not say who made it (iss)",
        lambda i, _: resigned(i, HEAD, i.github(iss=[i.address])),
    ),
    "no issuer": ("it does not say who made it (iss)", lambda i, _: i.sign(i.github(iss=None))),
    "another repository": ("repository 'acme/other'", lambda i, _: i.sign(i.github(repository="acme/other"))),
    "a repository whose name goes on": (
        "repository 'acme/shop-evil'",
        lambda i, _: i.sign(i.github(repository="acme/shop-evil")),
    ),
    "a repository whose name ends so": (
        "repository 'evil/acme/shop'",
        lambda i, _: i.sign(i.github(repository="evil/acme/shop")),
    ),
    "a repository with a line's end": (
        "repository 'acme/shop\\\\u000a'",
        lambda i, _: i.sign(i.github(repository="acme/shop\n")),
    ),
    "a fork of the same name": ("repository 'mallory/shop'", lambda i, _: i.sign(i.github(repository="mallory/shop"))),
    "a repository that is a list": ("repository ''", lambda i, _: i.sign(i.github(repository=["acme/shop"]))),
    "no repository": ("repository missing", lambda i, _: i.sign(i.github(repository=None))),
    "another branch": ("ref 'refs/heads/evil'", lambda i, _: i.sign(i.github(ref="refs/heads/evil"))),
    "a tag called as the branch": ("ref 'refs/tags/main'", lambda i, _: i.sign(i.github(ref="refs/tags/main"))),
    **{
        f"begun by {event}": (
            f"event_name '{event}', and only",
            lambda i, _, event=event: i.sign(i.github(event_name=event)),
        )
        for event in (
            "pull_request",
            "pull_request_target",
            "pull_request_review",
            "pull_request_review_comment",
            "issue_comment",
            "workflow_run",
            "PUSH",
            "",
        )
    },
    "a proposal's ref": (
        "ref of a proposal",
        lambda i, _: i.sign(i.github(ref="refs/pull/7/merge")),
    ),
    "a proposal's ref in the subject": (
        "sub of a proposal",
        lambda i, _: i.sign(i.github(sub="repo:acme/shop:ref:refs/pull/7/merge")),
    ),
    "a pull request by its subject": (
        "sub of a proposal",
        lambda i, _: i.sign(i.github(sub="repo:acme/shop:pull_request")),
    ),
    **{
        f"a pipeline of {source}": (
            f"pipeline_source '{source}', and only",
            lambda i, _, source=source: i.sign(i.gitlab(pipeline_source=source)),
        )
        for source in ("merge_request_event", "external_pull_request_event", "parent_pipeline", "pipeline", "ondemand")
    },
    "a merge request's ref": (
        "ref_path of a proposal",
        lambda i, _: i.sign(i.gitlab(ref_path="refs/merge-requests/7/head")),
    ),
    "nobody says what began it": (
        "event_name or pipeline_source missing",
        lambda i, _: i.sign(i.github(event_name=None)),
    ),
    "what began it is a list": ("event_name '', and only", lambda i, _: i.sign(i.github(event_name=["push"]))),
    "a branch that is not protected": ("ref_protected 'false'", lambda i, _: i.sign(i.gitlab(ref_protected="false"))),
    "another environment": (
        "environment 'production'",
        lambda i, _: i.sign(i.github(repository="acme/gated", environment="production")),
    ),
    "no environment": ("environment missing", lambda i, _: i.sign(i.github(repository="acme/gated"))),
    "expired": ("it has expired", lambda i, _: i.sign(i.github(iat=now() - 900, exp=now() - 600))),
    "not yet": ("it does not count yet", lambda i, _: i.sign(i.github(nbf=now() + 3000))),
    "made in the future": ("it does not count yet", lambda i, _: i.sign(i.github(iat=now() + 3000, exp=now() + 4000))),
    "no end": ("it lacks exp", lambda i, _: i.sign(i.github(exp=None))),
    "no beginning": ("it lacks iat", lambda i, _: i.sign(i.github(iat=None))),
    "an end in years": ("it lives for more than 6 hours", lambda i, _: i.sign(i.github(exp=now() + 10**8))),
    "an end that is a text": (
        "claims of it have the wrong type",
        lambda i, _: resigned(i, HEAD, i.github(exp=str(now() + 300))),
    ),
    "an end that is no number": (
        "its claims cannot be read",
        lambda i, _: resigned(i, HEAD, i.github(exp=float("nan"))),
    ),
    "an end with a fraction": (
        "claims of it have the wrong type",
        lambda i, _: resigned(i, HEAD, i.github(exp=now() + 300.5)),
    ),
    "no subject": ("it lacks sub", lambda i, _: i.sign(i.github(sub=None))),
    "a subject that is a number": ("it cannot be read", lambda i, _: resigned(i, HEAD, i.github(sub=7))),
    "jku": ("its header has 'jku'", lambda i, s: i.sign(i.github(), kid="other", jku=f"{s.address}/keys")),
    "jku beside a known key": ("its header has 'jku'", lambda i, s: i.sign(i.github(), jku=f"{s.address}/keys")),
    "x5u": ("its header has 'x5u'", lambda i, s: i.sign(i.github(), x5u=f"{s.address}/keys")),
    "x5c": ("its header has 'x5c'", lambda i, _: i.sign(i.github(), x5c=["MIIB"])),
    "a key of its own": (
        "its header has 'jwk'",
        lambda i, _: resigned(i, {**HEAD, "jwk": public_rsa("other")}, i.github(), rsa_key("other")),
    ),
    "crit": ("its header has 'crit'", lambda i, _: i.sign(i.github(), crit=["exp"])),
    "b64": ("its header has 'b64'", lambda i, _: resigned(i, {**HEAD, "b64": False, "crit": ["b64"]}, i.github())),
    "zip": ("its header has 'zip'", lambda i, _: resigned(i, {**HEAD, "zip": "DEF"}, i.github())),
    "kid a path": (
        "its issuer has no key of this name (kid)",
        lambda i, _: resigned(i, {**HEAD, "kid": "../../../../dev/null"}, i.github()),
    ),
    "kid a statement": (
        "its issuer has no key of this name (kid)",
        lambda i, _: resigned(i, {**HEAD, "kid": "one' UNION SELECT 'x"}, i.github()),
    ),
    "kid a number": (
        "it does not name the key that signed it (kid)",
        lambda i, _: resigned(i, {**HEAD, "kid": 1}, i.github()),
    ),
    "no kid": ("it does not name the key that signed it (kid)", lambda i, _: resigned(i, {"alg": "RS256"}, i.github())),
    "an RSA key's name for a curve's signature": (
        "the key that it names is not one for its signature",
        lambda i, _: jwt.encode(i.github(), ec_key("curve"), algorithm="ES256", headers={"kid": "one"}),
    ),
    "a curve's name for an RSA signature": (
        "the key that it names is not one for its signature",
        lambda i, _: jwt.encode(i.github(), rsa_key("one"), algorithm="RS256", headers={"kid": "curve"}),
    ),
    "another typ": ("it is a token of another type (typ)", lambda i, _: i.sign(i.github(), typ="at+jwt")),
    "nested": ("its claims cannot be read", lambda i, _: resigned(i, {**HEAD, "cty": "JWT"}, i.sign(i.github()))),
    "encrypted": (
        "it has not three parts; encrypted and nested tokens are not taken",
        lambda i, _: f"{encoded(HEAD)}.AAAA.AAAA.AAAA.AAAA",
    ),
    "a claim twice": (
        "its claims cannot be read",
        lambda i, _: resigned(
            i, HEAD, json.dumps(i.github(repository="evil/shop"))[:-1] + ',"repository":"acme/shop"}'
        ),
    ),
    "a header twice": (
        "its header cannot be read",
        lambda i, _: resigned(i, '{"alg":"none","alg":"RS256","kid":"one"}', i.github()),
    ),
    "claims that are a list": ("its claims are no JSON object", lambda i, _: resigned(i, HEAD, [i.github()])),
    "claims that nest deeply": ("its claims cannot be read", lambda i, _: resigned(i, HEAD, "[" * 5000)),
    "claims that are no UTF-8": ("its claims cannot be read", lambda i, _: resigned(i, HEAD, b'{"iss": "\xff"}')),
    "huge": ("it has more than 16384 bytes", lambda i, _: i.sign(i.github(x="y" * 20_000))),
    "dots": ("it has not three parts; encrypted and nested tokens are not taken", lambda i, _: "." * 50),
    "base64 of the other alphabet": (
        "a part of it is written in another way than tokens are",
        lambda i, _: "+/+/.+/+/.+/+/",
    ),
    "the last line of a text": (
        "a part of it is written in another way than tokens are",
        lambda i, _: base64.b64encode(b"a.b.c").decode() + "..",
    ),
}
