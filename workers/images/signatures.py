"""Whether one of an environment's signers stands behind a claim about an image; if none does, the nearest reason."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pushboat.config.images import ImageSigner
from pushboat.model.wording import listed, printable
from workers.images.evidence import SIGNATURE, Claim
from workers.images.keyless import KeylessRefused, demand
from workers.images.public_keys import UnusableKey, made_by

LONGEST_NAME = 60
_SHORT = 25
NOT_SIGNED = "is not signed: sign it with `cosign sign`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Who stands behind a claim, or why nobody does."""

    signer: ImageSigner | None = None
    claim: Claim | None = None
    why: str = ""


def signed(found: Sequence[Claim], digest: str, signers: Iterable[ImageSigner], today: date) -> Verdict:
    """Judge whether an image is signed by somebody who counts on this day.

    Raises:
        NotConfigured: certificates are to be judged, and what does that is not installed.
    """
    return believed([each for each in found if each.kind == SIGNATURE], digest, tuple(signers), today, NOT_SIGNED)


def believed(found: Sequence[Claim], digest: str, signers: Sequence[ImageSigner], today: date, nothing: str) -> Verdict:
    """Find a claim about an image that a signer stands behind; `nothing` says that there is no claim at all.

    Raises:
        NotConfigured: as `signed`.
    """
    if not found:
        return Verdict(why=nothing)
    reasons: dict[int, str] = {}
    for claim in found:
        for signer in signers:
            rank, why = _judged(claim, digest, signer, today)
            if not why:
                return Verdict(signer=signer, claim=claim)
            reasons.setdefault(rank, why)
    nearest = min(reasons)
    names = listed([printable(each.name, LONGEST_NAME) for each in signers])
    return Verdict(why=f"is signed, but not by {names}" if nearest == _NOT_THEIRS else reasons[nearest])


_ENDED, _OTHER_IMAGE, _CERTIFICATE, _UNUSABLE, _NOT_THEIRS = range(5)
"""Reasons by how near they come to a good signature."""


def _judged(claim: Claim, digest: str, signer: ImageSigner, today: date) -> tuple[int, str]:
    name = printable(signer.name, LONGEST_NAME)
    stranger = _NOT_THEIRS, "another signed it"
    judge = _by_key if signer.key else _by_certificate
    if bool(signer.key) == claim.keyless:
        return stranger
    if why := judge(claim, signer):
        return stranger if why is _ANOTHER else (_CERTIFICATE if signer.issuer else _UNUSABLE, f"{why} ({name})")
    if digest not in claim.digests:
        about = printable(claim.digests[0][:_SHORT]) if claim.digests else "none"
        return _OTHER_IMAGE, f"has a signature by {name} that is of another image, {about}…"
    if signer.until is not None and signer.until < today:
        return _ENDED, f"is signed by {name}, which counted until {signer.until.isoformat()}: sign it with a new key"
    return _NOT_THEIRS, ""


_ANOTHER = "another"
Judge = Callable[[Claim, ImageSigner], str]


def _by_key(claim: Claim, signer: ImageSigner) -> str:
    try:
        good = any(made_by(signer.key, claim.signed, each) for each in claim.signatures)
    except UnusableKey as wrong:
        return f"cannot be judged: the operator's key {wrong}"
    return "" if good else _ANOTHER


def _by_certificate(claim: Claim, signer: ImageSigner) -> str:
    try:
        demand(claim, signer)
    except KeylessRefused as refused:
        return _ANOTHER if refused.another else str(refused)
    return ""
