"""An image that an identity signed counts by its certificate's minutes and the log's word; all offline, by our root."""

import json
import random
from datetime import timedelta

import pytest

from pushboat.config.images import DENY, ImageRules, ImageSigner
from tests.fakes.registry import FakeRegistry
from tests.images.conftest import Looks, signer
from tests.images.own_sigstore import BEGAN, ISSUER, LASTS, WORKFLOW, Sigstore
from tests.images.shelf import SIGN, Key, image, refer, sign, statement
from workers.images.evidence import Claim, in_envelope
from workers.images.keyless import KeylessRefused, demand
from workers.images.words import Weight

OURS = Sigstore()


def rules(sigstore: Sigstore = OURS, identity: str = WORKFLOW, issuer: str = ISSUER) -> ImageRules:
    who = ImageSigner(name="ci", identity=identity, issuer=issuer, root=sigstore.root())
    return ImageRules(look=True, signatures=DENY, signers=(who,), when_unreachable=DENY)


def said(looks: Looks, by: ImageRules) -> tuple[Weight, str]:
    (remark,) = looks("team/shop:1", by).remarks
    return remark.weight, remark.sentence


@pytest.mark.parametrize("identity", [WORKFLOW, WORKFLOW.replace("main", "*")])
def test_a_workflow_signs(registry: FakeRegistry, looks: Looks, identity: str) -> None:
    """Its certificate ended long ago, and it was good when the log took the signature in."""
    digest = image(registry, "team/shop", "1")
    refer(registry, "team/shop", digest, OURS.bundle(statement(digest, SIGN)))
    assert said(looks, rules(identity=identity)) == (Weight.NOTE, "is signed by ci")


REFUSED = {
    "expired": (lambda payload: OURS.bundle(payload, at=BEGAN + LASTS * 2), "that had ended when it was signed"),
    "too early": (lambda payload: OURS.bundle(payload, at=BEGAN - timedelta(hours=1)), "or had not begun"),
    "another workflow": (lambda payload: OURS.bundle(payload, identity=f"{WORKFLOW}2"), "is signed, but not by ci"),
    "another issuer": (lambda payload: OURS.bundle(payload, issuer="https://evil.example"), "is signed, but not by ci"),
    "another authority": (
        lambda payload: Sigstore(certificates=OURS.certificates, log=OURS.log).bundle(payload),
        "does not lead to the operator's root",
    ),
    "no log of certificates": (
        lambda payload: Sigstore(authority=OURS.authority, log=OURS.log).bundle(payload),
        "that no log of certificates knows",
    ),
    "another log": (
        lambda payload: Sigstore(authority=OURS.authority, certificates=OURS.certificates).bundle(payload),
        "that the log does not vouch for",
    ),
    "logged otherwise": (lambda payload: OURS.bundle(payload, entered=b"{}"), "that the log does not vouch for"),
    "altered": (
        lambda payload: OURS.bundle(payload).replace(b'"sig": "M', b'"sig": "N'),
        "whose signature is not good",
    ),
    "torn": (lambda payload: OURS.bundle(payload).replace(b'"rawBytes": "MII', b'"rawBytes": "MIX'), "cannot be read"),
}


@pytest.mark.parametrize(("made", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_proven_is_no_signature(registry: FakeRegistry, looks: Looks, made: object, why: str) -> None:
    assert callable(made)
    digest = image(registry, "team/shop", "1")
    refer(registry, "team/shop", digest, made(statement(digest, SIGN)))
    weight, sentence = said(looks, rules())
    assert weight is Weight.DENIED
    assert why in sentence


def test_a_bent_bundle_is_refused_and_breaks_nothing() -> None:
    """Whoever may push beside an image writes what they like there; no byte of it may stop a worker or pass."""
    digest = f"sha256:{'a' * 64}"
    whole, who = OURS.bundle(statement(digest, SIGN)), rules().signers[0]
    demand(claimed(whole), who)
    dice = random.Random(58)
    for _ in range(150):
        bent = bytearray(whole)
        at = dice.randrange(len(bent))
        bent[at : at + dice.randrange(3)] = dice.choice((b"", b"0", b"9" * 20, b"null", b'"', b"[]", b"A"))
        try:
            demand(claimed(bytes(bent)), who)
        except KeylessRefused:
            continue
        assert json.loads(bent)["dsseEnvelope"] == json.loads(whole)["dsseEnvelope"]


def claimed(bundle: bytes) -> Claim:
    """Claim what a bundle does, readable or not."""
    try:
        known = in_envelope(json.loads(bundle)["dsseEnvelope"], keyless=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        known = None
    signed = known.signed if known else b""
    return Claim(kind="", digests=(), said={}, signed=signed, signatures=(), bundle=bundle.decode("utf-8", "replace"))


def test_a_proven_signature_of_another_image_is_none(registry: FakeRegistry, looks: Looks) -> None:
    good, bad = image(registry, "team/shop", "good", "a"), image(registry, "team/shop", "1", "b")
    refer(registry, "team/shop", bad, OURS.bundle(statement(good, SIGN)))
    assert said(looks, rules())[1] == f"has a signature by ci that is of another image, {good[:25]}…"


def test_the_older_form_says_how_to_sign_anew(registry: FakeRegistry, looks: Looks, key: Key) -> None:
    """Its certificate stands beside the signature, without the log's proof that it was good then."""
    digest = image(registry, "team/shop", "1")
    sign(registry, "team/shop", digest, key, **{"dev.sigstore.cosign/certificate": "-----BEGIN CERTIFICATE-----"})
    assert "in cosign's older form, without the log's proof: sign it with cosign 3" in said(looks, rules())[1]
    by_key = ImageRules(look=True, signatures=DENY, signers=(signer(key),))
    assert said(looks, by_key) == (Weight.DENIED, "is signed, but not by release")
