"""What each environment of a commit becomes, or the mistake that its author would be told."""

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from cli.checking.snapshot import Snapshot
from pushboat.config import environment as environments
from pushboat.config import locked, repository
from pushboat.config.environment import Environment
from pushboat.config.locked import LOCK_NAME
from pushboat.config.operator import Limits, Project
from pushboat.config.repository import FILE_NAME, RepositoryFile
from pushboat.config.sources import Source
from pushboat.config.verifying import unlisted
from pushboat.errors import DeploymentFailed, NotConfigured, PushboatError
from pushboat.model.outside import Locked, Outside
from workers.manifests.directives.checking import directed
from workers.render import choosing
from workers.render.choosing import Rendered
from workers.render.referring import referring
from workers.source import checkout
from workers.source.outside.fetching import Bring, Brought, bringing


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One environment: what it became, or the mistake in it, or why that was not found out here."""

    environment: str
    path: str = ""
    objects: int = 0
    engine: str = ""
    notes: tuple[str, ...] = ()
    mistake: PushboatError | None = None
    unknown: str = ""


class NotFetched(NotConfigured):
    """A render asks for what is outside of the repository, and this look fetches nothing."""


def file_of(made: Snapshot) -> RepositoryFile:
    """Read the repository's file.

    Raises:
        InvalidRepositoryFile: with every mistake.
        DeploymentFailed: there is none, or it is a link or a folder.
    """
    content = checkout.read_file(made.caches, made.remote, str(made.top), made.sha, FILE_NAME)
    if content is None:
        raise DeploymentFailed(f"{made.top} has no {FILE_NAME}: `pushboat init` writes one")
    return repository.parse(content)


def allowing_all(file: RepositoryFile) -> Project:
    """Make up an operator who allows whatever the file asks for: this look has none."""
    limits = {}
    for name, definition in file.environments.items():
        hosts = unlisted(definition.said.get("verify", ()), ())
        space = definition.said.get("namespace") or "default"
        limits[name] = Limits(environment=name, cluster="", namespaces=(space,), verify_hosts=tuple(hosts))
    return Project(repository="here/here", environments=limits)


def fetching(made: Snapshot, sources: Iterable[Source] | None, folder: Path) -> Bring:
    """Bring what the lock file pins: from where the operator lists it, or, without one, from wherever it names."""
    content = checkout.read_file(made.caches, made.remote, str(made.top), made.sha, LOCK_NAME)
    lock = locked.parse(content) if content is not None else {}
    return bringing(lock, tuple(_named(lock)) if sources is None else sources, folder)


def fetches_nothing(outside: Outside) -> Brought:
    """Bring nothing, and say that it was not looked for."""
    raise NotFetched(f"{outside} is outside of this repository, and nothing was fetched: look with --fetch")


def look(
    made: Snapshot, project: Project, file: RepositoryFile, bring: Bring, scratch: Path, only: Collection[str] = ()
) -> Iterator[Looked]:
    """Look at every environment that is active, in the order of their names; `only` at these, where there are any.

    Raises:
        InvalidRepositoryFile: for what the project's operator does not allow.
    """
    for each in environments.effective(project, file).values():
        if not only or each.name in only:
            yield _looked(made, each, project.repository, bring, scratch)


def _looked(made: Snapshot, environment: Environment, name: str, bring: Bring, scratch: Path) -> Looked:
    look = Looked(environment=environment.name, path=environment.path)
    try:
        found = _rendered(made, environment, name, bring, scratch)
        directed(found.manifests, recreate=environment.recreate)
    except DeploymentFailed as mistake:
        return replace(look, mistake=mistake)
    except PushboatError as trouble:
        return replace(look, unknown=trouble.summary)
    return replace(look, objects=len(found.manifests), engine=found.engine, notes=found.notes)


def _rendered(made: Snapshot, environment: Environment, name: str, bring: Bring, scratch: Path) -> Rendered:
    """Render it as a deployment does, but for a cluster's capabilities, which are Helm's defaults."""
    beside = environment.helm.files_beside(environment.path)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        out = checkout.check_out(
            made.caches,
            made.remote,
            str(made.top),
            made.sha,
            environment.path,
            Path(folder),
            referring(environment),
            beside,
        )
        return choosing.render(out, environment, name, bring=bring)


def _named(lock: Mapping[Outside, Locked]) -> Iterator[Source]:
    for each in lock.values():
        for address in (each.outside.address, each.at):
            parts = urlsplit(address)
            if parts.netloc:
                yield Source(address=f"{parts.scheme}://{parts.netloc}")
