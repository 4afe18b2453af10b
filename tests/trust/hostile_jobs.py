"""Tokens of jobs that are not what they say, made for each forge from a good one of its own."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from tests.dashboard.hostile_tokens import HEAD, by_hand, parts, re_encoded, resigned
from tests.fakes.issuer import AUDIENCE, FakeIssuer, ec_key, encoded, public_rsa, rsa_key


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job of a forge: its issuer, what that claims of it, and in which words it says whose it is and what began it.

    `others` are issuers of other forges, which the operator's file names for other repositories.
    """

    issuer: FakeIssuer
    others: tuple[FakeIssuer, ...]
    claimed: Callable[..., dict[str, Any]]
    whose: str
    began: str
    subject: str

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Claim what the forge does, with changes."""
        return self.claimed(self.issuer, **changes)

    def good(self) -> str:
        """Sign a good one."""
        return self.issuer.sign(self.claims())

    def but(self, **changes: Any) -> str:
        """Sign one with other claims."""
        return self.issuer.sign(self.claims(**changes))

    def whatever(self, header: Any, claims: Any = None, key: Any = None) -> str:
        """Sign what no library would."""
        return resigned(self.issuer, header, self.claims() if claims is None else claims, key)


def gitea(issuer: FakeIssuer, **changes: Any) -> dict[str, Any]:
    """Claim what Gitea's and Forgejo's Actions do: GitHub's words, without numbers of repositories."""
    return issuer.github(**{"repository_id": None, "jti": None, "run_id": "9", **changes})


def hs256(job: Job, secret: bytes) -> str:
    """Sign with what everybody knows, as if it were a shared secret."""
    text = f"{encoded({**HEAD, 'alg': 'HS256'})}.{encoded(job.claims())}"
    hashed = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return f"{text}.{encoded(hashed.sign(text.encode(), secret))}"


def twice(job: Job, name: str, value: str) -> str:
    """Claim something twice, the good one last."""
    claims = json.dumps(job.claims(**{name: "evil/shop"}))
    return job.whatever(HEAD, f'{claims[:-1]},"{name}":"{value}"}}')


def swapped(job: Job) -> str:
    """Put other claims below a good signature."""
    head, _, signature = parts(job.good())
    return f"{head}.{encoded(job.claims(**{job.began: 'schedule'}))}.{signature}"


def soon(seconds: float) -> int:
    """Give a moment from now."""
    return int(time.time() + seconds)


Hostile = Callable[[Job], str]

FORGED: Mapping[str, Hostile] = {
    "alg none": lambda job: by_hand({**HEAD, "alg": "none"}, job.claims(), ""),
    "alg none, signed": lambda job: by_hand({**HEAD, "alg": "none"}, job.claims()),
    "alg NONE": lambda job: by_hand({**HEAD, "alg": "NONE"}, job.claims()),
    "HS256 with the public key": lambda job: hs256(job, job.issuer.public_pem()),
    "HS256 with nothing": lambda job: hs256(job, b""),
    "HS256 with the key's name": lambda job: hs256(job, b"one"),
    "no signature": lambda job: ".".join(parts(job.good())[:2]) + ".",
    "two parts": lambda job: ".".join(parts(job.good())[:2]),
    "a signature cut off": lambda job: job.good()[:-8],
    "a signature written otherwise": lambda job: re_encoded(job.good()),
    "other claims": swapped,
    "another key": lambda job: job.whatever(HEAD, key=rsa_key("other")),
    "a key of its own": lambda job: job.whatever({**HEAD, "jwk": public_rsa("other")}, key=rsa_key("other")),
    "jku": lambda job: job.issuer.sign(job.claims(), jku=f"{job.others[0].address}/keys"),
    "x5u": lambda job: job.issuer.sign(job.claims(), x5u=f"{job.others[0].address}/keys"),
    "x5c": lambda job: job.issuer.sign(job.claims(), x5c=["MIIB"]),
    "crit": lambda job: job.issuer.sign(job.claims(), crit=["exp"]),
    "zip": lambda job: job.whatever({**HEAD, "zip": "DEF"}),
    "kid a path": lambda job: job.whatever({**HEAD, "kid": "../../../dev/null"}),
    "kid an address": lambda job: job.whatever({**HEAD, "kid": f"{job.others[0].address}/keys#one"}),
    "kid a list": lambda job: job.whatever({**HEAD, "kid": ["one"]}),
    "no kid": lambda job: job.whatever({"alg": "RS256", "typ": "JWT"}),
    "a curve's signature under an RSA key's name": lambda job: jwt.encode(
        job.claims(), ec_key("curve"), algorithm="ES256", headers={"kid": "one"}
    ),
    "an access token": lambda job: job.issuer.sign(job.claims(), typ="at+jwt"),
    "nested": lambda job: job.whatever({**HEAD, "cty": "JWT"}, job.good()),
    "encrypted": lambda job: f"{encoded(HEAD)}.AAAA.AAAA.AAAA.AAAA",
    "huge": lambda job: job.but(padding="y" * 20_000),
    "deep": lambda job: job.whatever(HEAD, '{"iss":' * 3_000),
}
"""Forged: the signature is nobody's, or not over this, or by a key that the token itself names."""

