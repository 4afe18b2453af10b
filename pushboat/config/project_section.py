"""The section `projects` of the operator's file: which repository may reach which cluster and namespaces."""

from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from pushboat.config.ci import MOST_RULES, CiSection, ci_rules
from pushboat.config.decryption import NO_KEYS, DecryptionSection
from pushboat.config.definition import DefinitionSection
from pushboat.config.freezing import MOST_FREEZES, FreezeSection, freezes
from pushboat.config.gates import MOST_GATES, GateSection, unique
from pushboat.config.hosts import MOST_HOSTS, AskedHost, names, tokens
from pushboat.config.images import NO_RULES, ImagesSection
from pushboat.config.notifying import Notify, chosen
from pushboat.config.policy import PolicySection
from pushboat.config.project import CHANGES, HONOUR, OFF, PLAN, WARN, Allowed, Limits, Project
from pushboat.config.schema import Section
from pushboat.config.signers import MOST_SIGNERS, REQUIRED, SignerSection, each_once, signers
from pushboat.config.values import ClusterScopedKind, Deployer, FieldOwner, FormerName, RecreatedKind, word_of_off
from pushboat.config.verifying import hosts_of, verifications
from pushboat.config.ways import entry_account, entry_name, entry_namespace
from pushboat.policy.own import OwnRule

T = TypeVar("T", bound=str)

Adoptable = Literal["kubectl", "helm", "argocd", "flux", "any"]
"""Whose objects may be taken over; `any` also means tools that Pushboat does not know by name."""


def _kubectl() -> list[Adoptable]:
    return ["kubectl"]


def _unique(names: list[T]) -> list[T]:
    if len(set(names)) < len(names):
        raise ValueError("names something twice")
    return names


class LimitsSection(DefinitionSection):
    """One environment as the operator writes it."""

    cluster: str = Field(description="one of the names under 'clusters'")
    namespaces: Annotated[list[Annotated[str, AfterValidator(entry_namespace)]], AfterValidator(_unique)] = Field(
        min_length=1, description="the namespaces it may write to; the first is the default"
    )
    create_namespaces: bool = False
    cluster_scoped: Annotated[list[ClusterScopedKind], AfterValidator(_unique)] = Field(default_factory=list)
    service_account: Annotated[str, AfterValidator(entry_account)] = ""
    deployers: list[Deployer] = Field(default_factory=lambda: ["write"])
    approvers: list[Deployer] = Field(default_factory=list)
    first: Literal["wait", "deploy"] = "wait"
    logs_in_comments: bool = False
    adopt: Annotated[list[Adoptable], AfterValidator(_unique)] = Field(default_factory=_kubectl)
    people: list[FieldOwner] = Field(default_factory=list, max_length=100)
    formerly: list[FormerName] = Field(default_factory=list)
    recreate: Annotated[list[RecreatedKind], AfterValidator(_unique)] = Field(default_factory=list)
    verify_hosts: list[AskedHost] = Field(default_factory=list, max_length=MOST_HOSTS)
    self_heal: bool = False
    require_up_to_date: Annotated[Literal["off", "warn", "refuse"], BeforeValidator(word_of_off)] = WARN
    merge_queue: Literal["plan", "deploy"] = PLAN
    freeze: list[FreezeSection] = Field(default_factory=list, max_length=MOST_FREEZES)
    gates: Annotated[list[GateSection], AfterValidator(unique)] = Field(default_factory=list, max_length=MOST_GATES)
    forge_deployments: bool = True
    forge_environments: Literal["honour", "ignore"] = HONOUR
    signed_commits: Annotated[Literal["off", "required"], BeforeValidator(word_of_off)] = OFF
    signers: Annotated[list[SignerSection], AfterValidator(each_once)] = Field(
        default_factory=list, max_length=MOST_SIGNERS
    )
    decryption: DecryptionSection | None = None
    policy: PolicySection = Field(default_factory=PolicySection)
    images: ImagesSection | None = None
    notify: Notify = Field(default_factory=dict)

    def limits(self, environment: str, rules: tuple[OwnRule, ...]) -> Limits:
        """Make the limits."""
        return Limits(
            environment=environment,
            cluster=self.cluster,
            namespaces=tuple(self.namespaces),
            create_namespaces=self.create_namespaces,
            cluster_scoped=tuple(self.cluster_scoped),
            service_account=self.service_account,
            deployers=tuple(self.deployers),
            approvals=self.approvals,
            approvers=tuple(self.approvers) or tuple(self.deployers),
            first=self.first,
            logs_in_comments=self.logs_in_comments,
            adopt=tuple(self.adopt),
            people=tuple(self.people),
            formerly=tuple(self.formerly),
            recreate=tuple(self.recreate),
            verify_hosts=(*names(self.verify_hosts), *hosts_of(verifications(self.verify))),
            verify_tokens=tokens(self.verify_hosts),
            self_heal=self.self_heal,
            require_up_to_date=self.require_up_to_date,
            merge_queue=self.merge_queue,
            gates=tuple(each.gate() for each in self.gates),
            freeze=freezes(self.freeze),
            forge_deployments=self.forge_deployments,
            forge_environments=self.forge_environments,
            signed=self.signed_commits == REQUIRED,
            signers=signers(self.signers),
            decryption=self.decryption.decryption() if self.decryption else NO_KEYS,
            policy=self.policy.policy(),
            images=self.images.rules() if self.images else NO_RULES,
            rules=rules,
            notify=chosen(self.notify),
            fixed=self.said(),
        )


class ProjectSection(Section):
    """One project as it is written."""

    repository: str = Field(description="the forge's name and the repository's full path, such as github/acme/shop")
    environments: dict[Annotated[str, AfterValidator(entry_name)], LimitsSection] = Field(
        min_length=1, description="at least one, with its cluster and namespaces"
    )
    comment: Literal["always", "changes", "never"] = CHANGES
    ci: list[CiSection] = Field(default_factory=list, max_length=MOST_RULES)
    team: str = Field(default="", max_length=63, pattern=r"^[A-Za-z0-9._/-]*$", description="whose it is, in figures")
    renders: str = Field(default="", description="the repository whose refs get what was deployed")

    def project(self, rules: tuple[OwnRule, ...] = ()) -> Project:
        """Make the project; the rules hold for all of it."""
        written = {name: section.limits(name, rules) for name, section in self.environments.items()}
        return Project(
            repository=self.repository,
            environments=Allowed(written),
            comment=self.comment,
            ci=ci_rules(self.repository, self.ci),
            team=self.team,
            renders=self.renders,
        )
