"""The installation's own key, made once and kept beside its other state, where the operator's file names none."""

import os
import secrets
from pathlib import Path

from pushboat.errors import ConfigurationError, Mistake

KEY_BYTES = 32
SHORTEST_KEY = 16
"""Characters; less is no key of ours."""


def kept_key(file: Path) -> str:
    """Read the key, or make it; of many processes that start at once, all have the same.

    Raises:
        ConfigurationError: the file is not readable, or is no key any more.
    """
    try:
        if not file.exists():
            _make(file)
        key = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError((_about(file, f"cannot be read: {error}"),)) from error
    if len(key) < SHORTEST_KEY:
        raise ConfigurationError((_about(file, "is no key: put the old one back, or remove it to have one made"),))
    return key


def known_key(file: Path) -> str:
    """Read the key where there is one: who only looks makes none, for without the old one nothing sealed opens."""
    return kept_key(file) if file.exists() else ""


def _make(file: Path) -> None:
    """Write a key whole before it has its name; where another process was first, its key stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(f"{secrets.token_hex(KEY_BYTES)}\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.link(new, file)
    except FileExistsError:
        return
    finally:
        new.unlink(missing_ok=True)


def _about(file: Path, message: str) -> Mistake:
    return Mistake(file=str(file), line=1, column=1, message=f"the encryption key {message}")
