"""The nouns of the review: what is wrong with one object, at which field of it, and what is said of that."""

import re
from dataclasses import dataclass
from enum import StrEnum

from pushboat.model.manifest import Path, Ref

Kind = tuple[str, str, str]
"""Group, version and kind."""
_PLACE = re.compile(r"(?P<file>[^\n]+?):(?P<line>\d+)(?::(?P<column>\d+))?")
_PLACED = re.compile(rf"{_PLACE.pattern}: (?P<sentence>.*)", re.DOTALL)
_IN_A_FILE = re.compile(r"\S+\.(?:ya?ml|json|tpl|txt): (?P<sentence>.*)", re.DOTALL)


class Weight(StrEnum):
    """What a finding leads to: an error refuses the commit, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a review has to say about one place; `rule` is a row of `rules.RULES`, `ref` the object it is about."""

    rule: str
    sentence: str
    place: str = ""
    ref: Ref | None = None
    weight: Weight = Weight.ERROR

    def __str__(self) -> str:
        """Print as compilers do, so that editors can jump there."""
        return f"{self.place}: {self.sentence}" if self.place else self.sentence

    @property
    def spot(self) -> tuple[str, int, int]:
        """Give file, line and column, the two 1-based; "" and zeros where that is not known."""
        found = _PLACE.fullmatch(self.place)
        return (found["file"], int(found["line"]), int(found["column"] or 1)) if found else (self.place, 0, 0)


def told(rule: str, sentence: str) -> Finding:
    """Take a sentence that may begin with its place apart."""
    found = _PLACED.fullmatch(sentence) or _IN_A_FILE.fullmatch(sentence)
    if found is None:
        return Finding(rule=rule, sentence=sentence)
    return Finding(rule=rule, place=sentence[: found.start("sentence") - 2], sentence=found["sentence"])


class Wrong(Exception):
    """One object's mistake; `path` is the field that it is about, `by_name` where its name is what is wrong."""

    rule = "object"

    def __init__(self, sentence: str, path: Path = (), *, by_name: bool = False) -> None:
        super().__init__(sentence)
        self.path = path
        self.by_name = by_name


class NotAllowed(Wrong):
    """An object is where the operator allows none: a kind outside namespaces, or a namespace of somebody else's."""

    rule = "not-allowed"

    def __init__(self, sentence: str, path: Path, *, kind: str = "", namespace: str = "") -> None:
        super().__init__(sentence, path)
        self.kind = kind
        self.namespace = namespace


class Unserved(Wrong):
    """An object's kind is not served."""

    rule = "unknown-kind"


class Moved(Unserved):
    """An object's kind is served under another version than the one that is written."""

    rule = "removed-api"

    def __init__(self, sentence: str, kind: str, now: str) -> None:
        super().__init__(sentence, ("apiVersion",))
        self.kind = kind
        self.now = now