MEANT_FOR_OTHERS: Mapping[str, Hostile] = {
    "another forge's issuer, with its own key": lambda job: job.others[0].sign(job.claims(iss=job.others[0].address)),
    "another forge's key in this one's name": lambda job: job.others[0].sign(job.claims(), kid="other"),
    "this forge's key in another one's name": lambda job: job.but(iss=job.others[0].address),
    "the issuer with a slash": lambda job: job.but(iss=f"{job.issuer.address}/"),
    "the issuer in capitals": lambda job: job.but(iss=job.issuer.address.replace("http", "HTTP")),
    "the issuer with a user": lambda job: job.but(iss=job.issuer.address.replace("//", "//me@")),
    "the issuer with a path": lambda job: job.but(iss=f"{job.issuer.address}/.."),
    "a list of issuers": lambda job: job.whatever(HEAD, job.claims(iss=[job.issuer.address])),
    "no issuer": lambda job: job.but(iss=None),
    "another audience": lambda job: job.but(aud="https://other.example.org"),
    "a list of audiences": lambda job: job.but(aud=[AUDIENCE, "https://other.example.org"]),
    "a list of one audience": lambda job: job.but(aud=[AUDIENCE]),
    "the audience with a slash": lambda job: job.but(aud=f"{AUDIENCE}/"),
    "no audience": lambda job: job.but(aud=None),
    "expired": lambda job: job.but(iat=soon(-900), nbf=soon(-900), exp=soon(-600)),
    "not yet": lambda job: job.but(nbf=soon(3000)),
    "made tomorrow": lambda job: job.but(iat=soon(86_400), nbf=soon(-5), exp=soon(87_000)),
    "no end": lambda job: job.but(exp=None),
    "no beginning": lambda job: job.but(iat=None),
    "an end in years": lambda job: job.but(exp=soon(10**8)),
    "an end that is a text": lambda job: job.whatever(HEAD, job.claims(exp=str(soon(300)))),
    "an end with a fraction": lambda job: job.whatever(HEAD, job.claims(exp=soon(300) + 0.5)),
    "an end that is true": lambda job: job.whatever(HEAD, job.claims(exp=True)),
    "an end without end": lambda job: job.whatever(
        HEAD, json.dumps(job.claims(exp=0)).replace('"exp": 0', '"exp": 1e999')
    ),
    "an end below zero": lambda job: job.but(exp=-1),
    "no subject": lambda job: job.but(sub=None),
    "a subject that is a number": lambda job: job.whatever(HEAD, job.claims(sub=7)),
    "another repository": lambda job: job.but(**{job.whose: "acme/other"}),
    "a repository whose name goes on": lambda job: job.but(**{job.whose: "acme/shop-evil"}),
    "a repository below": lambda job: job.but(**{job.whose: "acme/shop/evil"}),
    "a fork": lambda job: job.but(**{job.whose: "mallory/shop"}),
    "other letters": lambda job: job.but(**{job.whose: "Acme/Shop"}),
    "a repository with a line's end": lambda job: job.but(**{job.whose: "acme/shop\n"}),
    "a list of repositories": lambda job: job.but(**{job.whose: ["acme/shop"]}),
    "a repository that is an object": lambda job: job.but(**{job.whose: {"acme/shop": True}}),
    "no repository": lambda job: job.but(**{job.whose: None}),
    "a repository twice": lambda job: twice(job, job.whose, "acme/shop"),
    "another branch": lambda job: job.but(ref="evil"),
    "a tag called as the branch": lambda job: job.but(
        ref=str(job.claims()["ref"]).replace("refs/heads/", "refs/tags/"), ref_type="tag", ref_path="refs/tags/main"
    ),
    "a list for any environment": lambda job: job.but(environment=["staging"]),
    "an object for any environment": lambda job: job.but(environment={}),
    "no environment": lambda job: job.but(environment=None),
    "nobody says what began it": lambda job: job.but(**{job.began: None}),
    "what began it is a list": lambda job: job.but(**{job.began: ["push"]}),
    "what began it in capitals": lambda job: job.but(**{job.began: "PUSH"}),
    "what began it with a space": lambda job: job.but(**{job.began: "push "}),
    "a proposal by its subject": lambda job: job.but(sub=job.subject),
}
"""Signed by a forge, and not for this: another audience, time, repository, branch, or begun by whom nobody knows."""

STRANGERS: Mapping[str, tuple[str, ...]] = {
    "event_name": (
        "pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment",
        "pull_request_comment", "issue_comment", "issues", "workflow_run", "workflow_call", "fork", "watch", "",
    ),
    "pipeline_source": (
        "merge_request_event", "external_pull_request_event", "parent_pipeline", "pipeline", "chat",
        "ondemand_dast_scan", "security_orchestration_policy", "unknown", "",
    ),
}  # fmt: skip
"""What runs for strangers too, or may: a fork's proposal, a comment, a workflow that another one began."""


def every(job: Job) -> dict[str, str]:
    """Make all that a forge's job may be imitated by, by name."""
    made = {name: make(job) for name, make in {**FORGED, **MEANT_FOR_OTHERS}.items()}
    return made | {f"begun by {each!r}": job.but(**{job.began: each}) for each in STRANGERS[job.began]}
