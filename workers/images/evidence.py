"""What stands beside an image in its registry and claims something of it: signatures, attestations; not yet believed.

cosign keeps them in two ways: under tags made of the digest (`.sig`, `.att`), and since its third version as sigstore
bundles that refer to the image. Sources: https://github.com/sigstore/cosign/tree/main/specs (SIGNATURE_SPEC,
BUNDLE_SPEC) and https://github.com/secure-systems-lab/dsse (the envelope).
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workers.registries.content import NotThere, Repository, blob, manifest, mapping, mappings, referrers

SIGNATURE = "signature"
"""What a claim of an image's signature is called, in either form; an attestation has its predicate's type."""
REPORTS = (
    "https://cosign.sigstore.dev/attestation/vuln/v1",
    "https://in-toto.io/attestation/vulns/v0.1",
    "https://in-toto.io/attestation/vulns/v0.2",
)
"""Types of predicates that hold a scanner's report."""
MOST_CLAIMS = 50
MOST_BYTES = 24 << 20
"""Of all that is claimed of one image; whoever puts more beside it has claimed nothing with the rest."""
_SIGN = "https://sigstore.dev/cosign/sign/v1"
_SIMPLE = "cosign container image signature"
_SIMPLE_MEDIA = "application/vnd.dev.cosign.simplesigning.v1+json"
_SIGNATURE_NOTE = "dev.cosignproject.cosign/signature"
_CERTIFICATE_NOTE = "dev.sigstore.cosign/certificate"
_ENVELOPE_MEDIA = "application/vnd.dsse.envelope.v1+json"
_KIND_NOTES = ("predicateType", "dev.sigstore.bundle.predicateType")
"""Where it is said what is claimed, before the content is fetched: lists of parts are large, and not asked for."""
_BUNDLE_MEDIA = "application/vnd.dev.sigstore.bundle"
_IN_TOTO = "application/vnd.in-toto+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says of images: `kind` of claim, the digests that it is about, and what is said.

    `signed` are the bytes under the `signatures`. `bundle` is the whole of a sigstore bundle, as JSON; `keyless` says
    that a certificate and not a key made it.
    """

    kind: str
    digests: tuple[str, ...]
    said: Mapping[str, Any] = field(repr=False)
    signed: bytes = field(repr=False)
    signatures: tuple[bytes, ...] = field(repr=False)
    bundle: str = field(default="", repr=False)
    keyless: bool = False


class Beside:
    """What stands beside an image, asked for once and only where it is wanted."""

    def __init__(self, repository: Repository, digest: str) -> None:
        self.repository = repository
        self.digest = digest

    @property
    def name(self) -> str:
        """Name the image by its digest."""
        return f"{self.repository.host}/{self.repository.path}@{self.digest}"

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Gather it, as `claims`."""
        return claims(self.repository, self.digest)


def claims(repository: Repository, digest: str) -> tuple[Claim, ...]:
    """Gather what stands beside an image; what cannot be read claims nothing.

    Raises:
        Silent, Unwelcome: the registry does not say.
    """
    found: list[Claim] = []
    room = MOST_BYTES
    for read in (_signatures, _bundles, _attestations):
        for claim in read(repository, digest):
            room -= len(claim.signed)
            if room < 0 or len(found) == MOST_CLAIMS:
                return tuple(found)
            found.append(claim)
    return tuple(found)


def _signatures(repository: Repository, digest: str) -> Iterator[Claim]:
    for layer in _layers(repository, f"{digest.replace(':', '-')}.sig", _SIMPLE_MEDIA):
        notes = layer.get("annotations")
        notes = notes if isinstance(notes, dict) else {}
        signature = _decoded(notes.get(_SIGNATURE_NOTE))
        payload = _content(repository, layer)
        said = mapping(payload)
        critical = said.get("critical")
        critical = critical if isinstance(critical, dict) else {}
        image = critical.get("image")
        about = image.get("docker-manifest-digest") if isinstance(image, dict) else None
        if signature and isinstance(about, str) and critical.get("type") == _SIMPLE:
            yield Claim(
                kind=SIGNATURE,
                digests=(about,),
                said=said,
                signed=payload,
                signatures=(signature,),
                keyless=_CERTIFICATE_NOTE in notes,
            )


def _attestations(repository: Repository, digest: str) -> Iterator[Claim]:
    for layer in _layers(repository, f"{digest.replace(':', '-')}.att", _ENVELOPE_MEDIA):
        notes = layer.get("annotations")
        keyless = isinstance(notes, dict) and bool(notes.get(_CERTIFICATE_NOTE))
        if not _is_asked_for(notes):
            continue
        if claim := in_envelope(mapping(_content(repository, layer)), keyless=keyless):
            yield claim


def _bundles(repository: Repository, digest: str) -> Iterator[Claim]:
    for each in referrers(repository, digest):
        kind, at = str(each.get("artifactType", "")), each.get("digest")
        if not kind.startswith(_BUNDLE_MEDIA) or not isinstance(at, str) or not _is_asked_for(each.get("annotations")):
            continue
        for layer in _layers(repository, at, _BUNDLE_MEDIA):
            content = _content(repository, layer)
            found = mapping(content)
            material, envelope = found.get("verificationMaterial"), found.get("dsseEnvelope")
            if isinstance(material, dict) and isinstance(envelope, dict):
                keyless = "publicKey" not in material
                if claim := in_envelope(envelope, bundle=content.decode("utf-8", "replace"), keyless=keyless):
                    yield claim


def _is_asked_for(notes: Any) -> bool:
    said = [notes[name] for name in _KIND_NOTES if name in notes] if isinstance(notes, dict) else []
    return all(each in (_SIGN, *REPORTS) for each in said)


def in_envelope(envelope: Mapping[str, Any], bundle: str = "", *, keyless: bool = False) -> Claim | None:
    """Read what a DSSE envelope claims; None for what is no statement about something."""
    payload = _decoded(envelope.get("payload"))
    signatures = tuple(_decoded(each.get("sig")) for each in mappings(envelope.get("signatures")))
    if envelope.get("payloadType") != _IN_TOTO or not payload or not all(signatures) or not signatures:
        return None
    statement = mapping(payload)
    kind, said = statement.get("predicateType"), statement.get("predicate")
    if not isinstance(kind, str):
        return None
    return Claim(
        kind=SIGNATURE if kind == _SIGN else kind,
        digests=tuple(_about(statement)),
        said=said if isinstance(said, dict) else {},
        signed=b"DSSEv1 %d %s %d %s" % (len(_IN_TOTO), _IN_TOTO.encode(), len(payload), payload),
        signatures=signatures,
        bundle=bundle,
        keyless=keyless,
    )


def _about(statement: Mapping[str, Any]) -> Iterator[str]:
    for subject in mappings(statement.get("subject")):
        digests = subject.get("digest")
        for algorithm, value in digests.items() if isinstance(digests, dict) else ():
            yield f"{algorithm}:{value}"


def _layers(repository: Repository, named: str, media: str) -> Iterator[Mapping[str, Any]]:
    try:
        found = manifest(repository, named)
    except NotThere:
        return
    for layer in list(mappings(found.get("layers")))[:MOST_CLAIMS]:
        if str(layer.get("mediaType", "")).startswith(media):
            yield layer


def _content(repository: Repository, layer: Mapping[str, Any]) -> bytes:
    try:
        return blob(repository, str(layer.get("digest", "")))
    except NotThere:
        return b""


def _decoded(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        return b""
