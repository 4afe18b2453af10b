"""The operator's file, read: which forge, which cluster, which repository may reach what."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from pushboat.config.cluster import ClusterAccess, ClusterSection, note_clusters
from pushboat.config.dashboard import USUAL_LISTEN, DashboardSection, note_dashboard
from pushboat.config.document import LARGEST_FILE_BYTES, Document, read
from pushboat.config.drift import USUAL, DriftSection, note_drift
from pushboat.config.forge import App, Forge, ForgeSection, note_forges
from pushboat.config.formerly import note_formerly
from pushboat.config.health import MOST_RULES, HealthSection, Rules, note_health, rules
from pushboat.config.kinds import KINDS
from pushboat.config.login import Login, LoginSection, note_login
from pushboat.config.notifying import MOST_RECEIVERS, Name, Receiver, ReceiverSection, note_receivers
from pushboat.config.overlapping import note_patterns
from pushboat.config.own_rules import MOST_OWN, OwnRuleSection, names_in, note_own_rules, own_rules
from pushboat.config.pages import Network, Pages, PagesSetting, TrustedProxy, networks, shown
from pushboat.config.project import Limits, Project, fenced
from pushboat.config.project_mistakes import note_policies, note_projects
from pushboat.config.project_section import ProjectSection
from pushboat.config.registries import MOST_REGISTRIES, WrittenRegistry, registries
from pushboat.config.retention import Retention, RetentionSection
from pushboat.config.schema import Section, validated
from pushboat.config.secret import EncryptionKey, Secret, SecretSource, Surroundings, Url, plain
from pushboat.config.sources import MOST_SOURCES, Source, WrittenSource, sources
from pushboat.config.urls import ListenAddress, PublicAddress, has_password, host_and_port, reachable
from pushboat.errors import ConfigurationError, Mistake
from pushboat.policy.own import OwnRule

__all__ = ["App", "ClusterAccess", "Forge", "Limits", "Operator", "Project", "Secret", "load", "parse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """The whole file. `store` and `broker` are URLs; empty means SQLite and the embedded server below `state`.

    `dashboard` is the host and port of pages and API where they have their own; None: those of the deliveries.
    `login` is how people sign in; None: `pages` alone says who sees what.
    An empty `encryption_key` means one that is made and kept in `state`. Environments are compared with what they
    should be every `drift_every` seconds; 0: only when somebody asks. `digest` names the text that it was read from,
    and `secret_files` are the files whose content is a secret.
    """

    public_url: str
    host: str
    port: int
    state: Path
    workers: int
    store: str = field(default="", repr=False)
    broker: str = field(default="", repr=False)
    encryption_key: str = field(default="", repr=False)
    dashboard: tuple[str, int] | None = None
    pages: Pages = field(default_factory=Pages)
    login: Login | None = None
    trusted_proxies: tuple[Network, ...] = ()
    retention: Retention = field(default_factory=Retention)
    drift_every: float = USUAL
    health: Rules = field(default_factory=dict)
    rules: tuple[OwnRule, ...] = ()
    sources: tuple[Source, ...] = ()
    registries: tuple[Source, ...] = ()
    receivers: Mapping[str, Receiver] = field(default_factory=dict)
    forges: Mapping[str, Forge]
    clusters: Mapping[str, ClusterAccess]
    projects: Mapping[str, Project]
    digest: str = field(default="", compare=False)
    secret_files: frozenset[Path] = field(default=frozenset(), compare=False)

    def limits(self, repository: str, environment: str) -> Limits | None:
        """Give what this file allows an environment; None where it has none of this name."""
        project = self.projects.get(repository)
        return project.environments.get(environment) if project else None

    def canonical(self, repository: str) -> str:
        """Give `<forge>/<path>` in the form in which the forge compares names."""
        forge, _, path = repository.partition("/")
        return f"{forge}/{KINDS[self.forges[forge].kind].comparable(path)}" if forge in self.forges else repository

    def spelled(self, repository: str) -> str:
        """Give `<forge>/<path>` as this file spells it, or nothing where it has no such project."""
        if repository in self.projects:
            return repository
        return next(iter(self.alike(repository, self.projects)), "")

    def alike(self, repository: str, names: Iterable[str]) -> tuple[str, ...]:
        """Pick the names that the forge takes for the same repository."""
        wanted = self.canonical(repository)
        return tuple(name for name in names if self.canonical(name) == wanted)


def _canonical(document: Document, repository: str) -> str:
    forge, _, path = repository.partition("/")
    kind = KINDS.get(str(document.mapping("forges", forge).get("kind")))
    return f"{forge}/{kind.comparable(path) if kind else path}"


def load(
    path: Path, environ: Mapping[str, str], *, lacks_webhook_secrets: bool = False, named: set[Path] | None = None
) -> Operator:
    """Read the operator's file and the secrets that it names; those of webhooks may be brought later.

    `named` gets every file that it names, also where it has mistakes.

    Raises:
        ConfigurationError: with every mistake, each at its line and column.
    """
    try:
        if path.is_dir():
            raise ConfigurationError((_about(path, "is a folder: name the file in it"),))
        with path.open("rb") as stream:
            text = stream.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError as error:
        advice = (
            "does not exist: copy the smallest example of docs/configuration/README.md there, "
            "or name another file with --config or PUSHBOAT_CONFIG"
        )
        raise ConfigurationError((_about(path, advice),)) from error
    except OSError as error:
        raise ConfigurationError((_about(path, f"cannot be read: {error.strerror}"),)) from error
    operator = parse(text, path, environ, lacks_webhook_secrets=lacks_webhook_secrets, named=named)
    return replace(operator, digest=hashlib.sha256(text).hexdigest()[:12])


def parse(
    text: str | bytes,
    file: Path | str,
    environ: Mapping[str, str],
    *,
    lacks_webhook_secrets: bool = False,
    named: set[Path] | None = None,
) -> Operator:
    """Read the operator's file from its text; relative paths start from the folder of `file`.

    Raises:
        ConfigurationError: with every mistake, each at its line and column.
    """
    read_too = set[Path]() if named is None else named
    surroundings = Surroundings(environ, Path(file).absolute().parent, lacks_webhook_secrets, read_too)
    document = read(text, str(file))
    section = validated(OperatorSection, document, surroundings)
    if not document.broken:
        note_forges(document)
        note_clusters(document)
        note_projects(document)
        note_patterns(document)
        note_health(document)
        note_own_rules(document)
        note_policies(document, names_in(document))
        note_drift(document)
        note_dashboard(document)
        note_login(document)
        note_receivers(document)
        note_formerly(document, lambda repository: _canonical(document, repository))
    if section is None or document.mistakes:
        raise ConfigurationError(document.sorted_mistakes())
    return section.operator(surroundings)


def _about(path: Path, message: str) -> Mistake:
    return Mistake(file=str(path), line=1, column=1, message=f"the operator's file {path} {message}")


def _url(url: str | SecretSource, schemes: tuple[str, ...]) -> str | SecretSource:
    if not plain(url).startswith(schemes):
        raise ValueError(f"must begin with {' or '.join(schemes)}")
    if isinstance(url, str) and has_password(url):
        raise ValueError("has a password in it: keep the whole URL in a variable, {env: NAME}, or a file, {file: PATH}")
    return url


def _store_url(url: str | SecretSource) -> str | SecretSource:
    return _url(url, ("postgresql+psycopg://", "postgresql://", "sqlite:///"))


def _broker_url(url: str | SecretSource) -> str | SecretSource:
    if plain(url).startswith("sentinel://") and "?master_name=" not in plain(url):
        raise ValueError("must name the server that the sentinels look after: sentinel://host:26379?master_name=NAME")
    return _url(url, ("redis://", "rediss://", "redis+socket://", "sentinel://"))


class OperatorSection(Section):
    """The file as it is written."""

    public_url: PublicAddress = ""
    listen: ListenAddress = USUAL_LISTEN
    state: str = Field(default="./var", min_length=1)
    workers: int = Field(default=4, ge=1, le=256)
    store: Annotated[Url, AfterValidator(_store_url)] = ""
    broker: Annotated[Url, AfterValidator(_broker_url)] = ""
    encryption_key: EncryptionKey | None = None
    dashboard: DashboardSection | None = None
    pages: PagesSetting | None = None
    login: LoginSection | None = None
    trusted_proxies: list[TrustedProxy] = Field(default_factory=list)
    retention: RetentionSection = Field(default_factory=RetentionSection)
    drift: DriftSection = Field(default_factory=DriftSection)
    health: list[HealthSection] = Field(default_factory=list, max_length=MOST_RULES)
    rules: list[OwnRuleSection] = Field(default_factory=list, max_length=MOST_OWN)
    sources: list[WrittenSource] = Field(default_factory=list, max_length=MOST_SOURCES)
    registries: list[WrittenRegistry] = Field(default_factory=list, max_length=MOST_REGISTRIES)
    notifications: dict[Name, ReceiverSection] = Field(default_factory=dict, max_length=MOST_RECEIVERS)
    forges: dict[str, ForgeSection] = Field(min_length=1, description="where the repositories live")
    clusters: dict[str, ClusterSection] = Field(min_length=1, description="where to deploy to")
    projects: list[ProjectSection] = Field(description="which repository may reach which cluster; [] for none yet")

    def operator(self, surroundings: Surroundings) -> Operator:
        """Make the operator's configuration, with what follows from the rest."""
        host, port = host_and_port(self.listen)
        dashboard = host_and_port(self.dashboard.listen) if self.dashboard else None
        own = own_rules(self.rules, pushed=False)
        store = plain(self.store)
        if store.startswith("postgresql://"):
            store = store.replace("postgresql://", "postgresql+psycopg://", 1)
        forges = {name: section.forge(name, surroundings) for name, section in self.forges.items()}
        public_url = self.public_url or f"http://{reachable(host)}:{port}"
        operator = Operator(
            public_url=public_url,
            host=host,
            port=port,
            state=surroundings.path(self.state),
            workers=self.workers,
            store=store,
            broker=plain(self.broker),
            encryption_key=self.encryption_key.value if self.encryption_key else "",
            dashboard=dashboard,
            pages=shown(self.pages, dashboard[0] if dashboard else host, public_url),
            login=self.login.login(forges) if self.login else None,
            trusted_proxies=networks(self.trusted_proxies),
            retention=self.retention.retention(),
            drift_every=self.drift.every,
            health=rules(self.health),
            rules=own,
            sources=sources(self.sources),
            registries=registries(self.registries),
            receivers={name: section.receiver(name) for name, section in self.notifications.items()},
            forges=forges,
            clusters={name: section.cluster(name, surroundings) for name, section in self.clusters.items()},
            projects={section.repository: section.project(own) for section in self.projects},
        )
        homes = [(name, access.home) for name, access in operator.clusters.items() if access.home]
        fences = fenced(operator.projects, homes, operator.canonical)
        return replace(operator, projects=fences, secret_files=frozenset(surroundings.secret_files))
