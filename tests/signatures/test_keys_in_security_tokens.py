"""Signatures of keys that live in a security token: made as PROTOCOL.u2f says, since no test has such a token."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pushboat.config.signers import Signer, Sort
from pushboat.config.ssh_keys import SshKey
from tests.signatures.recorded import SHA, commit
from workers.source.signatures.judging import judge
from workers.source.signatures.words import Outcome, Signers

TOUCHED, UNTOUCHED = 1, 0
APPLICATION = b"ssh:"
Token = tuple[str, bytes, Callable[[bytes], list[bytes]]]


def packed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def number(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def of_ed25519() -> Token:
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    kind = "sk-ssh-ed25519@openssh.com"
    return kind, packed(kind.encode(), public, APPLICATION), lambda signed: [key.sign(signed)]


def of_ecdsa() -> Token:
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    kind = "sk-ecdsa-sha2-nistp256@openssh.com"

    def sign(signed: bytes) -> list[bytes]:
        pair = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return [packed(*map(number, pair))]

    return kind, packed(kind.encode(), b"nistp256", point, APPLICATION), sign


def signed_by(token: Token, raw: bytes, flags: int) -> bytes:
    """Give a commit with a token's signature."""
    kind, blob, sign = token
    message = b"SSHSIG" + packed(b"git", b"", b"sha512", hashlib.sha512(raw).digest())
    ends = bytes([flags]) + (7).to_bytes(4, "big")
    made = sign(hashlib.sha256(APPLICATION).digest() + ends + hashlib.sha256(message).digest())
    signature = packed(kind.encode(), *made) + ends
    envelope = b"SSHSIG" + (1).to_bytes(4, "big") + packed(blob, b"git", b"", b"sha512", signature)
    text = base64.b64encode(envelope).decode()
    lines = ["-----BEGIN SSH SIGNATURE-----", *(text[at : at + 70] for at in range(0, len(text), 70))]
    header = "\n ".join([*lines, "-----END SSH SIGNATURE-----"]).encode()
    return raw.replace(b"\n\n", b"\ngpgsig " + header + b"\n\n", 1)


@pytest.mark.parametrize("made", [of_ed25519, of_ecdsa])
def test_a_tokens_signature_counts_where_somebody_touched_it(made: Callable[[], Token]) -> None:
    """My key lives in a token that I touch: it signs as any other; untouched or altered it does not."""
    token = made()
    kind, blob, _ = token
    signers = Signers(here=(Signer(name="alice", sort=Sort.SSH, keys=(SshKey(kind=kind, blob=blob),)),))
    raw = commit("unsigned")
    touched = signed_by(token, raw, TOUCHED)
    assert judge(touched, SHA, signers).is_good
    assert judge(signed_by(token, raw, UNTOUCHED), SHA, signers).outcome is Outcome.BAD
    assert judge(touched.replace(b"Deploy", b"Depl0y"), SHA, signers).outcome is Outcome.BAD
