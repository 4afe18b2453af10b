"""The operator's file without its secrets: for who only reads, on a machine or in a shell that has none of them."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from pushboat.config import operator
from pushboat.config.operator import Operator
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
