"""OpenPGP certificates of signers: which keys they have, and until when each counts.

Traps of pysequoia 0.1.35: its errors are RuntimeErrors with a stack trace for text, and a bug in it would arrive as a
PanicException, which is no Exception. A file of keys is the operator's, so reading it whole is safe.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pysequoia import Cert
from pysequoia.packet import Packet, PacketPile, SignatureType, Tag

FOR_EVER = float("inf")


class UnreadableKeys(Exception):
    """What the operator's file holds is no OpenPGP certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a certificate; times in epoch seconds. `signs` says that its owner made it for signatures."""

    fingerprint: str
    begins: float
    ends: float = FOR_EVER
    revoked: bool = False
    signs: bool = False


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
                return replace(key, ends=min(key.ends, first.ends), revoked=key.revoked or first.revoked)
        return None


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
        fingerprint, created = packet.fingerprint, packet.key_created
        if fingerprint is None or created is None:
            continue
        begins = created.timestamp()
        flags = [each for each in followers if each.key_flags is not None and each.signature_created is not None]
        newest = max(flags, key=_moment, default=None)
        if number == 0:
            ends = cert.expiration.timestamp() if cert.expiration else FOR_EVER
            revoked = cert.is_revoked
        else:
            lasts = newest.key_validity_period if newest else None
            ends = begins + lasts.total_seconds() if lasts else FOR_EVER
            revoked = any(each.signature_type == SignatureType.SubkeyRevocation for each in followers)
        signs = bool(newest and newest.key_flags and newest.key_flags.signing)
        yield Key(fingerprint=fingerprint, begins=begins, ends=ends, revoked=revoked, signs=signs)


def _moment(binding: Packet) -> float:
    return binding.signature_created.timestamp() if binding.signature_created else 0.0
