"""Secrets: never written in the file, only where to find them: `{env: NAME}` or `{file: PATH}`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import PrivateAttr, ValidationInfo, model_validator

from pushboat.config.schema import Section

LARGEST_SECRET = 64 * 1024
"""Bytes; a private key has some three thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A webhook secret with its value; `kind` is plain, or signing for a GitLab 19.0+ signing token."""

    value: str = field(repr=False)
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What values of the file refer to: the environment's variables, and the folder that paths start from."""

    environ: Mapping[str, str] = field(repr=False)
    folder: Path

    def path(self, written: str) -> Path:
        """Resolve a path of the file: relative to its folder, with `~` for the home directory."""
        if written == "~" or written.startswith("~/"):
            home = self.environ.get("HOME")
            return Path(home, written[2:]) if home else Path(written).expanduser()
        return self.folder / written


class SecretSource(Section):
    """Where a secret is. It is read while the file is checked, so that a missing one is a mistake like any other."""

    env: str = ""
    file: str = ""
    kind: Literal["plain", "signing"] = "plain"
    _value: str = PrivateAttr("")

    @property
    def value(self) -> str:
        """Give the secret itself."""
        return self._value

    @model_validator(mode="before")
    @classmethod
    def _refuse_literals(cls, written: Any) -> Any:
        if not isinstance(written, dict):
            raise ValueError(  # noqa: TRY004 - pydantic turns only ValueError into a finding
                "is a secret and must not stand in the file: write {env: NAME} or {file: PATH}"
            )
        return written

    @model_validator(mode="after")
    def _resolve(self, info: ValidationInfo) -> Self:
        if bool(self.env) == bool(self.file):
            raise ValueError("needs one of the two: {env: NAME} or {file: PATH}")
        surroundings = info.context
        assert isinstance(surroundings, Surroundings)
        self._value = _variable(self.env, surroundings) if self.env else _content(surroundings.path(self.file))
        return self


def _variable(name: str, surroundings: Surroundings) -> str:
    if name not in surroundings.environ:
        raise ValueError(f"needs the environment variable {name}, which is not set")
    value = surroundings.environ[name].strip("\r\n")
    if not value.strip():
        raise ValueError(f"needs the environment variable {name}, which is empty")
    return value


def _content(path: Path) -> str:
    try:
        if not path.is_file():
            raise ValueError(f"needs the file {path}, which {'is no file' if path.exists() else 'does not exist'}")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_SECRET + 1)
    except OSError as error:
        raise ValueError(f"needs the file {path}, which cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST_SECRET:
        raise ValueError(f"needs the file {path}, which is too large for a secret")
    try:
        value = raw.decode("utf-8").strip("\r\n")
    except UnicodeDecodeError:
        raise ValueError(f"needs the file {path}, which is not UTF-8 text") from None
    if not value.strip():
        raise ValueError(f"needs the file {path}, which is empty")
    return value
