"""An image is signed or it is not: by a key that counts, for this very content, and said in words that lead on."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from pushboat.config.images import DENY, WARN, ImageRules, ImageSigner
from tests.fakes.door import Trouble
from tests.fakes.registry import INDEX, MANIFEST, FakeRegistry
from tests.images.conftest import NOW, Looks, signer
from tests.images.shelf import ENVELOPE, SIGN, VULN, attest, image, refer, sign, statement, trivy, with_key
from workers.images.words import Trouble as Kept
from workers.images.words import Weight

TODAY = datetime.fromtimestamp(NOW, UTC).date()
Ec = ec.EllipticCurvePrivateKey


def rules(*signers: ImageSigner, verdict: str = DENY) -> ImageRules:
    return ImageRules(look=True, signatures=verdict, signers=signers, when_unreachable=DENY)


KINDS = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_signature_passes_whatever_the_key(registry: FakeRegistry, looks: Looks, kind: str) -> None:
    made = KINDS[kind]()
    sign(registry, "team/shop", image(registry, "team/shop", "1"), made)
    (remark,) = looks("team/shop:1", rules(signer(made))).remarks
    assert (remark.weight, remark.sentence) == (Weight.NOTE, "is signed by release")


@pytest.mark.parametrize("listed", [True, False])
def test_a_bundle_beside_the_image_counts_as_well(
    registry: FakeRegistry, looks: Looks, key: Ec, *, listed: bool
) -> None:
    """As cosign 3 writes it: by the referrers' API, or in a list under a tag where a registry has none."""
    digest = image(registry, "team/shop", "1", platforms=2)
    registry.knows_referrers = not listed
    refer(registry, "team/shop", digest, with_key(statement(digest, SIGN), key), listed=listed)
    assert looks("team/shop:1", rules(signer(key))).remarks[0].sentence == "is signed by release"


def refused(looks: Looks, *signers: ImageSigner) -> str:
    (remark,) = looks("team/shop:1", rules(*signers)).remarks
    assert remark.weight is Weight.DENIED
    return remark.sentence


