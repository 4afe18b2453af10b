"""Files that hold nothing secret and that the operator's file names: public keys, and what certificates must lead to.

They are read while the file is checked, so that a missing one is a mistake like any other.
"""

import json
from pathlib import Path
from typing import Self

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from pushboat.config.schema import Section
from pushboat.config.secret import Surroundings

LARGEST_FILE = 1 << 20
"""Bytes of a file with a key or with trusted roots."""
_BEGIN = "-----BEGIN PUBLIC KEY-----"


class PublicFile(Section):
    """A file that holds nothing secret."""

    file: str = Field(min_length=1)
    _text: str = PrivateAttr("")

    @property
    def text(self) -> str:
        """Give what stands there."""
        return self._text

    @model_validator(mode="after")
    def _read(self, info: ValidationInfo) -> Self:
        surroundings = info.context
        assert isinstance(surroundings, Surroundings)
        path = surroundings.path(self.file)
        self._text = _content(path)
        if "PRIVATE KEY" in self._text:
            raise ValueError(f"needs the file {path}: it holds a private key, so write the public one (cosign.pub)")
        self._look(path)
        return self

    def _look(self, path: Path) -> None:
        """Refuse what is not of the sort that is wanted."""


class KeyFile(PublicFile):
    """A file with a public key as text (PEM)."""

    def _look(self, path: Path) -> None:
        if _BEGIN not in self._text:
            raise ValueError(f"needs the file {path}: it is no public key as text, {_BEGIN}, as cosign writes one")


class RootFile(PublicFile):
    """A file with the trusted root of a sigstore, as JSON."""

    def _look(self, path: Path) -> None:
        try:
            found = json.loads(self._text)
        except ValueError:
            found = None
        if not isinstance(found, dict) or "certificateAuthorities" not in found:
            raise ValueError(f"needs the file {path}: it is no trusted_root.json, as sigstore publishes one")


def _content(path: Path) -> str:
    try:
        if not path.is_file():
            raise ValueError(f"needs the file {path}, which {'is no file' if path.exists() else 'does not exist'}")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ValueError(f"needs the file {path}, which cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST_FILE:
        raise ValueError(f"needs the file {path}, which is too large")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"needs the file {path}, which is not UTF-8 text") from None
