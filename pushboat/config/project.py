"""What the operator allows a repository: which environments, each with its cluster and namespaces.

Whom an entry lists by its name is told apart from whom a pattern makes: see `Allowed`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from pushboat.config.decryption import NO_KEYS, Decryption
from pushboat.config.freezing import Freeze
from pushboat.config.gates import Gate
from pushboat.config.images import NO_RULES, ImageRules
from pushboat.config.policy import STANDARD, Policy
from pushboat.config.signers import Signer
from pushboat.config.values import dns_label, environment_name
from pushboat.config.ways import NAME, filled, way_of
from pushboat.model.ci import CiRule
from pushboat.policy.own import OwnRule

OFF: Final = "off"
WARN: Final = "warn"
REFUSE: Final = "refuse"
"""What becomes of a `/deploy` of a pull request that is behind its base."""
ALWAYS: Final = "always"
CHANGES: Final = "changes"
NEVER: Final = "never"
"""Which pull requests get the comment that says how they stand."""

PLAN: Final = "plan"
DEPLOY: Final = "deploy"
"""What is done with a group of the forge's merge queue before it merges."""

HONOUR: Final = "honour"
IGNORE: Final = "ignore"
"""What becomes of the rules of the forge's own environments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the operator allows one environment, and the repository's fields that the operator fixes (`fixed`)."""

    environment: str
    cluster: str
    namespaces: tuple[str, ...]
    create_namespaces: bool = False
    cluster_scoped: tuple[str, ...] = ()
    service_account: str = ""
    deployers: tuple[str, ...] = ("write",)
    approvals: int = 0
    approvers: tuple[str, ...] = ("write",)
    first: str = "wait"
    logs_in_comments: bool = False
    adopt: tuple[str, ...] = ("kubectl",)
    people: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    recreate: tuple[str, ...] = ()
    verify_hosts: tuple[str, ...] = ()
    verify_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    self_heal: bool = False
    require_up_to_date: str = WARN
    merge_queue: str = PLAN
    gates: tuple[Gate, ...] = ()
    freeze: tuple[Freeze, ...] = ()
    forge_deployments: bool = True
    forge_environments: str = HONOUR
    signed: bool = False
    signers: tuple[Signer, ...] = ()
    decryption: Decryption = NO_KEYS
    policy: Policy = STANDARD
    images: ImageRules = NO_RULES
    rules: tuple[OwnRule, ...] = ()
    notify: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)


Taken = Mapping[tuple[str, str], str]
"""Namespaces of clusters that entries write out, each with whose it is."""
MOST_MADE = 10_000
"""Names of which is kept what patterns make of them; people may write any."""
FILLED = ("namespace", "url")
"""The repository's fields in which `{name}` stands for a part of the environment's name."""


