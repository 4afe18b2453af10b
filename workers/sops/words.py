"""The nouns of SOPS: a file taken apart, its leaves in order, and what its `sops` block says of it.

https://github.com/getsops/sops describes the format; what it leaves unsaid is as its program does it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pushboat.errors import DecryptionFailed

SIGN = b"ENC[AES256_GCM,"
"""Every encrypted file has it somewhere: at least its proof of being whole is encrypted."""


OPENED_IN_THE_CLUSTER = "SopsSecret"
"""The kind of the operators that open files of SOPS in a cluster, with keys of their own."""


class Form(StrEnum):
    """How a file is written, and so how a value is spelt in it."""

    YAML = "yaml"
    JSON = "json"
    DOTENV = "dotenv"
    INI = "ini"
    BINARY = "binary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One value of a file: where it stands in it (characters; 1-based line and column), and the keys that lead there.

    `word` is as it is read. `plain` is what the proof is made of; None for an encrypted one.
    """

    path: tuple[str, ...]
    word: str = field(repr=False)
    plain: bytes | None = field(repr=False)
    start: int
    end: int
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Encrypted:
    """A file as it was pushed: its text, its values, the stretches of it that are about SOPS, and what they say."""

    file: str
    form: Form
    text: str
    leaves: Sequence[Leaf]
    cuts: Sequence[tuple[int, int]]
    about: Mapping[str, Any]
    line: int
    """Where it says so."""

    @property
    def is_for_the_cluster(self) -> bool:
        """Say whether an operator in the cluster opens it, which wants it as it is."""
        return any(leaf.path == ("kind",) and leaf.word == OPENED_IN_THE_CLUSTER for leaf in self.leaves)

    @property
    def place(self) -> str:
        """Say where the file speaks of SOPS."""
        return f"{self.file}:{self.line}"


def refused(place: str, sentence: str) -> DecryptionFailed:
    """Make the error that names a place; never with a value."""
    return DecryptionFailed(f"{place}: {sentence}")
