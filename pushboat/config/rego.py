"""`policy.rego`: files in Rego beside the operator's file, for who has policies in that language. It takes an extra.

Only the operator may name some: what stands in a repository is never run as Rego.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from pushboat.config.secret import Surroundings

LARGEST_BYTES = 1 << 20
MOST_FILES = 200
_MAIN = re.compile(r"^\s*package\s+main\b", re.MULTILINE)
_ASKED = re.compile(r"^\s*(?:default\s+)?(?:deny|violation|warn)(?:_\w*)?\b", re.MULTILINE)
_OUTWARD = re.compile(r"^(?!\s*#).*?\b(http\.send|net\.lookup_ip_addr)\b", re.MULTILINE)
"""What finds nothing here, since no policy gets to the network: a rule that needs it would never hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegoFile:
    """One file as it was read."""

    name: str
    text: str = field(repr=True)


def _there(written: str, info: ValidationInfo) -> str:
    if find_spec("regopy") is None:
        raise ValueError("takes what is not installed here: pip install 'pushboat[rego]'")
    surroundings = info.context
    assert isinstance(surroundings, Surroundings)
    place = surroundings.path(written)
    files = _files(place)
    if not files:
        raise ValueError("is no .rego file, and no folder with one")
    if len(files) > MOST_FILES or any(each.stat().st_size > LARGEST_BYTES for each in files):
        raise ValueError(f"has more than {MOST_FILES} files, or one above a megabyte")
    texts = {each.name: each.read_text(errors="replace") for each in files}
    if not any(_MAIN.search(each) for each in texts.values()):
        raise ValueError("has no `package main`, whose deny, violation and warn are asked")
    if not any(_MAIN.search(each) and _ASKED.search(each) for each in texts.values()):
        raise ValueError("has no deny, violation or warn in `package main`, so nothing would ever be said")
    for name, found in ((name, _OUTWARD.search(text)) for name, text in texts.items()):
        if found:
            raise ValueError(f"asks the network ({found[1]} in {name}), which no policy reaches from here")
    return str(place)


WrittenRego = Annotated[str, AfterValidator(_there)]


def rego_files(places: Iterable[str]) -> tuple[RegoFile, ...]:
    """Read all files; tests of Rego's own are left out."""
    found = (file for place in places for file in _files(Path(place)))
    return tuple(RegoFile(name=file.name, text=file.read_text(errors="replace")) for file in found)


def _files(place: Path) -> list[Path]:
    every = sorted(place.rglob("*.rego")) if place.is_dir() else [place] if place.is_file() else []
    return [each for each in every if each.suffix == ".rego" and not each.name.endswith("_test.rego")]