@dataclass(frozen=True)
class Allowed:
    """The environments that the operator's file allows a repository: those that it lists, and those of its patterns.

    A pattern allows names and does not say which of them there are. So nobody can go through what is allowed: whoever
    wants every environment names those that something is known of. `written` are the entries by their keys; a name that
    one lists is no pattern's. No folder's name leads into a namespace that an entry writes out (`taken`), and none
    brings back an environment with which another one goes on (`former`).
    """

    written: Mapping[str, Limits]
    taken: Taken = field(default_factory=dict, repr=False)
    former: Mapping[str, str] = field(default_factory=dict, repr=False)

    __iter__ = None

    @cached_property
    def listed(self) -> Mapping[str, Limits]:
        """Give those that have an entry of their own."""
        return {name: limits for name, limits in self.written.items() if NAME not in name}

    @cached_property
    def patterns(self) -> Mapping[str, Limits]:
        """Give the entries that stand for many, with `{name}` where a part of a name will be."""
        return {name: limits for name, limits in self.written.items() if NAME in name}

    @cached_property
    def _made(self) -> dict[str, Limits | str]:
        return {}

    def get(self, name: str) -> Limits | None:
        """Give what is allowed under a name; None where nothing is."""
        own = self.listed.get(name)
        if own is not None or not self.patterns:
            return own
        made = self._by_pattern(name)
        return None if isinstance(made, str) else made

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __getitem__(self, name: str) -> Limits:
        if (found := self.get(name)) is None:
            raise KeyError(name)
        return found

    def known(self, names: Iterable[str]) -> dict[str, Limits]:
        """Give those that are listed, in the file's order, then those of these names that a pattern allows."""
        by_pattern = {name: found for name in sorted({*names} - self.listed.keys()) if (found := self.get(name))}
        return {**self.listed, **by_pattern}

    def having(self, namespace: str) -> list[Limits]:
        """Give those that have a namespace: the listed ones, then those that a pattern makes of its name."""
        by_pattern = [
            found
            for entry, limits in self.patterns.items()
            for text in limits.namespaces
            if NAME in text and (part := way_of(text).part(namespace)) and (found := self.get(filled(entry, part)))
        ]
        return [each for each in (*self.listed.values(), *by_pattern) if namespace in each.namespaces]

    def refusal(self, name: str) -> str:
        """Say why a pattern that fits a name does not allow it; empty where none fits, or it does."""
        made = "" if name in self.listed else self._by_pattern(name)
        return made if isinstance(made, str) else ""

    def _by_pattern(self, name: str) -> Limits | str:
        made = self._made.get(name)
        if made is None:
            made = self._make(name)
            if len(self._made) >= MOST_MADE:
                self._made.clear()
            self._made[name] = made
        return made

    def _make(self, name: str) -> Limits | str:
        for entry, limits in self.patterns.items():
            if part := way_of(entry).part(name):
                return self._refusal(name, part, limits) or _made(name, part, limits)
        return ""

    def _refusal(self, name: str, part: str, limits: Limits) -> str:
        try:
            environment_name(name)
        except ValueError as error:
            return f"it {error}"
        if heir := self.former.get(name):
            return f"environment {heir} goes on with it"
        account = [limits.service_account.partition("/")[0]] if limits.service_account else []
        for index, text in enumerate((*limits.namespaces, *account)):
            if NAME in text and (why := self._bad(filled(text, part), limits, index, part)):
                return why
        own = filled(limits.service_account, part)
        whose = self.taken.get((limits.cluster, own)) if own != limits.service_account else ""
        return f"service account {own} is {whose}'s" if whose else ""

    def _bad(self, namespace: str, limits: Limits, index: int, part: str) -> str:
        """Say why an environment cannot have a namespace only because of how it is called."""
        try:
            dns_label(namespace)
        except ValueError as error:
            return f"its namespace {namespace} {error}"
        if namespace == "default" or namespace.startswith("kube-"):
            return f"namespace {namespace} is the cluster's own"
        if whose := self.taken.get((limits.cluster, namespace)):
            return f"namespace {namespace} is {whose}'s"
        for text in limits.namespaces[index + 1 :]:
            other = way_of(text).part(namespace) if NAME in text else ""
            if other and other != part:
                return f"namespace {namespace} is that of {filled(limits.environment, other)} too"
        return ""


def _made(name: str, part: str, limits: Limits) -> Limits:
    fixed = {key: filled(value, part) if key in FILLED else value for key, value in limits.fixed.items()}
    return replace(
        limits,
        environment=name,
        namespaces=tuple(dict.fromkeys(filled(each, part) for each in limits.namespaces)),
        service_account=filled(limits.service_account, part),
        fixed=fixed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One repository (`github/acme/shop`) and what it is allowed; `comment` says which pull requests get one.

    `ci` are the jobs that may ask the API about it, `team` whose it is in figures, `renders` where it is committed."""

    repository: str
    environments: Allowed
    comment: str = CHANGES
    ci: tuple[CiRule, ...] = ()
    team: str = ""
    renders: str = ""


def fenced(
    projects: Mapping[str, Project], homes: Iterable[tuple[str, str]], canonical: Callable[[str], str]
) -> dict[str, Project]:
    """Let patterns of projects know which namespaces and which earlier names are others'.

    `homes` are namespaces of clusters that are Pushboat's own. `canonical` gives a name as its forge compares names.
    """
    taken = dict.fromkeys(homes, "Pushboat")
    former: dict[str, dict[str, str]] = {}
    for project in projects.values():
        for entry, limits in project.environments.written.items():
            whose = f"environment {entry} of {project.repository}"
            account = limits.service_account  # whoever may write where it lives may run as it
            own = (*limits.namespaces, *((account, account.partition("/")[0]) if account else ()))
            taken |= {(limits.cluster, each): whose for each in own if NAME not in each}
            for text in limits.formerly:
                repository, _, environment = text.rpartition(":")
                where = former.setdefault(canonical(repository or project.repository), {})
                where[environment] = entry if not repository else f"{entry} of {project.repository}"
    return {
        name: replace(project, environments=_fenced(project.environments, taken, former.get(canonical(name), {})))
        for name, project in projects.items()
    }


def _fenced(allowed: Allowed, taken: Taken, former: Mapping[str, str]) -> Allowed:
    return replace(allowed, taken=taken, former=former) if allowed.patterns else allowed
