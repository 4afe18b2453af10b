"""Signatures of OpenPGP keys, as gpg makes them.

Sequoia judges a signature by the time that it gives itself: a key that has ended since made it all the same. What it
does not look at is the commit, so the committer's time is held against the key here as well.
"""

from dataclasses import dataclass

from pysequoia import Sig, verify
from pysequoia.packet import SignatureType

from pushboat.config.signers import Signer, Sort
from pushboat.model.times import day
from pushboat.model.wording import printable
from workers.source.signatures.armour import Unreadable, taken_off
from workers.source.signatures.commit import Commit
from workers.source.signatures.openpgp_keys import WEAK, Certificate, Key, UnreadableKeys, certificates
from workers.source.signatures.words import Outcome, Signers, Verdict, bad

_SIGNATURE = 2
"""The number of its packet; nothing else is let into the library, since compressed packets may hold ever more."""
_Owner = tuple[str, Certificate, Key]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signature:
    """What a signature says of itself; asking the library may already raise, where it knows no such number."""

    itself: Sig
    fingerprint: str
    key_id: str
    created: float | None
    is_gits: bool
    weak: str


def judge(armour: bytes, commit: Commit, signers: Signers) -> Verdict:
    """Judge a signature: is it one, is its key known and sound, does it fit, did the key count then?"""
    try:
        signature = _read(taken_off(armour, "PGP SIGNATURE"))
    except Unreadable as error:
        return bad(str(error))
    print_ = (signature.fingerprint or signature.key_id).upper()
    if not signature.is_gits:
        return bad("it is of a type that git does not make", key=print_)
    here, elsewhere = _owner(signature, signers.here), _owner(signature, signers.elsewhere)
    owner = here or elsewhere
    if owner is None:
        return Verdict(outcome=Outcome.UNKNOWN_KEY, key=print_, by_the_forge=commit.by_the_forge)
    name, certificate, key = owner
    if key.revoked:
        return Verdict(outcome=Outcome.REVOKED, signer=name, key=print_)
    if signature.weak:
        return bad(f"its digest is {signature.weak}, which can be forged", name, print_)
    if key.weak:
        return bad(f"the key of {printable(name)} hangs together by SHA-1, so its owner must renew it", name, print_)
    if why := _outside(key, signature, commit):
        return Verdict(outcome=Outcome.EXPIRED, signer=name, key=print_, why=why)
    if not _fits(signature, certificate, commit.payload):
        return bad("", name, print_)
    return Verdict(outcome=Outcome.GOOD if here else Outcome.NOT_A_SIGNER, signer=name, key=print_)


def _owner(signature: _Signature, signers: tuple[Signer, ...]) -> _Owner | None:
    """Find whose key a signature names; one that names another's does not fit it."""
    for signer in signers:
        if signer.sort is not Sort.OPENPGP:
            continue
        for certificate in _of(signer):
            if key := certificate.key(signature.fingerprint, signature.key_id):
                return signer.name, certificate, key
    return None


def _of(signer: Signer) -> tuple[Certificate, ...]:
    try:
        return certificates(signer.armoured)
    except UnreadableKeys:  # the doctor names it; here it is a key that nobody knows
        return ()


def _outside(key: Key, signature: _Signature, commit: Commit) -> str:
    """Say where a key did not count, by the time of the signature or by the committer's."""
    assert commit.made is not None
    moments = [commit.made, *([signature.created] if signature.created else [])]
    if any(moment >= key.ends for moment in moments):
        return f"ended on {day(key.ends)}"
    return f"was made on {day(key.begins)} only" if any(moment < key.begins for moment in moments) else ""


def _fits(signature: _Signature, certificate: Certificate, payload: bytes) -> bool:
    """Ask Sequoia, whose policy also refuses keys and digests that are too weak."""
    try:
        found = verify(bytes=payload, store=lambda _: [certificate.cert], signature=signature.itself)
    except RuntimeError:  # its text is a stack trace
        return False
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # a bug of the library, and no reason to deploy
            raise
        return False
    return any(each.certificate == certificate.cert.fingerprint for each in found.valid_sigs)


def _read(raw: bytes) -> _Signature:
    if not _is_one_signature(raw):
        raise Unreadable("it holds something else than one signature")
    try:
        return _asked(Sig.from_bytes(raw))
    except RuntimeError as error:
        raise Unreadable("it is damaged") from error
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise Unreadable("it is damaged") from panic


def _asked(signature: Sig) -> _Signature:
    digest = signature.hash_algorithm
    return _Signature(
        itself=signature,
        fingerprint=signature.issuer_fingerprint or "",
        key_id=signature.issuer_key_id or "",
        created=signature.created.timestamp() if signature.created else None,
        is_gits=signature.signature_type == SignatureType.Binary,
        weak=str(digest).removeprefix("HashAlgorithm.") if digest in WEAK else "",
    )


def _is_one_signature(raw: bytes) -> bool:
    """Say whether these bytes are one packet, a signature, to their end; by RFC 9580, 4.2."""
    if len(raw) < 3 or not raw[0] & 0x80:
        return False
    if raw[0] & 0x40:
        return raw[0] & 0x3F == _SIGNATURE and _new_length(raw) == len(raw)
    size = (1, 2, 4, 0)[raw[0] & 0x03]
    tag = (raw[0] >> 2) & 0x0F
    return tag == _SIGNATURE and size > 0 and 1 + size + int.from_bytes(raw[1 : 1 + size], "big") == len(raw)


def _new_length(raw: bytes) -> int:
    """Give where a packet of the new form ends; 0 for one in parts, which signatures are not."""
    first = raw[1]
    if first < 192:
        return 2 + first
    if first < 224:
        return 3 + ((first - 192) << 8) + raw[2] + 192
    return 6 + int.from_bytes(raw[2:6], "big") if first == 255 else 0
