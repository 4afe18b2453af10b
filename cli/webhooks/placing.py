"""Secrets of our own making, in the files that pushboat.yaml names: never half written, never over another one."""

import base64
import os
import secrets
import stat
from pathlib import Path

from pushboat.config.secret import Secret
from pushboat.errors import PushboatError

BYTES = 32


class NotWritten(PushboatError):
    """A secret's file cannot be written here."""


def make(secret: Secret) -> str:
    """Make a value that nobody can guess, in the form that this kind of secret has."""
    if secret.kind == "signing":
        return f"whsec_{base64.b64encode(secrets.token_bytes(BYTES)).decode()}"
    return secrets.token_hex(BYTES)


def create(file: Path, value: str, like: Path | None = None) -> bool:
    """Write a new file that only its owner reads, or as `like`; False where one is there already, which stays.

    Raises:
        NotWritten: the folder takes no file of ours.
    """
    new = _written(file, value, like or file)
    try:
        os.link(new, file)
    except FileExistsError:
        return False
    except OSError as error:
        raise NotWritten(f"{file} cannot be written: {error.strerror}") from error
    finally:
        new.unlink()
    return True


def replace(file: Path, value: str, like: Path | None = None) -> None:
    """Write a file in place of the one that is there, all at once; it is read by whom that one, or `like`, is.

    Raises:
        NotWritten: the folder takes no file of ours.
    """
    new = _written(file, value, like or file)
    try:
        new.replace(file)
    except OSError as error:
        new.unlink()
        raise NotWritten(f"{file} cannot be written: {error.strerror}") from error


def _written(file: Path, value: str, like: Path) -> Path:
    """Write beside a file, for the same readers as another one: whoever runs Pushboat must be able to read it."""
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        there = like.exists()
        owner = (like if there else file.parent).stat()
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(f"{value}\n")
            stream.flush()
            if os.geteuid() == 0:
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(owner.st_mode) & 0o660 if there else 0o600)
            os.fsync(descriptor)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise NotWritten(f"{file} cannot be written: {error.strerror}") from error
    return new
