"""What a repository may say of an environment. The operator may say any of it too, and then wins."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from pushboat.config.document import At, Document
from pushboat.config.globs import MOST_GLOBS, Glob
from pushboat.config.helm import HelmSection
from pushboat.config.ignoring import MOST_RULES, IgnoredSection, rules
from pushboat.config.needing import MOST_NEEDS, unique
from pushboat.config.schema import Section
from pushboat.config.values import Branch, Duration, EnvironmentName, Place, TagGlob, word_of_off
from pushboat.config.verifying import MOST_VERIFICATIONS, VerificationSection, verifications
from pushboat.config.ways import entry_namespace, entry_url
from pushboat.model.wording import near_miss, quoted

STAY: Final = "stay"
ROLLBACK: Final = "rollback"
MOST_APPROVALS = 10
RENDERERS = ("auto", "plain", "kustomize", "helm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One environment as the repository's file has it: only the fields that it says, durations in seconds.

    `entry` is the key under which it stands there, where a pattern has made it; empty where that is its name.
    """

    name: str
    said: dict[str, Any] = field(default_factory=dict)
    entry: str = ""


def _renderer(name: str) -> str:
    if name not in RENDERERS:
        raise ValueError(f"is no renderer: {near_miss(name, RENDERERS)}")
    return name


def _some(approvals: int) -> int:
    if not 0 <= approvals <= MOST_APPROVALS:
        raise ValueError(f"must be 0 to {MOST_APPROVALS}")
    return approvals


def _declined(self_heal: object) -> object:
    if self_heal is True:
        raise ValueError("is the operator's to grant, in pushboat.yaml; here it may only be false")
    return self_heal


def _tightened(signed_commits: str) -> str:
    if signed_commits != "required":
        raise ValueError("is the operator's to set, in pushboat.yaml; here it may only be required")
    return signed_commits


class DefinitionSection(Section):
    """One environment's fields as they are written."""

    elsewhere: ClassVar[frozenset[str]] = frozenset(
        (
            "cluster",
            "namespaces",
            "create_namespaces",
            "decryption",
            "policy",
            "cluster_scoped",
            "service_account",
            "deployers",
            "approvers",
            "first",
            "logs_in_comments",
            "adopt",
            "people",
            "formerly",
            "recreate",
            "verify_hosts",
            "require_up_to_date",
            "merge_queue",
            "gates",
            "freeze",
            "forge_deployments",
            "forge_environments",
            "notify",
            "signers",
            "images",
            "decryption",
            "policy",
        )
    )

    branch: Branch = ""
    tag: TagGlob = ""
    path: Place = ""
    include: list[Glob] = Field(default_factory=list, min_length=1, max_length=MOST_GLOBS)
    exclude: list[Glob] = Field(default_factory=list, max_length=MOST_GLOBS)
    recurse: bool = True
    render: Annotated[str, AfterValidator(_renderer)] = "auto"
    helm: HelmSection = Field(default_factory=HelmSection)
    namespace: Annotated[str, AfterValidator(entry_namespace)] = ""
    prune: bool = True
    wait: Duration = 600.0
    needs: Annotated[list[EnvironmentName], AfterValidator(unique)] = Field(default_factory=list, max_length=MOST_NEEDS)
    ignore: list[IgnoredSection] = Field(default_factory=list, max_length=MOST_RULES)
    verify: list[VerificationSection] = Field(default_factory=list, max_length=MOST_VERIFICATIONS)
    on_failure: Literal["stay", "rollback"] = STAY
    self_heal: Annotated[bool, AfterValidator(_declined)] = True
    signed_commits: Annotated[str, BeforeValidator(word_of_off), AfterValidator(_tightened)] = "off"
    url: Annotated[str, AfterValidator(entry_url)] = ""
    approvals: Annotated[int, AfterValidator(_some)] = 0

    def said(self) -> dict[str, Any]:
        """Give the fields that are written."""
        said = {name: getattr(self, name) for name in FIELDS if name in self.model_fields_set}
        if "self_heal" in self.model_fields_set and not self.self_heal:
            said[DECLINED] = True
        if self.approvals:
            said[APPROVALS] = self.approvals
        if "signed_commits" in self.model_fields_set and self.signed_commits == "required":
            said[SIGNED] = True
        made = {
            "ignore": rules(self.ignore),
            "verify": verifications(self.verify),
            **{name: tuple(getattr(self, name)) for name in ("needs", "include", "exclude")},
            "helm": self.helm.helm(),
        }
        return {**said, **{name: value for name, value in made.items() if name in said}}


DECLINED = "never_healed"
"""What `self_heal: false` becomes: a word that both files may say and that none takes back."""
APPROVALS = "approvals"
"""How many people must approve: both files may say a number, and the larger one counts."""
SIGNED = "signed"
"""What `signed_commits: required` becomes, which both files may say too."""
_APART = ("self_heal", "signed_commits", APPROVALS)
FIELDS = tuple(name for name in DefinitionSection.model_fields if name not in _APART)
"""The fields that make an environment."""


SELECTING = ("include", "exclude", "recurse")
"""The fields that say which files of a plain folder are read."""


def note_both(document: Document, at: At) -> None:
    """Note what of an environment excludes each other: a branch and a tag, a renderer and a choice of plain files."""
    written = document.mapping(*at)
    if "branch" in written and "tag" in written:
        document.note((*at, "tag"), "'tag' and 'branch' exclude each other: an environment follows one", key=True)
    if written.get("render") in ("kustomize", "helm"):
        for name in (name for name in SELECTING if name in written):
            document.note((*at, name), f"{quoted(name)} {for_plain_folders(str(written['render']))}", key=True)


def for_plain_folders(engine: str) -> str:
    """Say why a choice of files means nothing to a renderer."""
    return f"is for folders of plain manifests: what {engine} reads stands in its own files"
