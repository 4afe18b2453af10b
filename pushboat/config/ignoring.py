"""Fields that an environment leaves alone once their object exists: the section `ignore`."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from pushboat.config.schema import Section

_KIND = re.compile(r"[A-Z][A-Za-z0-9]{0,62}(?:\.[a-z0-9.-]{1,253})?")
_FIELD = re.compile(r"[^.\[\]\s]+(?:\.[^.\[\]\s]+|\[[^\[\]\s]+\])*")
_NEVER = ("apiVersion", "kind", "metadata", "metadata.name", "metadata.namespace", "status")
MOST_RULES, MOST_FIELDS = 100, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Fields (`spec.replicas`, `data[key.with.dots]`) of one object, or of all of a kind where `name` is empty."""

    kind: str
    fields: tuple[str, ...]
    name: str = ""

    def concerns(self, group: str, kind: str, name: str) -> bool:
        """Say whether this is about an object; the kind may be written with its group, as `Rollout.argoproj.io`."""
        return self.kind in (kind, f"{kind}.{group}") and self.name in ("", name)


def _kind(kind: str) -> str:
    if not _KIND.fullmatch(kind):
        raise ValueError("must be a kind as manifests write it, such as Deployment or Rollout.argoproj.io")
    return kind


def _field(field: str) -> str:
    if not _FIELD.fullmatch(field):
        raise ValueError(
            "must be paths such as spec.replicas, spec.template.spec.containers[app].image or "
            "metadata.annotations[example.com/note]"
        )
    if field in _NEVER:
        raise ValueError("can hold neither what an object is called nor its status")
    return field


class IgnoredSection(Section):
    """One rule as it is written."""

    kind: Annotated[str, AfterValidator(_kind)] = Field(description="whose fields, such as Deployment")
    name: str = ""
    fields: list[Annotated[str, AfterValidator(_field)]] = Field(
        min_length=1, max_length=MOST_FIELDS, description="which fields, such as spec.replicas"
    )


def rules(sections: list[IgnoredSection]) -> Any:
    """Make the rules."""
    return tuple(Ignored(kind=one.kind, name=one.name, fields=tuple(one.fields)) for one in sections)
