"""The lock file, `.pushboat.lock`: what renders fetch from outside of the repository, each pinned by digest or sha.

`pushboat sources lock` writes it, people commit it. It grants nothing: the operator's `sources` say from where.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, Self

import yaml
from pydantic import AfterValidator, Field, model_validator

from pushboat.config.document import read
from pushboat.config.schema import Section, validated
from pushboat.config.sources import canonical
from pushboat.errors import InvalidRepositoryFile
from pushboat.model.outside import BASE, CHART, FILE, Locked, Outside

LOCK_NAME = ".pushboat.lock"
MOST_LOCKED = 500
HEAD = "# Written by `pushboat sources lock`: commit it. Renders fetch what stands here and nothing else.\n"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,248}[A-Za-z0-9])?")
_VERSION = re.compile(r"v?[0-9]+(?:\.[0-9]+){0,2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


def _matching(pattern: re.Pattern[str], why: str) -> AfterValidator:
    def judge(written: str) -> str:
        if not pattern.fullmatch(written):
            raise ValueError(why)
        return written

    return AfterValidator(judge)


def _web(written: str) -> str:
    """Accept where an archive or a file stands; a query may be part of it."""
    address, _, query = written.partition("?")
    if not canonical(address).startswith("http") or not query.isprintable() or {" ", "#"} & set(query):
        raise ValueError("must be an https:// address")
    return written


class LockedSection(Section):
    """One source as it is written."""

    kind: Literal["chart", "base", "file"]
    address: Annotated[str, AfterValidator(canonical)]
    name: Annotated[str, Field(max_length=250)] = ""
    asked: Annotated[str, Field(max_length=250)] = ""
    version: str = ""
    at: Annotated[str, AfterValidator(_web)] = ""
    digest: str

    @model_validator(mode="after")
    def _fits(self) -> Self:
        pattern = _SHA if self.kind == BASE else _DIGEST
        if not pattern.fullmatch(self.digest):
            kind = "a commit's full sha" if self.kind == BASE else "sha256: and 64 hexadecimal digits"
            raise ValueError(f"needs {kind} as its digest")
        if self.kind == CHART and not (_NAME.fullmatch(self.name) and _VERSION.fullmatch(self.version)):
            raise ValueError("needs the chart's name, and the one version that it is locked to")
        if self.kind == CHART and self.address.startswith("oci:") == bool(self.at):
            raise ValueError("is a chart: one of an https:// repository says `at` which address, one of a registry not")
        if self.kind == FILE and not self.address.startswith("http"):
            raise ValueError("is a file, which comes from an https:// address")
        return self

    def locked(self) -> Locked:
        """Make the entry."""
        outside = Outside(kind=self.kind, address=self.address, name=self.name, asked=self.asked)
        return Locked(outside=outside, digest=self.digest, version=self.version, at=self.at)


class LockSection(Section):
    """The file as it is written."""

    sources: list[LockedSection] = Field(max_length=MOST_LOCKED)


def parse(text: str | bytes, file: str = LOCK_NAME) -> Mapping[Outside, Locked]:
    """Read a lock file.

    Raises:
        InvalidRepositoryFile: with every mistake, each at its line and column.
    """
    document = read(text, file)
    section = validated(LockSection, document)
    found: dict[Outside, Locked] = {}
    for index, each in enumerate(section.sources if section else ()):
        locked = each.locked()
        if locked.outside in found:
            document.note(("sources", index), "is locked twice: run `pushboat sources lock`")
        found[locked.outside] = locked
    if section is None or document.mistakes:
        raise InvalidRepositoryFile(document.sorted_mistakes(), ())
    return found


def written(entries: Iterable[Locked]) -> str:
    """Write a lock file, so that equal entries give equal text."""
    return HEAD + "\n".join(_lines(sorted(entries, key=lambda each: each.outside))) + "\n"


def _lines(entries: list[Locked]) -> Iterator[str]:
    yield "sources:" if entries else "sources: []"
    for each in entries:
        outside = each.outside
        said = {"kind": outside.kind, "address": outside.address, "name": outside.name, "asked": outside.asked}
        pairs = [(key, value) for key, value in {**said, "version": each.version, "at": each.at}.items() if value]
        for index, (key, value) in enumerate([*pairs, ("digest", each.digest)]):
            yield f"  {'- ' if index == 0 else '  '}{key}: {_scalar(value)}"


def _scalar(text: str) -> str:
    """Write text as it comes back: JSON's own escapes above the BMP are not YAML's."""
    return yaml.safe_dump(text, default_style='"', width=math.inf).rstrip("\n")
