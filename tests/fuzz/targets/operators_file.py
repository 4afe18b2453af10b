"""The operator's file: it must not be hostile, but its secrets must not get out, whatever is wrong in it."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pushboat.config import operator
from pushboat.config.operator import Operator
from pushboat.errors import ConfigurationError, Mistake
from tests.fuzz.demanding import demand
from tests.fuzz.target import Target, words_of

_FILE = Path("/nowhere/pushboat.yaml")
_HIDDEN = "hunter2-of-the-environment"
_ENVIRON = {
    "HOOK": _HIDDEN,
    "TOKEN": f"{_HIDDEN}-token",
    "KEY": f"{_HIDDEN}-key",
    "URL": f"redis://:{_HIDDEN}@h",
    "EMPTY": "",
}
_PASSWORD = re.compile(r"\b(?:store|broker|\w*url): +[a-z+]+://[^\s/:@]*:([\w-]{8,})@")
"""That of a URL where one belongs: a path, or a cluster's name, that looks like one is a path, or a name."""
_MOST_MISTAKES = 100
Parse = Callable[[bytes], Operator]


def _parsed(data: bytes) -> Operator:
    return operator.parse(data, _FILE, _ENVIRON)


def _check(parse: Parse, data: bytes) -> None:
    found = _found(parse, data)
    demand(found == _found(parse, data), "read twice, and not the same")
    if isinstance(found, tuple):
        _are_places_of(data, found)
    _keeps_secrets(data, found)
    if isinstance(found, Operator):
        for project in found.projects.values():
            demand(project.repository.partition("/")[0] in found.forges, "a project of no forge")
            demand(
                all(limits.cluster in found.clusters for limits in project.environments.written.values()),
                "in no cluster",
            )


def _found(parse: Parse, data: bytes) -> Operator | tuple[Mistake, ...]:
    try:
        return parse(data)
    except ConfigurationError as refused:
        str(refused).encode()
        return refused.mistakes


def _are_places_of(data: bytes, mistakes: tuple[Mistake, ...]) -> None:
    lines = data.decode("utf-8", "replace").count("\n") + data.count(b"\r") + 2
    demand(0 < len(mistakes) <= _MOST_MISTAKES, "refused, and not said why")
    for each in mistakes:
        demand(each.file == str(_FILE) and 1 <= each.line <= lines + 2 and each.column >= 1, str(each))
        demand(each.message, str(each))


def _keeps_secrets(data: bytes, found: Operator | tuple[Mistake, ...]) -> None:
    said = repr(found)
    demand(_HIDDEN not in said, "a secret of the environment, told")
    text = data.decode("utf-8", "replace")
    for password in _PASSWORD.findall(text):
        demand(text.count(password) > 1 or password not in said, "a password, told")


def _tells_the_url(data: bytes) -> Operator:
    try:
        return _parsed(data)
    except ConfigurationError as refused:
        hers = [each for each in refused.mistakes if "has a password in it" in each.message]
        if not hers:
            raise
        told = replace(hers[0], message=f"{re.findall(rb'[^ ]*://[^ ]*', data)}")
        raise ConfigurationError((told,)) from refused


TARGET = Target(
    check=partial(_check, _parsed),
    bugs={"a-url-with-its-password": partial(_check, _tells_the_url)},
    words=words_of("operators_file"),
    largest=3000,
    steps=400_000,
    steps_per_byte=2_000,
)
