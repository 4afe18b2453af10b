"""The operator's file without its secrets: for who only reads, on a machine or in a shell that has none of them."""

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pushboat.config import operator
from pushboat.config.operator import Operator
from pushboat.config.rereading import FORMER, NEXT, beside
from pushboat.config.secret import Secret, Surroundings, content
from pushboat.errors import ConfigurationError

STAND_IN = "-----BEGIN no secret-----"
"""Passes for a webhook's secret, for a token and for a private key, and is none of them."""

ADDRESSES = {"store": "postgresql://nowhere/none", "broker": "redis://nowhere"}
"""Stand-ins for what may be kept like a secret, because it may hold a password."""


class _Answering(dict[str, str]):
    """An environment that has every variable, but for those that must be real."""

    def __init__(self, variables: Mapping[str, str], real: Collection[str]) -> None:
        super().__init__(variables)
        self._real = real

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name not in self._real or name in self.keys())

    def __missing__(self, name: str) -> str:
        return STAND_IN


def load(file: Path, *, with_store: bool = False) -> Operator:
    """Read the operator's file; nothing in the answer may be used to sign, or to connect to anything but the store.

    The store's address is real only `with_store`; else it may be missing like the secrets.

    Raises:
        ConfigurationError: with every mistake but secrets that are not there.
    """
    written = _read(file)
    lacking = [name for name in ADDRESSES if not (with_store and name == "store")]
    places = {name: written[name].get("env") for name in ADDRESSES if isinstance(written.get(name), dict)}
    named = {str(place): ADDRESSES[name] for name, place in places.items() if place and name in lacking}
    real = {str(place) for name, place in places.items() if place and name not in lacking}
    environ = _Answering({**os.environ, **named}, real)
    try:
        return operator.load(file, environ)
    except ConfigurationError as error:
        if not all("needs the file" in mistake.message for mistake in error.mistakes):
            raise
    for name in lacking:
        if isinstance(written.get(name), dict):
            written[name] = ADDRESSES[name]
    kept = {name: written[name] for name in ADDRESSES if name in written and name not in lacking}
    return operator.parse(yaml.safe_dump({**_without_files(written), **kept}), file, environ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A webhook secret and where it stands; its value is empty where it cannot be read here."""

    place: str
    secret: Secret


def webhook_secrets(file: Path, forge: str) -> tuple[Kept, ...]:
    """Read those of a forge's webhook secrets that can be read here, and what a rotation has put beside them."""
    forges = _read(file).get("forges")
    written = forges.get(forge) if isinstance(forges, dict) else None
    listed = written.get("webhook_secrets") if isinstance(written, dict) else None
    return tuple(kept for one in listed or () if isinstance(one, dict) for kept in _kept(file, one))


def _kept(file: Path, written: dict[str, Any]) -> Iterator[Kept]:
    kind = str(written.get("kind") or "plain")
    if variable := written.get("env"):
        yield Kept(place=str(variable), secret=Secret(value=os.environ.get(str(variable), ""), kind=kind))
        return
    place = Surroundings(os.environ, file.absolute().parent).path(str(written.get("file") or ""))
    for path in (place, beside(place, NEXT), beside(place, FORMER)):
        try:
            yield Kept(place=str(path), secret=Secret(value=content(path), kind=kind))
        except ValueError:
            if path == place:
                yield Kept(place=str(path), secret=Secret(value="", kind=kind))


def _read(file: Path) -> dict[str, Any]:
    try:
        written = yaml.safe_load(file.read_bytes())
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return {}  # the real reader says what is wrong, and where
    return written if isinstance(written, dict) else {}


def _without_files(value: Mapping[str, Any] | Any) -> Any:
    """Turn every secret in a file into one in the environment, which has all of them."""
    if isinstance(value, dict):
        if "file" in value and value.keys() <= {"file", "kind"}:
            return {("env" if key == "file" else key): one for key, one in value.items()}
        return {key: _without_files(one) for key, one in value.items()}
    return [_without_files(one) for one in value] if isinstance(value, list) else value
