"""Files of SOPS that have a value a line: dotenv and INI."""

import re
from collections.abc import Iterator

from workers.sops.structured import BLOCK, about_of
from workers.sops.values import is_sealed
from workers.sops.words import Encrypted, Form, Leaf, refused

_ABOUT = f"{BLOCK}_"
_SECTION = re.compile(r"\s*\[(?P<name>[^\]]*)\]\s*")
_SIGN = re.compile(r"[=:]")
DEFAULT_SECTION = "DEFAULT"


def read_dotenv(text: str, file: str) -> Encrypted | None:
    """Take a dotenv file apart; None where it says nothing of SOPS.

    Raises:
        DecryptionFailed: a line that has no value.
    """
    leaves, cuts, about, begins = [], [], dict[str, str](), 0
    for number, start, line in _lines(text):
        if not line or line.startswith("#"):
            continue
        key, sign, value = line.partition("=")
        if not sign:
            raise refused(f"{file}:{number}", "a line of a dotenv file is KEY=value")
        if key.startswith(_ABOUT):
            begins = begins or number
            about[key.removeprefix(_ABOUT)] = value
            cuts.append((start, _past(text, start + len(line))))
            continue
        plain = None if is_sealed(value) else value.replace("\\n", "\n").encode()
        at = start + len(key) + 1
        leaves.append(_leaf((key,), value, plain, at, number, len(key) + 2))
    if "mac" not in about:
        return None
    return Encrypted(
        file=file, form=Form.DOTENV, text=text, leaves=leaves, cuts=cuts, about=about_of(about), line=begins
    )


def read_ini(text: str, file: str) -> Encrypted | None:
    """Take an INI file apart; None where it has no section about SOPS.

    Raises:
        DecryptionFailed: a value over several lines, or a line that has none.
    """
    leaves, cuts, about, begins, section = [], [], dict[str, str](), 0, DEFAULT_SECTION
    for number, start, line in _lines(text):
        if found := _SECTION.fullmatch(line):
            section = found["name"].strip()
            begins = number if section == BLOCK else begins
        if section == BLOCK:
            cuts.append((start, _past(text, start + len(line))))
        if found or not line.strip() or line.lstrip()[0] in ";#":
            continue
        sign = _SIGN.search(line)
        value = line[sign.end() :].strip() if sign else ""
        if sign is None or value.startswith('"""'):
            raise refused(f"{file}:{number}", "a line of an INI file is key = value, on one line")
        key = line[: sign.start()].strip()
        if section == BLOCK:
            about[key] = _unquoted(value)
            continue
        plain = None if is_sealed(value) else _unquoted(value).encode()
        at = len(line) - len(line[sign.end() :].lstrip())
        leaves.append(_leaf((section, key), value, plain, start + at, number, at + 1))
    if "mac" not in about:
        return None
    return Encrypted(file=file, form=Form.INI, text=text, leaves=leaves, cuts=cuts, about=about_of(about), line=begins)


def _leaf(path: tuple[str, ...], value: str, plain: bytes | None, at: int, line: int, column: int) -> Leaf:
    return Leaf(path=path, word=value, plain=plain, start=at, end=at + len(value), line=line, column=column)


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Give each line with its number and the place where it begins."""
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        yield number, start, line.removesuffix("\r")
        start += len(line) + 1


def _past(text: str, end: int) -> int:
    """Take the end of a line along."""
    following = text.find("\n", end)
    return len(text) if following < 0 else following + 1


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "`\"'":
        return value[1:-1]
    return value
