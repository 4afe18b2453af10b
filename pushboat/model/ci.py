"""Who a job of a forge's CI is: the operator's rules on what its signed token must claim, and what the job may do then.

No secret is shared with it. The forge signs a token for each job, and a rule says which jobs are let in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pushboat.model.api_token import Role
from pushboat.model.reach import Reach
from pushboat.model.wording import printable

Claims = Mapping[str, object]

BINDING = ("repository", "repository_id", "project_path", "project_id")
"""Claims that say whose job it is: GitHub's and Gitea's words, then GitLab's. A rule needs one of them, written out."""
TRIGGERS = ("event_name", "pipeline_source")
"""Claims that say what began it."""
TRUSTED = ("push", "workflow_dispatch", "repository_dispatch", "schedule", "release", "create", "web", "api", "trigger")
"""What may begin a job that deploys: each takes the right to write. All else may run, or be begun by, what a stranger
proposes: a comment, a review, a pull request with its base's rights, a pipeline that another pipeline begins."""
PROPOSED = ("refs/pull/", "refs/merge-requests/", "pull_request")
"""Refs of proposals, and GitHub's word for them in `sub`, which a name of a branch may begin with as well."""
FULL = "refs/"
"""What a ref begins with that says itself whether it is a branch or a tag."""
ANY = "*"
LONGEST_CLAIM = 100
"""Characters of a claim that are repeated to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CiRule:
    """Which jobs are let in: whose tokens, meant for whom, with which claims; how far they see and what they may do."""

    issuer: str
    audience: str
    claims: Mapping[str, str]
    reach: Reach
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CiRun:
    """A job that was let in; `name` says which one it is, for people and the audit."""

    name: str
    reach: Reach
    role: Role
    issuer: str = field(default="", repr=False)
    expires_at: float = float("inf")

    @property
    def who(self) -> str:
        """Name who asks."""
        return self.name


def wrong(rule: CiRule, claims: Claims) -> list[str]:
    """Say what of these claims is not as a rule has it; nothing where the rule lets them in."""
    faults = [
        f"{name} {_shown(claims, name)}" for name, wanted in rule.claims.items() if not _fits(wanted, claims.get(name))
    ]
    faults += _no_branch(rule, claims)
    if rule.role is Role.DEPLOYER:
        faults += _not_to_deploy(claims)
    return faults


def far(faults: list[str]) -> tuple[bool, int]:
    """Say how far a rule is from what it refused: one on another repository is farthest."""
    return any(each.split(" ")[0] in BINDING for each in faults), len(faults)


def run_of(rule: CiRule, claims: Claims) -> CiRun:
    """Name the job that brings these claims."""
    whose = _text(claims.get("repository")) or _text(claims.get("project_path")) or _text(claims.get("sub"))
    number = _text(claims.get("run_id")) or _text(claims.get("pipeline_id"))
    workflow = _text(claims.get("workflow"))
    words = [f"ci {rule.reach.only.partition('/')[0]} {whose}"]
    words += [f"run {number}"] if number else []
    words += [f"(workflow {workflow})"] if workflow else []
    return CiRun(
        name=printable(" ".join(words), 2 * LONGEST_CLAIM),
        reach=rule.reach,
        role=rule.role,
        expires_at=_moment(claims.get("exp")),
    )


def _no_branch(rule: CiRule, claims: Claims) -> list[str]:
    """Say that a ref by its short name, as GitLab writes them, is no branch: who may tag may call a tag as a branch."""
    short = not rule.claims.get("ref", FULL).startswith(FULL)
    if not short or "ref_type" in rule.claims or claims.get("ref_type") == "branch":
        return []
    return [f"ref_type {_shown(claims, 'ref_type')}, and a rule's short `ref` is a branch's unless it names ref_type"]


def _moment(claimed: object) -> float:
    return float(claimed) if isinstance(claimed, int | float) else float("inf")


def _not_to_deploy(claims: Claims) -> list[str]:
    """Say why a job may not deploy, whatever its rule claims."""
    began = {name: claims[name] for name in TRIGGERS if name in claims}
    if not began:
        return [f"{' or '.join(TRIGGERS)} missing, so that nothing says what began the job"]
    for name, found in began.items():
        if not isinstance(found, str) or found not in TRUSTED:
            return [f"{name} {_shown(claims, name)}, and only what {', '.join(TRUSTED)} began may deploy"]
    for name in ("ref", "ref_path"):
        if str(claims.get(name)).startswith(PROPOSED[:2]):
            return [f"{name} of a proposal, which never deploys"]
    parts = str(claims.get("sub")).split(":")
    return ["sub of a proposal, which never deploys"] if any(each.startswith(PROPOSED) for each in parts[1:]) else []


def _fits(wanted: str, found: object) -> bool:
    return isinstance(found, str | int) and _pattern(wanted).fullmatch(_text(found)) is not None


@lru_cache(maxsize=256)
def _pattern(wanted: str) -> re.Pattern[str]:
    """Let `*` stand for a part of a name, never for more than lies between two of `/` and `:`."""
    return re.compile("[^/:\n]*".join(map(re.escape, wanted.split(ANY))))


def _text(found: object) -> str:
    """Write a claim as rules have it; empty for what none can mean."""
    if isinstance(found, bool):
        return str(found).lower()
    return str(found) if isinstance(found, str | int) else ""


def _shown(claims: Claims, name: str) -> str:
    return repr(printable(_text(claims[name]), LONGEST_CLAIM)) if name in claims else "missing"
