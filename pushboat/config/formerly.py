"""The key `formerly` of an environment in the operator's file: whose inventory it goes on with.

An inventory has one owner. So who is named here must not be an environment any more, and nobody is named twice.
"""

from collections.abc import Callable, Iterator
from typing import Any

from pushboat.config.document import At, Document
from pushboat.model.wording import quoted

Canonical = Callable[[str], str]
"""Gives a repository's name in the form in which its forge compares names."""


def note_formerly(document: Document, canonical: Canonical) -> None:
    """Note earlier names that still are an environment's own, and those that two environments want to go on with."""
    environments = list(_environments(document, canonical))
    now = {(repository, name) for repository, name, _ in environments}
    first: dict[tuple[str, str], At] = {}
    for repository, name, at in environments:
        written = document.mapping(*at).get("formerly")
        for index, text in enumerate(written if isinstance(written, list) else ()):
            if not isinstance(text, str):
                continue
            other, colon, environment = text.rpartition(":")
            wanted = (canonical(other) if colon else repository, environment if colon else text)
            here = (*at, "formerly", index)
            if wanted == (repository, name):
                document.note(here, f"{quoted(text)} is this environment's own name")
            elif wanted in now:
                document.note(here, f"{quoted(text)} still is an environment: remove that one, or this line")
            elif wanted in first:
                line = document.mistake(first[wanted], "").line
                document.note(here, f"{quoted(text)} is on line {line} already: one environment goes on with it")
            else:
                first[wanted] = here


def _environments(document: Document, canonical: Canonical) -> Iterator[tuple[str, str, At]]:
    projects: Any = document.mapping().get("projects")
    for index, project in enumerate(projects if isinstance(projects, list) else ()):
        repository = project.get("repository") if isinstance(project, dict) else None
        if isinstance(repository, str):
            for name in document.mapping("projects", index, "environments"):
                yield canonical(repository), str(name), ("projects", index, "environments", name)
