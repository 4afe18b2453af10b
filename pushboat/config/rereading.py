"""The webhook secrets of a running process: a file is read again when it changes, so that a rotation needs no restart.

Beside a secret's file stand, while it is being rotated, the one that comes next and the one that was before. All of
them are valid; the former one for an hour, for deliveries that were signed before the forge knew of the change.
"""

import logging
import time
from pathlib import Path

from pushboat.config.secret import Secret, content

NEXT, FORMER = ".next", ".former"
"""What is added to the name of a secret's file."""

GRACE_SECONDS = 3600.0
"""How long a secret counts after another one took its place."""

Stamp = tuple[int, int, int] | None

log = logging.getLogger(__name__)


def beside(file: Path, ending: str) -> Path:
    """Name the file of the next or the former secret."""
    return file.with_name(file.name + ending)


class SecretsInUse:
    """What a forge's deliveries are verified with, at this moment; may be shared by threads."""

    def __init__(self, secrets: tuple[Secret, ...]) -> None:
        self._sources = tuple(_Rotating(one) if one.file else _Fixed(one) for one in secrets)

    def now(self) -> tuple[Secret, ...]:
        """Give the secrets, after a look at whether their files changed."""
        return tuple(secret for source in self._sources for secret in source.now())


class _Fixed:
    """A secret of the environment, which a process cannot see change."""

    def __init__(self, secret: Secret) -> None:
        self._secrets = (secret,)

    def now(self) -> tuple[Secret, ...]:
        return self._secrets


class _Rotating:
    """A secret of a file, and those beside it."""

    def __init__(self, secret: Secret) -> None:
        assert secret.file is not None
        self._former = _File(beside(secret.file, FORMER), secret, "")
        self._next = _File(beside(secret.file, NEXT), secret, "")
        self._file = _File(secret.file, secret, secret.value)

    def now(self) -> tuple[Secret, ...]:
        # The next one first: it takes the other one's place, and whoever looked there before would miss it in both.
        following = self._next.now()
        found = [self._file.now(), following]
        found += [self._former.now()] if self._former.age() < GRACE_SECONDS else []
        return tuple(secret for secret in found if secret.value)


class _File:
    """One file, read again when it is another one than before."""

    def __init__(self, path: Path, like: Secret, value: str) -> None:
        self._path = path
        self._kind = like.kind
        self._must_be_there = bool(value)
        # Told apart from "it is not there": the file may have changed since the operator's file was read.
        self._read: tuple[Stamp, Secret] = ((0, 0, 0), self._secret(value))

    def now(self) -> Secret:
        """Give the secret; what was read last where the file is gone or unreadable, though it must be there."""
        stamp = self._stamp()
        known, secret = self._read
        if stamp != known:
            secret = self._secret(self._content(secret.value))
            self._read = (stamp, secret)  # in one step, for the other threads
        return secret

    def age(self) -> float:
        """Say for how many seconds the file has been as it is; for ever where there is none."""
        stamp = self._stamp()
        return time.time() - stamp[0] / 1e9 if stamp else float("inf")

    def _content(self, last: str) -> str:
        try:
            return content(self._path)
        except ValueError as trouble:
            if self._must_be_there:
                log.warning("a webhook secret %s; the one that was read before still counts", trouble)
                return last
            return ""

    def _secret(self, value: str) -> Secret:
        return Secret(value=value, kind=self._kind, file=self._path)

    def _stamp(self) -> Stamp:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
