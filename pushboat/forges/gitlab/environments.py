"""The rules of GitLab's protected environments: who may deploy, and how many of whom must approve.

A project's own are read by its name, and those of the groups above it by the environment's tier. Of the latter GitLab
tells everybody who sees the environment that they are there, and only the group's owners all that they say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gitlab import Gitlab

from pushboat.forges.answers import Forbidden, Missing
from pushboat.forges.gitlab.api import Api, ask_graph, get
from pushboat.model.forge_rules import Consent, ForgeRules, Sort, Who

_LEVELS = {20: "triage", 30: "write", 40: "maintain", 50: "admin"}
_NOBODY = "the GitLab's administrators"
"""Whom we never find anybody among: being one says nothing about the project."""
_ENTRY = "user { username } group { fullPath } accessLevel { integerValue }"
_ABOVE = f"""query($project: ID!, $environment: String!) {{
  project(fullPath: $project) {{ environment(name: $environment) {{ protectedEnvironments {{ nodes {{
    name requiredApprovalCount group {{ fullPath }}
    deployAccessLevels {{ nodes {{ {_ENTRY} }} }} approvalRules {{ nodes {{ requiredApprovals {_ENTRY} }} }}
  }} }} }} }}
}}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """What a project, or a group above it, demands; `count` is for all who may deploy, where there are no rules."""

    deployers: tuple[Who, ...]
    consents: tuple[Consent, ...] = ()
    count: int = 0


def rules(api: Api, repository: str, environment: str) -> ForgeRules:
    """Read the rules; an environment that is protected nowhere has none."""
    doing = f"read the rules of environment {environment} of {repository}"
    project = f"/projects/{quote(repository, safe='')}"
    path = f"{project}/protected_environments/{quote(environment, safe='')}"

    def own(gitlab: Gitlab) -> tuple[_Level, ...]:
        return (_read(gitlab, get(gitlab, path)),)

    none: tuple[_Level, ...] = ()
    levels = (*api.ask_unless_missing(repository, doing, own, none), *_above(api, repository, environment, doing))
    consents = _consents(levels)
    settings = api.ask(doing, lambda gitlab: get(gitlab, project)) if consents else {}
    return ForgeRules(
        environment=environment,
        deployers=tuple(level.deployers for level in levels),
        consents=consents,
        self_review=not consents or bool(settings.get("allow_pipeline_trigger_approve_deployment")),
    )


def _consents(levels: tuple[_Level, ...]) -> tuple[Consent, ...]:
    """Give all rules of all levels; where there is none, the highest count of those who may deploy by each level."""
    asked = tuple(consent for level in levels for consent in level.consents)
    highest = max((level.count for level in levels), default=0)
    if asked or not highest:
        return asked
    first, *besides = (level.deployers for level in levels)
    return (Consent(among=first, count=highest, besides=tuple(besides)),)


def _above(api: Api, repository: str, environment: str, doing: str) -> list[_Level]:
    """Read what groups above the project demand of an environment that GitLab has."""
    variables = {"project": repository, "environment": environment}
    found = api.ask(doing, lambda gitlab: ask_graph(gitlab, _ABOVE, variables))
    place = ((found.get("project") or {}).get("environment") or {}).get("protectedEnvironments") or {}
    return [_of_group(api, doing, dict(node)) for node in place.get("nodes") or () if node.get("group")]


def _of_group(api: Api, doing: str, told: dict[str, Any]) -> _Level:
    """Read a group's rules whole where we own it; else as they are told to everybody, of its direct members."""
    group = str(told["group"]["fullPath"])
    path = f"/groups/{quote(group, safe='')}/protected_environments/{quote(str(told['name']), safe='')}"
    try:
        return api.ask(doing, lambda gitlab: _read(gitlab, get(gitlab, path), group))
    except (Forbidden, Missing):
        return _Level(
            deployers=tuple(_told(dict(one), group) for one in told["deployAccessLevels"]["nodes"]),
            consents=tuple(
                Consent(among=(_told(dict(one), group),), count=int(one.get("requiredApprovals") or 1))
                for one in (told.get("approvalRules") or {}).get("nodes") or ()
            ),
            count=int(told.get("requiredApprovalCount") or 0),
        )


def _read(gitlab: Gitlab, found: Mapping[str, Any], group: str = "") -> _Level:
    rules = list(found.get("approval_rules") or ())
    return _Level(
        deployers=_all(gitlab, found["deploy_access_levels"], group),
        consents=tuple(
            Consent(among=_all(gitlab, [rule], group), count=int(rule.get("required_approvals") or 1)) for rule in rules
        ),
        count=int(found.get("required_approval_count") or 0),
    )


def _all(gitlab: Gitlab, told: Iterable[Any], group: str) -> tuple[Who, ...]:
    return tuple(_who(gitlab, dict(one), group) for one in told)


def _who(gitlab: Gitlab, one: dict[str, Any], group: str) -> Who:
    if one.get("user_id"):
        return Who(Sort.USER, str(get(gitlab, f"/users/{int(one['user_id'])}")["username"]))
    if one.get("group_id"):
        path = str(get(gitlab, f"/groups/{int(one['group_id'])}")["full_path"])
        return Who(Sort.GROUP, path, direct=one.get("group_inheritance_type") == 0)
    return _with(int(one["access_level"]), group)


def _told(one: dict[str, Any], group: str) -> Who:
    if one.get("user"):
        return Who(Sort.USER, str(one["user"]["username"]))
    if one.get("group"):
        return Who(Sort.GROUP, str(one["group"]["fullPath"]), direct=True)
    return _with(int(one["accessLevel"]["integerValue"]), group)


def _with(level: int, group: str) -> Who:
    """Name whoever has a level: in the project, or in the group whose rule it is."""
    word = _LEVELS.get(level, "")
    if not word:
        return Who(Sort.LEVEL, _NOBODY)
    return Who(Sort.GROUP, group, level=word) if group else Who(Sort.LEVEL, word)
