"""The repository's file, `.pushboat.yaml`: which folder follows which ref. It asks; the operator's file allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BeforeValidator, Field

from pushboat.config.definition import Definition, DefinitionSection, note_both
from pushboat.config.document import Document, read
from pushboat.config.project import Project
from pushboat.config.schema import Section, validated
from pushboat.config.values import EnvironmentName, environment_name
from pushboat.errors import InvalidRepositoryFile, Mistake
from pushboat.model.wording import near_miss, quoted

FILE_NAME = ".pushboat.yaml"

MOST_ENVIRONMENTS = 500
"""A push that touches them all begins as many deployments in one transaction, some milliseconds each; what it does not
touch costs next to nothing."""


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


def parse(text: str | bytes, file: str = FILE_NAME, project: Project | None = None) -> RepositoryFile:
    """Read the repository's file. With the `project`, what has mistakes also says which environments it lacks.

    Raises:
        InvalidRepositoryFile: with every mistake, and the names of the environments that could still be read.
    """
    document = read(text, file)
    section = validated(RepositorySection, document)
    if not document.broken:
        for name in document.mapping("environments"):
            note_both(document, ("environments", name))
    if section is None or document.mistakes:
        if project is not None and not document.broken:
            _note_unknown(document, project)
        raise InvalidRepositoryFile(document.sorted_mistakes(), _readable_names(document))
    definitions = {name: Definition(name=name, said=one.said()) for name, one in section.environments.items()}
    return RepositoryFile(file=file, environments=definitions, document=document)


def unknown_environment(document: Document, project: Project, name: str) -> Mistake:
    """Say that the operator does not have an environment that the file names."""
    hint = near_miss(name, project.environments)
    message = (
        f"the operator has no environment {quoted(name)} for {project.repository} ({hint.rstrip('?')}); "
        f"to have it, ask the operator to add {name} under projects in pushboat.yaml"
    )
    return document.mistake(("environments", name), message, key=True)


def _note_unknown(document: Document, project: Project) -> None:
    unknown = [name for name in _readable_names(document) if name not in project.environments]
    document.mistakes.extend(unknown_environment(document, project, name) for name in unknown)


def _readable_names(document: Document) -> tuple[str, ...]:
    names = []
    for name in list(document.mapping("environments"))[:MOST_ENVIRONMENTS]:
        try:
            names.append(environment_name(name))
        except ValueError:
            continue
    return tuple(names)
