"""What each environment of a commit becomes, and all that its author would be told about it."""

import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Never

from cli.checking.exposed import in_files, in_secrets, unread
from cli.checking.knowing import Knowing
from cli.checking.snapshot import Snapshot
from pushboat.config import environment as environments
from pushboat.config.environment import Environment
from pushboat.config.images import NO_RULES
from pushboat.config.project import Allowed, Limits, Project
from pushboat.config.repository import RepositoryFile
from pushboat.config.verifying import unlisted
from pushboat.errors import DeploymentFailed, NotConfigured, PushboatError
from pushboat.model.manifest import Manifest
from pushboat.model.outside import Outside
from workers.manifests.words import Unread
from workers.render import choosing
from workers.render.choosing import Rendered
from workers.render.referring import referring
from workers.review.apart import ask_guarded
from workers.review.policy import Rulebook
from workers.review.reviewing import Subject, in_order, review
from workers.review.words import Finding, Weight, told
from workers.source import checkout
from workers.source.outside.words import Bring
from workers.source.own_file import file_at
from workers.source.planted import Plant
from workers.source.unrendered import unrendered


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One environment: what it became, what is to be said about it, or why that was not found out here.

    `details` are what a renderer or a reader said beyond its one sentence.
    """

    environment: str
    path: str = ""
    engine: str = ""
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    details: str = ""
    unknown: str = ""
    manifests: tuple[Manifest, ...] = field(default=(), repr=False)

    @property
    def objects(self) -> int:
        """Count what it became."""
        return len(self.manifests)

    @property
    def mistakes(self) -> tuple[Finding, ...]:
        """Give what its commit would be refused for."""
        return tuple(each for each in self.findings if each.weight is Weight.ERROR)


class NotFetched(NotConfigured):
    """A render asks for what is outside of the repository, and this look fetches nothing."""


def file_of(made: Snapshot) -> RepositoryFile:
    """Read the repository's file.

    Raises:
        InvalidRepositoryFile: with every mistake.
        DeploymentFailed: there is none, or it is a link or a folder.
    """
    return file_at(made.caches, made.remote, made.sha, str(made.top))


def allowing_all(file: RepositoryFile) -> Project:
    """Make up an operator who allows whatever the file asks for: this look has none."""
    limits = {}
    for name, definition in file.environments.items():
        hosts = unlisted(definition.said.get("verify", ()), ())
        space = definition.said.get("namespace") or "default"
        limits[name] = Limits(environment=name, cluster="", namespaces=(space,), verify_hosts=tuple(hosts))
    return Project(repository="here/here", environments=Allowed(limits))


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What brings charts and files, and bases, from outside of the repository."""

    bring: Bring
    plant: Plant


def _nothing_fetched(outside: Outside, *_where: object) -> Never:
    raise NotFetched(f"{outside} is outside of this repository, and nothing was fetched: look with --fetch")


FETCHES_NOTHING = Supply(bring=_nothing_fetched, plant=_nothing_fetched)


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What all environments are held against: what a project may, from where it may fetch, what its cluster serves.

    `policies` are a cluster's own, `definitions` those of kinds that others bring, as files have them. `fenced` says
    that the project is the operator's; else it allows whatever is asked for. `since` is the commit that others have.
    """

    project: Project
    supply: Supply
    knowing: Knowing
    fenced: bool
    policies: Sequence[Manifest] = ()
    definitions: Sequence[Manifest] = ()
    since: str = ""


def look(
    made: Snapshot, file: RepositoryFile, against: Against, scratch: Path, only: Collection[str] = ()
) -> Iterator[Looked]:
    """Look at every environment that is active, in the order of their names; `only` at these, where there are any.

    Raises:
        InvalidRepositoryFile: for what the project's operator does not allow.
    """
    for each in environments.effective(against.project, file).values():
        if not only or each.name in only:
            yield _looked(made, each, against, scratch)


def _looked(made: Snapshot, environment: Environment, against: Against, scratch: Path) -> Looked:
    look = Looked(environment=environment.name, path=environment.path)
    unread: tuple[Finding, ...] = ()
    exposed: list[Finding] = []
    try:
        try:
            found = _rendered(made, environment, against, scratch, exposed)
            manifests: Sequence[Manifest] = found.manifests
            look = replace(look, manifests=tuple(manifests), engine=found.engine, notes=found.notes)
        except Unread as partly:
            unread, manifests = tuple(told("unreadable", each.summary) for each in partly.mistakes), partly.rest
        reviewed = review(_subject(environment, manifests, against))
    except DeploymentFailed as mistake:
        return replace(look, findings=(*exposed, told("unreadable", mistake.summary)), details=mistake.details)
    except PushboatError as trouble:
        return replace(look, unknown=trouble.summary)
    findings = in_order((*exposed, *unread, *reviewed.findings))
    return replace(look, findings=findings, notes=(*look.notes, *reviewed.notes))


def _subject(environment: Environment, manifests: Sequence[Manifest], against: Against) -> Subject:
    where = environment if against.fenced else _wherever(environment, manifests)
    limits = against.project.environments.get(environment.name)
    book = Rulebook(policy=environment.policy, own=environment.rules, today=datetime.now(UTC).date(), ask=ask_guarded)
    return Subject(
        manifests=manifests,
        environment=where,
        known=against.knowing.about((*manifests, *against.definitions)),
        definitions=against.definitions,
        rulebook=book,
        policies=against.policies,
        image_rules=limits.images if limits else NO_RULES,
    )


def _wherever(environment: Environment, manifests: Sequence[Manifest]) -> Environment:
    """Allow every kind and namespace that is asked for: nobody here knows what the operator does."""
    refs = [each.ref for each in manifests]
    spaces = [each.name if each.kind == "Namespace" else each.namespace for each in refs]
    return replace(
        environment,
        namespaces=tuple(dict.fromkeys((*environment.namespaces, *filter(None, spaces)))),
        cluster_scoped=tuple(sorted({each.kind for each in refs})),
    )


def _rendered(
    made: Snapshot, environment: Environment, against: Against, scratch: Path, exposed: list[Finding]
) -> Rendered:
    """Render it as a deployment does; charts are told what is known of the cluster. `exposed` gets what nobody should
    read, also of files that do not render, and that no render reads."""
    repository, policy = against.project.repository, environment.policy
    tree = (made.caches, made.remote)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        beside = environment.helm.files_beside(environment.path)
        top, place = str(made.top), environment.path
        closure = checkout.gathered(*tree, top, made.sha, place, referring(environment), beside)
        out = checkout.write(*tree, made.sha, closure, Path(folder))
        exposed += in_files(out, policy)
        others = unrendered(*tree, made.sha, against.since, closure, all_of_folder=True)
        exposed += unread(others, policy)
        supply, knows = against.supply, against.knowing.capabilities
        rendered = choosing.render(out, environment, repository, knows, bring=supply.bring, plant=supply.plant)
        exposed += in_secrets(rendered, policy)
        return replace(rendered, notes=(*rendered.notes, *filter(None, [others.left_out])))
