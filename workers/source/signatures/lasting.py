"""Until when a signer can sign: asked by the doctor, before the first commit is refused."""

from dataclasses import dataclass

from pushboat.config.signers import Signer, Sort
from workers.source.signatures.openpgp_keys import FOR_EVER, UnreadableKeys, certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """Until when the signer's last key counts, in epoch seconds; `trouble` where none counts whatever the time."""

    ends: float = FOR_EVER
    trouble: str = ""


def lasting(signer: Signer) -> Lasting:
    """Say until when somebody can sign."""
    if signer.sort is Sort.FORGE:
        return Lasting()
    if signer.sort is Sort.SSH:
        return Lasting(ends=max(key.ends for key in signer.keys))
    try:
        keys = [key for certificate in certificates(signer.armoured) for key in certificate.signing]
    except UnreadableKeys as error:
        return Lasting(trouble=f"the OpenPGP key cannot be read: {error}")
    if not keys:
        return Lasting(trouble="the OpenPGP key was not made for signatures")
    if all(key.revoked for key in keys):
        return Lasting(trouble="the OpenPGP key is revoked")
    if all(key.revoked or key.weak for key in keys):
        return Lasting(trouble="the OpenPGP key hangs together by SHA-1, which can be forged")
    return Lasting(ends=max(key.ends for key in keys if not key.revoked and not key.weak))
