"""A key pair for acting as a GitHub App."""

from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from pushboat.config.operator import App
from tests.fakes.github import FakeGitHub


@cache
def key_pair(bits: int = 2048) -> tuple[str, str]:
    """Make a private and a public key, once."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def installed(github: FakeGitHub) -> App:
    """Install an App at a fake GitHub and give what the operator's file says of it."""
    private, github.app_key = key_pair()
    return App(id=1, private_key=private)
