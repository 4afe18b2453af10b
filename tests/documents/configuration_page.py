"""The reference of keys: both files' whole trees, with types, defaults and limits, from the models that read them."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from pushboat.config.definition import DefinitionSection
from pushboat.config.operator import OperatorSection
from pushboat.config.repository import RepositorySection
from pushboat.config.schema import Section
from pushboat.config.secret import SecretSource
from tests.documents.explained import OPERATORS, REPOSITORYS, explained

HEAD = """# Every key of both files

Where a key stands, what it takes and what counts where it is not written. `make docs` writes this page from the models
that read the files. [Configuration](../configuration/README.md) says what each is for, with examples, and shows the
forms of a value that takes one of several; the last column leads there.

`<name>` is a name of yours, `[]` each entry of a list. *Duration* is `90s`, `10m`, `1h30m` or `30d`. *Secret* is
`{env: NAME}` or `{file: PATH}`, never the value itself.
"""
FILES: tuple[tuple[str, type[Section], Mapping[str, str]], ...] = (
    ("The operator's file: `pushboat.yaml`", OperatorSection, OPERATORS),
    ("The repository's file: `.pushboat.yaml`", RepositorySection, REPOSITORYS),
)
SCALARS = {
    date: "day, such as 2027-01-31",
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "duration",
    Any: "any value",
    object: "any value",
}


def configuration_page() -> str:
    """Write the page."""
    return "\n".join((HEAD, *(_table(*file) for file in FILES)))


def _table(heading: str, model: type[Section], pages: Mapping[str, str]) -> str:
    rows = "\n".join(
        f"| `{key}` | {kind} | {default} | {explained(key, pages)} |" for key, kind, default in _rows(model, "")
    )
    return f"## {heading}\n\n| Key | Takes | Default | Told in |\n|---|---|---|---|\n{rows}\n"


def keys(model: type[Section]) -> list[str]:
    """Give every key's place in a file."""
    return [key for key, _, _ in _rows(model, "")]


def _rows(model: type[Section], before: str) -> Iterator[tuple[str, str, str]]:
    for name, field in model.model_fields.items():
        if issubclass(model, DefinitionSection) and name not in model.__annotations__:
            continue  # the repository's own key, which the row with dots stands for
        key = f"{before}{field.alias or name}"
        yield key, f"{_kind(field.annotation)}{_limit(field)}", _default(field)
        for more, section in _below(field.annotation):
            yield from _rows(section, f"{key}{more}.")
    if before == "projects[].environments.<name>.":
        yield (
            f"{before}…",
            "any key of an environment of the repository's file, which is then fixed",
            "as the repository says",
        )


def _below(annotation: Any, more: str = "") -> Iterator[tuple[str, type[Section]]]:
    """Find the sections that may stand in a value, with what is written between."""
    if hasattr(annotation, "__metadata__"):
        yield from _below(get_args(annotation)[0], more)
    elif get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from _below(each, more)
    elif get_origin(annotation) is list:
        yield from _below(get_args(annotation)[0], f"{more}[]")
    elif get_origin(annotation) is dict:
        yield from _below(get_args(annotation)[1], f"{more}.<name>")
    elif isinstance(annotation, type) and issubclass(annotation, Section) and not issubclass(annotation, SecretSource):
        yield more, annotation


def _kind(annotation: Any) -> str:
    if hasattr(annotation, "__metadata__"):
        return _kind(get_args(annotation)[0])
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        kinds = list(dict.fromkeys(_kind(each) for each in parts if each is not type(None)))
        return " or ".join("number" if each == "duration" and kinds[1:] else each for each in kinds)
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in parts)
    if origin is list:
        return f"list of {_plural(_kind(parts[0]))}"
    if origin is dict:
        return "mapping by name" if list(_below(annotation)) else f"mapping of {_plural(_kind(parts[1]))}"
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return "secret" if issubclass(annotation, SecretSource) else "section"
    return SCALARS.get(annotation, "value")


def _plural(kind: str) -> str:
    many = {"text": "texts", "section": "sections", "secret": "secrets", "text or section": "texts or sections"}
    return many.get(kind, kind)


def _limit(field: FieldInfo) -> str:
    most = [each.max_length for each in field.metadata if hasattr(each, "max_length")]
    return f", at most {most[0]:,}" if most else ""


def _written(seconds: float) -> str:
    """Write a duration as the files have it."""
    for letter, length in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        if seconds and seconds % length == 0:
            return f"{seconds / length:.0f}{letter}"
    return f"{seconds:g}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value == "" or isinstance(value, Section):
        return "as its keys say" if isinstance(value, Section) else "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float):
        return f"`{_written(value)}`"
    if isinstance(value, list | tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{value}`" if value != {} else "`{}`"
