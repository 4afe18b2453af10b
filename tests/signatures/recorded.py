"""Commits that real git, gpg and ssh-keygen made (tests/data/signatures/make.sh), and whose keys they are."""

from pathlib import Path

from pushboat.config.signers import Signer, Sort
from pushboat.config.ssh_keys import one_key

DATA = Path(__file__).parents[1] / "data" / "signatures"
SHA = "0" * 40
SHA256 = "0" * 64


def commit(name: str) -> bytes:
    """Give a commit as git stores it."""
    return (DATA / f"{name}.commit").read_bytes()


def ssh(name: str, file: str = "ssh-ed25519") -> Signer:
    """Give somebody with one of the SSH keys."""
    return Signer(name=name, sort=Sort.SSH, keys=(one_key((DATA / f"{file}.pub").read_text()),))


def openpgp(name: str, file: str = "") -> Signer:
    """Give somebody with an OpenPGP key."""
    return Signer(name=name, sort=Sort.OPENPGP, armoured=(DATA / f"{file or name}.asc").read_text())
