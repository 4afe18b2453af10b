"""`policy.rego`: files in Rego beside the operator's file, for who has policies in that language. It takes an extra.

Only the operator may name some: what stands in a repository is never run as Rego.
"""

import re
from collections.abc import Iterable, Iterator
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
_OUTWARD = ("http.send", "net.lookup_ip_addr")
"""What finds nothing here, since no policy gets to the network: a rule that needs it would never hold."""
LACKING = (
    "crypto.x509.parse_and_verify_certificates_with_options",
    "graphql.is_valid",
    "graphql.parse",
    "graphql.parse_and_verify",
    "graphql.parse_query",
    "graphql.parse_schema",
    "graphql.schema_is_valid",
    "json.match_schema",
    "json.verify_schema",
    "net.cidr_contains",
    "net.cidr_contains_matches",
    "net.cidr_expand",
    "net.cidr_intersects",
    "net.cidr_is_valid",
    "net.cidr_merge",
    "net.cidr_overlap",
    "providers.aws.sign_req",
    "rego.metadata.chain",
    "rego.metadata.rule",
    "rego.parse_module",
    "strings.render_template",
)
"""What OPA has and `regopy` lacks, which it says to nobody: such a rule would never hold either."""
_CALLS = "|".join(re.escape(each).replace(r"\.", r"\s*\.\s*") for each in (*_OUTWARD, *LACKING))
_NAMES = re.compile(rf"(?<![\w.])({_CALLS})(?![\w.])")
_SAID = re.compile(r"""\[\s*(?:"(\w+)"|`(\w+)`)\s*\]|"(?:\\.|[^"\\\n])*"|`[^`]*`|\#[^\n]*""")
_ASKS_PATTERNS = re.compile(r"\bregex\s*[.\[]|\bre_match\b")
_TEXTS = re.compile(r"""`([^`]*)`|"((?:\\.|[^"\\\n])*)"|\#[^\n]*""")
_FOREIGN = re.compile(r"\\[AzZpPQExtnrfva]")
"""What OPA's patterns have and those of `regopy` lack, which fit nothing then, and say so to nobody."""
_IMPORTED = re.compile(r"^\s*import\s+(?:data|input)\b[\w.]*?(\w+)[ \t]*(?:as[ \t]+(\w+))?[ \t]*$", re.MULTILINE)


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
    for name, called in ((name, call) for name, text in texts.items() for call in _calls(text)):
        if called in _OUTWARD:
            raise ValueError(f"asks the network ({called} in {name}), which no policy reaches from here")
        raise ValueError(f"calls {called} (in {name}), which `regopy` lacks: a rule that needs it would never hold")
    for name, foreign in ((name, each) for name, text in texts.items() for each in _foreign_in(text)):
        raise ValueError(
            f"has {foreign} in a pattern (in {name}), which `regopy` lacks: it would fit nothing; write ^ and $, "
            "and letters in brackets"
        )
    return str(place)


def _foreign_in(text: str) -> Iterator[str]:
    """Name what stands in texts of a file that asks patterns, and that no pattern here knows."""
    if _ASKS_PATTERNS.search(text):
        for raw, quoted in _TEXTS.findall(text):
            yield from _FOREIGN.findall(raw or quoted.replace("\\\\", "\x00").replace("\\", " ").replace("\x00", "\\"))


def _calls(text: str) -> Iterator[str]:
    """Name what a text calls of what is not to be had here; what stands in texts and comments calls nothing."""
    code = _SAID.sub(lambda found: f".{found[1] or found[2]}" if found[1] or found[2] else " ", text)
    own = {renamed or last for last, renamed in _IMPORTED.findall(code)}
    for found in _NAMES.finditer(code):
        called = re.sub(r"\s", "", found[1])
        if called.partition(".")[0] not in own:
            yield called


WrittenRego = Annotated[str, AfterValidator(_there)]


def rego_files(places: Iterable[str]) -> tuple[RegoFile, ...]:
    """Read all files; tests of Rego's own are left out."""
    found = (file for place in places for file in _files(Path(place)))
    return tuple(RegoFile(name=file.name, text=file.read_text(errors="replace")) for file in found)


def _files(place: Path) -> list[Path]:
    every = sorted(place.rglob("*.rego")) if place.is_dir() else [place] if place.is_file() else []
    return [each for each in every if each.suffix == ".rego" and not each.name.endswith("_test.rego")]