def test_no_signature_is_none(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    image(registry, "team/shop", "1")
    assert refused(looks, signer(key)) == "is not signed: sign it with `cosign sign`"
    (remark,) = looks("team/shop:1", rules(signer(key), verdict=WARN)).remarks
    assert remark.weight is Weight.WARNING


def test_a_strangers_signature_is_none(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    sign(registry, "team/shop", image(registry, "team/shop", "1"), KINDS["P-256"]())
    assert refused(looks, signer(key), signer(KINDS["RSA"](), "ci")) == "is signed, but not by release and ci"


def test_a_signature_of_another_image_is_none(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    """Somebody who may push copies yesterday's good signature beside today's image."""
    good, bad = image(registry, "team/shop", "good", "a"), image(registry, "team/shop", "1", "b")
    sign(registry, "team/shop", bad, key, about=good)
    assert refused(looks, signer(key)) == f"has a signature by release that is of another image, {good[:25]}…"
    refer(registry, "team/shop", bad, with_key(statement(good, SIGN), key))
    assert "of another image" in refused(looks, signer(key))


def test_an_attestation_is_no_signature(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    """A scanner's key says what it found, and not that the image may run."""
    digest = image(registry, "team/shop", "1")
    attest(registry, "team/shop", digest, key, trivy())
    refer(registry, "team/shop", digest, with_key(statement(digest, VULN, trivy()), key))
    assert refused(looks, signer(key)) == "is not signed: sign it with `cosign sign`"


def test_a_key_counts_to_its_last_day_and_no_longer(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    sign(registry, "team/shop", image(registry, "team/shop", "1"), key)
    assert looks("team/shop:1", rules(signer(key, until=TODAY))).remarks[0].weight is Weight.NOTE
    ended = signer(key, until=TODAY - timedelta(days=1))
    assert refused(looks, ended) == "is signed by release, which counted until 2026-11-27: sign it with a new key"
    assert looks("team/shop:1", rules(ended, signer(key, "new"))).remarks[0].sentence == "is signed by new"


def test_what_was_found_good_is_not_asked_for_again_while_its_signer_counts(
    registry: FakeRegistry, looks: Looks, key: Ec
) -> None:
    """A registry that goes down later holds up nothing that is known; a signer who is taken away counts at once."""
    digest = image(registry, "team/shop", "1")
    sign(registry, "team/shop", digest, key)
    assert looks(f"team/shop@{digest}", rules(signer(key))).remarks[0].weight is Weight.NOTE
    registry.down = True
    assert looks(f"team/shop@{digest}", rules(signer(key))).remarks[0].weight is Weight.NOTE
    assert looks("team/shop:1", rules(signer(key))).trouble is Kept.SILENT
    assert looks(f"team/shop@{digest}", rules(signer(KINDS["P-256"]()))).trouble is Kept.SILENT


def test_a_signature_that_cannot_be_fetched_is_not_a_missing_one(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    """Half of a registry down is down: nobody is told that an image is not signed because a store is slow."""
    sign(registry, "team/shop", image(registry, "team/shop", "1"), key)
    registry.troubles.append(Trouble(status=500, times=9, path="/blobs/"))
    found = looks("team/shop:1", rules(signer(key)))
    assert (found.trouble, found.remarks) == (Kept.SILENT, ())
    registry.troubles[0].times = 0
    assert looks("team/shop:1", rules(signer(key))).remarks[0].weight is Weight.NOTE


def test_lists_of_parts_are_not_fetched(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    """Beside an image stand megabytes of other claims; nobody asks for those."""
    digest = image(registry, "team/shop", "1")
    layer = {
        "mediaType": ENVELOPE,
        "digest": f"sha256:{'0' * 64}",
        "annotations": {"predicateType": "https://spdx.dev/Document"},
    }
    registry.put_manifest("team/shop", f"{digest.replace(':', '-')}.att", {"mediaType": MANIFEST, "layers": [layer]})
    sign(registry, "team/shop", digest, key)
    assert looks("team/shop:1", rules(signer(key))).remarks[0].sentence == "is signed by release"
    assert sum("/blobs/" in each.path for each in registry.requests) == 1


def bend(registry: FakeRegistry, tag: str, change: object) -> None:
    digest = image(registry, "team/shop", "1")
    path = "team/shop", f"{digest.replace(':', '-')}.{tag}"
    registry._manifests[path] = json.dumps(change).encode(), "application/json"


@pytest.mark.parametrize(
    "manifest",
    [
        [],
        {"layers": {}},
        {"layers": [1, None, {"mediaType": 3}]},
        {"layers": [{"mediaType": "application/vnd.dev.cosign.simplesigning.v1+json", "digest": "../../etc"}]},
        {"layers": [{"mediaType": "application/vnd.dev.cosign.simplesigning.v1+json", "annotations": []}] * 3000},
        {"manifests": [{"artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json", "digest": 1}]},
    ],
)
def test_what_cannot_be_read_is_no_signature(registry: FakeRegistry, looks: Looks, key: Ec, manifest: object) -> None:
    bend(registry, "sig", manifest)
    bend(registry, "att", manifest)
    assert refused(looks, signer(key)) == "is not signed: sign it with `cosign sign`"
    assert len(registry.requests) < 10


def test_what_a_registry_lists_leads_to_nothing_but_its_contents(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    """Whoever may push there could else have our login ask the registry for anything."""
    digest = image(registry, "team/shop", "1")
    kind = "application/vnd.dev.sigstore.bundle.v0.3+json"
    listed = [{"artifactType": kind, "digest": "../../../api/v2.0/users"}, {"artifactType": kind, "digest": "a b"}]
    registry.knows_referrers = False
    registry.put_manifest("team/shop", digest.replace(":", "-"), {"mediaType": INDEX, "manifests": listed})
    assert refused(looks, signer(key)) == "is not signed: sign it with `cosign sign`"
    assert all(each.path.startswith("/v2/team/shop/") and ".." not in each.path for each in registry.requests)


def test_other_content_than_its_digest_is_no_answer(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    digest = image(registry, "team/shop", "1")
    sign(registry, "team/shop", digest, key)
    for blob in registry._blobs:
        registry.bent[blob] = b"{}  "
    found = looks("team/shop:1", rules(signer(key)))
    assert found.trouble is Kept.SILENT
    assert "gives other content than sha256:" in found.why


def test_a_key_that_nobody_can_use_is_the_operators(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    sign(registry, "team/shop", image(registry, "team/shop", "1"), key)
    small = signer(rsa.generate_private_key(65537, 1024), "old")
    assert "the operator's key is an RSA key of less than 2048 bits (old)" in refused(looks, small)
    broken = ImageSigner(name="torn", key="-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n")
    assert "the operator's key is damaged" in refused(looks, broken)
