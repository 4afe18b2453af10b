"""Signatures of SSH keys: `git config gpg.format ssh`."""

import hashlib

from sshsig.sshsig import SshsigSignature, SshsigWrapper

from pushboat.config.signers import Signer
from pushboat.config.ssh_keys import NAMESPACE, SshKey, fingerprint
from pushboat.model.times import day
from pushboat.model.wording import printable
from workers.source.signatures import ssh_arithmetic
from workers.source.signatures.armour import Unreadable, taken_off
from workers.source.signatures.commit import Commit
from workers.source.signatures.words import Outcome, Signers, Verdict, bad

_DIGESTS = (b"sha256", b"sha512")
"""Those that OpenSSH makes; sshsig would take any that Python has."""


def judge(armour: bytes, commit: Commit, signers: Signers) -> Verdict:
    """Judge a signature: is it whole, is it git's, is its key known, does it fit, did the key count then?"""
    try:
        envelope = _opened(taken_off(armour, "SSH SIGNATURE"))
    except Unreadable as error:
        return bad(str(error))
    print_ = fingerprint(envelope.public_key)
    if envelope.namespace != NAMESPACE.encode():
        return bad(f"it was made for {printable(envelope.namespace.decode('utf-8', 'replace'), 40)}, not for git")
    if envelope.hash_algo not in _DIGESTS:
        return bad("its digest is none that OpenSSH makes")
    here, elsewhere = _with(envelope.public_key, signers.here), _with(envelope.public_key, signers.elsewhere)
    if not here and not elsewhere:
        return Verdict(outcome=Outcome.UNKNOWN_KEY, key=print_, by_the_forge=commit.by_the_forge)
    name, keys = (here or elsewhere)[0]
    if not ssh_arithmetic.fits(envelope.public_key, envelope.signature, _signed(envelope, commit.payload)):
        return bad("", name, print_)
    if not here:
        return Verdict(outcome=Outcome.NOT_A_SIGNER, signer=name, key=print_)
    assert commit.made is not None
    for name, keys in here:
        if any(key.begins <= commit.made < key.ends for key in keys):
            return Verdict(outcome=Outcome.GOOD, signer=name, key=print_)
    return Verdict(outcome=Outcome.EXPIRED, signer=name, key=print_, why=_window(keys[-1], commit.made))


def _opened(raw: bytes) -> SshsigSignature:
    try:
        envelope = SshsigSignature(raw)
    except (ValueError, NotImplementedError) as error:
        raise Unreadable("it is damaged") from error
    if bytes(envelope) != raw:  # something stands behind it, or in the field that nobody may use
        raise Unreadable("it holds more than one signature")
    return envelope


def _signed(envelope: SshsigSignature, payload: bytes) -> bytes:
    algorithm = envelope.hash_algo
    digest = hashlib.new(algorithm.decode("ascii"), payload).digest()
    return SshsigWrapper(namespace=NAMESPACE.encode(), hash_algo=algorithm, hash=digest).to_bytes()


def _with(blob: bytes, signers: tuple[Signer, ...]) -> list[tuple[str, list[SshKey]]]:
    found = ((one.name, [key for key in one.keys if key.blob == blob]) for one in signers)
    return [(name, keys) for name, keys in found if keys]


def _window(key: SshKey, made: float) -> str:
    return f"counts from {day(key.begins)} only" if made < key.begins else f"ended on {day(key.ends)}"
