"""OpenPGP certificates of signers: which keys they have, and until when each counts.

Traps of pysequoia 0.1.35: its errors are RuntimeErrors with a stack trace for text, and a bug in it would arrive as a
PanicException, which is no Exception. A file of keys is the operator's, so reading it whole is safe.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pysequoia import Cert
from pysequoia.packet import HashAlgorithm, Packet, PacketPile, SignatureType, Tag

FOR_EVER = float("inf")
WEAK = (HashAlgorithm.MD5, HashAlgorithm.RipeMD, HashAlgorithm.SHA1)
"""Digests that can be forged."""


class UnreadableKeys(Exception):
    """What the operator's file holds is no OpenPGP certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a certificate; times in epoch seconds.

    `signs` says that its owner made it for signatures, `weak` that what binds it can be forged, so nobody goes by it.
    """

    fingerprint: str
    begins: float
    ends: float = FOR_EVER
    revoked: bool = False
    signs: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A person's keys: the first is the one that the others hang on, and nothing counts after it has ended."""

    cert: Cert = field(repr=False, compare=False)
    keys: tuple[Key, ...]

    def key(self, fingerprint: str, key_id: str) -> Key | None:
        """Find a key by what a signature says of it; a v4 key's id ends its fingerprint, a v6 key's begins it."""
        for key in self.keys:
            if fingerprint == key.fingerprint if fingerprint else key_id and _has_id(key, key_id):
                first = self.keys[0]
                return _under(key, first)
        return None

    @property
    def signing(self) -> tuple[Key, ...]:
        """List the keys that were made for signatures, as they count."""
        return tuple(_under(key, self.keys[0]) for key in self.keys if key.signs)


def _under(key: Key, first: Key) -> Key:
    """Give a key as it counts, with what holds for the one that it hangs on."""
    ends, weak = min(key.ends, first.ends), key.weak or first.weak
    return replace(key, ends=ends, weak=weak, revoked=key.revoked or first.revoked)


def _has_id(key: Key, key_id: str) -> bool:
    return key.fingerprint.startswith(key_id) if len(key.fingerprint) == 64 else key.fingerprint.endswith(key_id)


@lru_cache(maxsize=200)
def certificates(armoured: str) -> tuple[Certificate, ...]:
    """Read the certificates of a file.

    Raises:
        UnreadableKeys: there are none, or they are damaged.
    """
    try:
        certs = Cert.split_bytes(armoured.encode())
        found = tuple(Certificate(cert=cert, keys=tuple(_keys(cert))) for cert in certs)
    except RuntimeError as error:
        raise UnreadableKeys("it is damaged, or no OpenPGP public key") from error
    if not found:
        raise UnreadableKeys("it holds no OpenPGP public key")
    return found


def _keys(cert: Cert) -> Iterator[Key]:
    """List the keys; what binds each follows it, and of that the newest counts."""
    groups: list[tuple[Packet, list[Packet]]] = []
    for packet in PacketPile.from_bytes(bytes(cert)):
        if packet.tag in (Tag.PublicKey, Tag.PublicSubkey):
            groups.append((packet, []))
        elif packet.tag == Tag.Signature and groups:
            groups[-1][1].append(packet)
    for number, (packet, followers) in enumerate(groups):
        key = _key(packet, followers)
        yield key if number else replace(key, revoked=cert.is_revoked, **_end_of(cert))


def _key(packet: Packet, followers: list[Packet]) -> Key:
    created = packet.key_created
    begins = created.timestamp() if created else 0.0
    bindings = [each for each in followers if each.key_flags is not None and each.signature_created is not None]
    newest = max(bindings, key=_moment, default=None)
    flags, lasts = (newest.key_flags, newest.key_validity_period) if newest else (None, None)
    return Key(
        fingerprint=packet.fingerprint or "",
        begins=begins,
        ends=begins + lasts.total_seconds() if lasts else FOR_EVER,
        revoked=any(each.signature_type == SignatureType.SubkeyRevocation for each in followers),
        signs=bool(flags and flags.signing),
        weak=newest is None or newest.hash_algorithm in WEAK,
    )


def _end_of(cert: Cert) -> dict[str, Any]:
    """Say when the first key ends, as all that binds it says together; where its policy takes none, it is weak."""
    try:
        return {"ends": cert.expiration.timestamp() if cert.expiration else FOR_EVER}
    except RuntimeError:
        return {"ends": FOR_EVER, "weak": True}


def _moment(binding: Packet) -> float:
    return binding.signature_created.timestamp() if binding.signature_created else 0.0
