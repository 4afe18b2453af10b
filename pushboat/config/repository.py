"""The repository's file, `.pushboat.yaml`: which folder follows which ref. It asks; the operator's file allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from pushboat.config.definition import Definition, DefinitionSection, note_both
from pushboat.config.document import Document, read
from pushboat.config.own_rules import MOST_OWN, OwnRuleSection, note_own_rules, own_rules
from pushboat.config.patterns import Listing, few, found, is_pattern, note_pattern
from pushboat.config.project import Project
from pushboat.config.schema import Section, validated
from pushboat.config.values import environment_name
from pushboat.config.ways import NAME, entry_name
from pushboat.errors import InvalidRepositoryFile, Mistake
from pushboat.model.wording import near_miss, quoted
from pushboat.policy.own import OwnRule

FILE_NAME = ".pushboat.yaml"

MOST_ENVIRONMENTS = 2_000
"""A push that touches them all begins as many deployments, a millisecond of the processor each, and a worker keeps each
commit's environments in memory, some kilobytes each. What a push does not touch costs next to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryFile:
    """The file, read. `document` remembers the places for what only the operator's limits can find wrong.

    `patterns` are the entries that stand for folders, by their keys, until `expanded` has made environments of them;
    `mistakes` is what it found wrong.
    """

    file: str
    environments: Mapping[str, Definition]
    document: Document = field(repr=False, compare=False)
    patterns: Mapping[str, Definition] = field(default_factory=dict)
    rules: tuple[OwnRule, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def _or_empty(written: object) -> object:
    """Accept an environment without a body: the operator may have said everything."""
    return {} if written is None else written


class RepositorySection(Section):
    """The file as it is written."""

    environments: dict[
        Annotated[str, AfterValidator(entry_name)], Annotated[DefinitionSection, BeforeValidator(_or_empty)]
    ] = Field(min_length=1, max_length=MOST_ENVIRONMENTS, description="the environments of this repository, by name")
    rules: list[OwnRuleSection] = Field(default_factory=list, max_length=MOST_OWN)


def parse(text: str | bytes, file: str = FILE_NAME, project: Project | None = None) -> RepositoryFile:
    """Read the repository's file. With the `project`, what has mistakes also says which environments it lacks.

    Raises:
        InvalidRepositoryFile: with every mistake, and the names of the environments that could still be read.
    """
    document = read(text, file)
    section = validated(RepositorySection, document)
    if not document.broken:
        note_own_rules(document)
        for name in document.mapping("environments"):
            note_both(document, ("environments", name))
            note_pattern(document, ("environments", name))
    if section is None or document.mistakes:
        if project is not None and not document.broken:
            _note_unknown(document, project)
        raise InvalidRepositoryFile(document.sorted_mistakes(), _readable_names(document))
    entries = {name: Definition(name=name, said=one.said()) for name, one in section.environments.items()}
    patterns = {name: each for name, each in entries.items() if is_pattern(each)}
    definitions = {name: each for name, each in entries.items() if name not in patterns}
    rules = own_rules(section.rules, pushed=True)
    return RepositoryFile(file=file, environments=definitions, document=document, patterns=patterns, rules=rules)


def expanded(file: RepositoryFile, listing: Listing) -> RepositoryFile:
    """Put environments in the place of patterns; what is wrong with their folders stands in `mistakes`."""
    environments = dict(file.environments)
    mistakes = []
    for entry, pattern in file.patterns.items():
        of_it = found(pattern, listing, file.environments)
        messages = [*of_it.mistakes]
        if twice := sorted(of_it.environments.keys() & environments.keys()):
            other = environments[twice[0]].entry
            messages.append(f"{few(twice)} would be made by {quoted(other)} too: an environment has one folder")
        environments |= of_it.environments
        if len(environments) > MOST_ENVIRONMENTS:
            messages.append(f"more than {MOST_ENVIRONMENTS:,} environments: a file has no more, folders counted")
            environments = dict(list(environments.items())[:MOST_ENVIRONMENTS])
        mistakes += [file.document.mistake(("environments", entry, "path"), message) for message in messages]
    return replace(file, environments=environments, patterns={}, mistakes=tuple(mistakes))


def unknown_environment(document: Document, project: Project, name: str) -> Mistake:
    """Say that the operator does not have an environment that the file names."""
    refused = project.environments.refusal(name)
    hint = refused or near_miss(name, project.environments.written).rstrip("?")
    message = (
        f"the operator has no environment {quoted(name)} for {project.repository} ({hint}); "
        f"to have it, ask the operator to add {name} under projects in pushboat.yaml"
    )
    return document.mistake(("environments", name), message, key=True)


def unknown_folders(document: Document, project: Project, entry: str, names: Sequence[str]) -> Mistake:
    """Say that the operator does not have environments that a pattern makes, with the line that allows them.

    Where a pattern of the operator's fits them and does not allow them, only an entry of their own can.
    """
    refused = next((f" ({name}: {why})" for name in names if (why := project.environments.refusal(name))), "")
    each = f'"{entry}"'
    line = f"{each}: {{cluster: …, namespaces: [{each}]}}" if NAME in entry and not refused else ""
    message = (
        f"the operator has no environment {few(names)} for {project.repository}, which folders make here{refused}; "
        f"to have them, ask the operator to add them under projects in pushboat.yaml: "
        f"`{line or f'{names[0]}: {{cluster: …, namespaces: […]}}'}`; or move the folders elsewhere"
    )
    return document.mistake(("environments", entry, "path"), message)


def _note_unknown(document: Document, project: Project) -> None:
    unknown = [name for name in _readable_names(document) if name not in project.environments]
    document.mistakes.extend(unknown_environment(document, project, name) for name in unknown)


def _readable_names(document: Document) -> tuple[str, ...]:
    names = []
    for name in list(document.mapping("environments"))[:MOST_ENVIRONMENTS]:
        try:
            if NAME not in str(document.mapping("environments", name).get("path", "")):
                names.append(environment_name(name))
        except ValueError:
            continue
    return tuple(names)
