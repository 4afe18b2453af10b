"""The repository's file, `.pushboat.yaml`: whoever may push writes it."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from pushboat.config import repository
from pushboat.config.document import read
from pushboat.config.repository import RepositoryFile, expanded
from pushboat.config.ways import Way
from pushboat.errors import InvalidRepositoryFile
from tests.fuzz.demanding import demand
from tests.fuzz.target import Target, words_of

_FILE = ".pushboat.yaml"
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_FOLDERS = ("blog", "shop", "UPPER", ".hidden", "a b", "deploy", "x" * 70)
_MOST_MISTAKES = 100
Parse = Callable[[bytes, str], RepositoryFile]


def _check(parse: Parse, data: bytes) -> None:
    found = _found(parse, data)
    demand(found == _found(parse, data), "read twice, and not the same")
    if isinstance(found, tuple):
        demand(all(_LABEL.fullmatch(name) for name in found), "what can be no environment, named as one")
        return
    whole = expanded(found, _listing)
    for name, each in whole.environments.items():
        demand(_LABEL.fullmatch(name), "no environment's name")
        path = str(each.said.get("path", ""))
        demand(not path.startswith("/") and ".." not in path.split("/"), "a path that leads out")
        demand("\0" not in path, "no path at all")
    for mistake in whole.mistakes:
        demand(mistake.line >= 1 and mistake.message, "a mistake at no place")


def _listing(way: Way) -> Sequence[str] | None:
    return None if way.folder == "none" else _FOLDERS


def _found(parse: Parse, data: bytes) -> RepositoryFile | tuple[str, ...]:
    try:
        return parse(data, _FILE)
    except InvalidRepositoryFile as refused:
        str(refused).encode()
        lines = data.decode("utf-8", "replace").count("\n") + data.count(b"\r") + 4
        demand(0 < len(refused.mistakes) <= _MOST_MISTAKES, "refused, and not said why")
        for each in refused.mistakes:
            demand(each.file == _FILE and 1 <= each.line <= lines and each.column >= 1, str(each))
        return refused.named


def _names_whatever_stands_there(data: bytes, file: str) -> RepositoryFile:
    try:
        return repository.parse(data, file)
    except InvalidRepositoryFile as refused:
        names = tuple(read(data, file).mapping("environments"))
        raise InvalidRepositoryFile(refused.mistakes, names) from refused


TARGET = Target(
    check=partial(_check, repository.parse),
    bugs={"what-can-be-no-name": partial(_check, _names_whatever_stands_there)},
    words=words_of("repositorys_file"),
    largest=2000,
    steps=400_000,
    steps_per_byte=2_000,
)
