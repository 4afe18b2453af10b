"""The installation's own key: the one that the operator's file names, else one made once and kept beside other state.

Without the old key nothing sealed opens, so only who is going to seal makes one: who looks takes what there is.
"""

import os
import secrets
from pathlib import Path

from pushboat.config.operator import Operator
from pushboat.errors import ConfigurationError, Mistake

KEY_BYTES = 32
SHORTEST_KEY = 16
"""Characters; less is no key of ours."""
_NAME = "encryption-key"


def kept_key(operator: Operator) -> str:
    """Give the key, or make it; of many processes that start at once, all have the same.

    Raises:
        ConfigurationError: the kept file is not readable, or is no key any more.
    """
    if not known_key(operator):
        _make(kept_file(operator))
    return known_key(operator)


def known_key(operator: Operator) -> str:
    """Give the key as far as it is here; empty where nobody has made one yet.

    Raises:
        ConfigurationError: the kept file is not readable, or is no key any more.
    """
    return operator.encryption_key or _read(kept_file(operator))


def kept_file(operator: Operator) -> Path:
    """Name the file that has the key where the operator's file names none."""
    return operator.state / _NAME


def _read(file: Path) -> str:
    try:
        key = file.read_text("ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError((_about(file, f"cannot be read: {error}"),)) from error
    if len(key) < SHORTEST_KEY:
        raise ConfigurationError((_about(file, "is no key: put the old one back, or remove it to have one made"),))
    return key


def _make(file: Path) -> None:
    """Write a key whole before it has its name; where another process was first, its key stays."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file)
    except OSError as error:
        raise ConfigurationError((_about(file, f"cannot be made: {error}"),)) from error


def _write(file: Path) -> None:
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
