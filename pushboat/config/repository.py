"""The repository's file, `.pushboat.yaml`: which folder follows which ref. It asks; the operator's file allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BeforeValidator, Field

from pushboat.config.definition import Definition, DefinitionSection, note_both_refs
from pushboat.config.document import Document, read
from pushboat.config.schema import Section, validated
from pushboat.config.values import EnvironmentName, environment_name
from pushboat.errors import InvalidRepositoryFile

FILE_NAME = ".pushboat.yaml"

MOST_ENVIRONMENTS = 100
"""Each may get statuses of its own on every commit; a forge refuses more than 1,000 on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryFile:
    """The file, read. `document` remembers the places for what only the operator's limits can find wrong."""

    file: str
    environments: Mapping[str, Definition]
    document: Document = field(repr=False, compare=False)


def _or_empty(written: object) -> object:
    """Accept an environment without a body: the operator may have said everything."""
    return {} if written is None else written


class RepositorySection(Section):
    """The file as it is written."""

    environments: dict[EnvironmentName, Annotated[DefinitionSection, BeforeValidator(_or_empty)]] = Field(
        min_length=1, max_length=MOST_ENVIRONMENTS, description="the environments of this repository, by name"
    )


def parse(text: str | bytes, file: str = FILE_NAME) -> RepositoryFile:
    """Read the repository's file.

    Raises:
        InvalidRepositoryFile: with every mistake, and the names of the environments that could still be read.
    """
    document = read(text, file)
    section = validated(RepositorySection, document)
    if not document.broken:
        for name in document.mapping("environments"):
            note_both_refs(document, ("environments", name))
    if section is None or document.mistakes:
        raise InvalidRepositoryFile(document.sorted_mistakes(), _readable_names(document))
    definitions = {name: Definition(name=name, said=one.said()) for name, one in section.environments.items()}
    return RepositoryFile(file=file, environments=definitions, document=document)


def _readable_names(document: Document) -> tuple[str, ...]:
    names = []
    for name in list(document.mapping("environments"))[:MOST_ENVIRONMENTS]:
        try:
            names.append(environment_name(name))
        except ValueError:
            continue
    return tuple(names)
