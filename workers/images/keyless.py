"""Whether an identity made a signature, by a certificate of minutes and a log's word of when: sigstore's own verifier.

The library is an extra (`pip install 'pushboat[sigstore]'`), and loaded where an operator lists such a signer. Its
trusted root is the operator's file: nothing is fetched.
"""

import tempfile
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import (
    Certificate,
    DuplicateExtension,
    ExtensionNotFound,
    InvalidVersion,
    RFC822Name,
    SubjectAlternativeName,
    UniformResourceIdentifier,
    UnsupportedGeneralNameType,
)

from pushboat.config.images import ImageSigner
from pushboat.errors import NotConfigured
from workers.images.evidence import Claim

if TYPE_CHECKING:
    from sigstore.verify import Verifier

MOST_ROOTS = 20
BROKEN = (
    ArithmeticError, AssertionError, AttributeError, KeyError, IndexError, OSError, RecursionError, TypeError,
    ValueError, DuplicateExtension, ExtensionNotFound, InvalidSignature, InvalidVersion, UnsupportedAlgorithm,
    UnsupportedGeneralNameType,
)  # fmt: skip
"""What the library and those below it raise beside their own errors, of bundles that somebody bent."""
_ENDED = ("not valid at validation time", "expired at time of signing")


class KeylessRefused(Exception):
    """A certificate, or what the log says of it, does not count; `another`: it is somebody else's."""

    def __init__(self, sentence: str, *, another: bool = False) -> None:
        super().__init__(sentence)
        self.another = another


def demand(claim: Claim, signer: ImageSigner) -> None:
    """Demand that a signer's identity made a claim, while its certificate was good.

    Raises:
        KeylessRefused: it did not, or nothing proves it.
        NotConfigured: sigstore's library is not installed, or cannot read the operator's root.
    """
    if not claim.bundle:
        raise KeylessRefused(
            "is signed by a certificate in cosign's older form, without the log's proof: sign it with cosign 3"
        )
    try:
        from sigstore.errors import Error
        from sigstore.models import Bundle, InvalidBundle
    except ImportError as missing:
        raise NotConfigured(
            "images are to be signed by an identity, and sigstore is not installed: pip install 'pushboat[sigstore]'"
        ) from missing
    verifier = _verifier(signer.root)
    try:
        _, payload = verifier.verify_dsse(Bundle.from_json(claim.bundle), _Whose(signer))
    except InvalidBundle as broken:
        raise KeylessRefused("has a bundle that proves nothing: sign it with cosign 3") from broken
    except Error as refused:
        raise KeylessRefused(_why(str(refused)), another=_ANOTHER in str(refused)) from refused
    except BROKEN as broken:
        raise KeylessRefused("has a bundle that cannot be read: sign it with cosign 3") from broken
    if not claim.signed.endswith(b" " + payload):
        raise KeylessRefused("has a bundle that says two things at once")


_ANOTHER = "another identity"


class _Whose:
    """Holds a certificate against a signer's issuer and identity, in which `*` stands for any characters."""

    def __init__(self, signer: ImageSigner) -> None:
        self._signer = signer

    def verify(self, cert: Certificate) -> None:
        from sigstore.errors import VerificationError
        from sigstore.verify.policy import AnyOf, OIDCIssuer, OIDCIssuerV2

        try:
            AnyOf([OIDCIssuerV2(self._signer.issuer), OIDCIssuer(self._signer.issuer)]).verify(cert)
        except VerificationError as other:
            raise VerificationError(_ANOTHER) from other
        names = cert.extensions.get_extension_for_class(SubjectAlternativeName).value
        found = (*names.get_values_for_type(UniformResourceIdentifier), *names.get_values_for_type(RFC822Name))
        if not any(_fits(name, self._signer.identity) for name in found):
            raise VerificationError(_ANOTHER)


def _fits(name: str, identity: str) -> bool:
    return fnmatchcase(name, identity.replace("[", "[[]").replace("?", "[?]"))


def _why(refusal: str) -> str:
    if any(sign in refusal for sign in _ENDED):
        return "is signed by a certificate that had ended when it was signed, or had not begun: sign it again"
    if "SCT" in refusal:
        return "is signed by a certificate that no log of certificates knows"
    if "chain" in refusal:
        return "is signed by a certificate that does not lead to the operator's root"
    if "log entry" in refusal or "transparency log" in refusal:
        return "has a signature that the log does not vouch for"
    return "has a bundle whose signature is not good"


@lru_cache(MOST_ROOTS)
def _verifier(root: str) -> "Verifier":
    from sigstore.errors import Error
    from sigstore.models import TrustedRoot
    from sigstore.verify import Verifier

    try:
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(root.encode())
            file.flush()
            return Verifier(trusted_root=TrustedRoot.from_file(file.name))
    except (Error, ValueError, TypeError, KeyError) as wrong:
        raise NotConfigured(
            "the trusted root of an image signer cannot be read: take trusted_root.json from your sigstore anew"
        ) from wrong
