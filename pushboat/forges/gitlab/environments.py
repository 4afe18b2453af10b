"""The rules of GitLab's protected environments: who may deploy, and how many of whom must approve."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from gitlab import Gitlab

from pushboat.forges.gitlab.api import Api, get
from pushboat.model.forge_rules import Consent, ForgeRules, Sort, Who

_LEVELS = {30: "write", 40: "maintain", 50: "admin"}
_NOBODY = "the GitLab's administrators"
"""Whom we never find anybody among: being one says nothing about the project."""


def rules(api: Api, repository: str, environment: str) -> ForgeRules:
    """Read the rules; an environment that is not protected has none."""
    doing = f"read the rules of environment {environment} of {repository}"
    project = f"/projects/{quote(repository, safe='')}"
    path = f"{project}/protected_environments/{quote(environment, safe='')}"

    def read(gitlab: Gitlab) -> ForgeRules:
        found = get(gitlab, path)
        deployers = _all(gitlab, found["deploy_access_levels"])
        legacy, rules = int(found.get("required_approval_count") or 0), list(found.get("approval_rules") or ())
        own = Consent(among=deployers, count=legacy)
        consents = [
            Consent(among=_all(gitlab, [rule]), count=int(rule.get("required_approvals") or 1)) for rule in rules
        ]
        consents += [own] if legacy and not rules else []
        settings = get(gitlab, project) if consents else {}
        return ForgeRules(
            environment=environment,
            deployers=deployers,
            consents=tuple(consents),
            self_review=bool(settings.get("allow_pipeline_trigger_approve_deployment")),
        )

    return api.ask_unless_missing(repository, doing, read, ForgeRules(environment=environment))


def _all(gitlab: Gitlab, told: Iterable[Any]) -> tuple[Who, ...]:
    return tuple(_who(gitlab, dict(one)) for one in told)


def _who(gitlab: Gitlab, one: dict[str, Any]) -> Who:
    if one.get("user_id"):
        return Who(Sort.USER, str(get(gitlab, f"/users/{int(one['user_id'])}")["username"]))
    if one.get("group_id"):
        return Who(Sort.GROUP, str(get(gitlab, f"/groups/{int(one['group_id'])}")["full_path"]))
    return Who(Sort.LEVEL, _LEVELS.get(int(one["access_level"]), _NOBODY))
