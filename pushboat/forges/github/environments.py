"""The rules of GitHub's environments: reviewers, branches and tags, wait timer. Other Apps' bind workflows alone."""

from typing import Any
from urllib.parse import quote

from github import Github

from pushboat.forges.github.api import MOST_PAGES, Api, get, listed
from pushboat.model.forge_rules import Consent, ForgeRules, Sort, Who

_KNOWN = ("required_reviewers", "wait_timer", "branch_policy")
_MINUTE = 60.0
_SORTS = ("branch", "tag")


def rules(api: Api, repository: str, environment: str) -> ForgeRules:
    """Read the rules; where GitHub has no such environment there are none."""
    doing = f"read the rules of environment {environment} of {repository}"
    path = f"/repos/{repository}/environments/{quote(environment, safe='')}"

    def read(github: Github) -> ForgeRules:
        found = get(github, path)
        policy = found.get("deployment_branch_policy")
        branches, tags = _refs(github, repository, path, dict(policy)) if policy else (None, None)
        told = [dict(rule) for rule in found.get("protection_rules") or ()]
        reviewers = [rule for rule in told if rule["type"] == "required_reviewers"]
        return ForgeRules(
            environment=environment,
            branches=branches,
            tags=tags,
            consents=tuple(_consent(repository, rule) for rule in reviewers if rule.get("reviewers")),
            self_review=not any(rule.get("prevent_self_review") for rule in reviewers),
            wait=_MINUTE * max((int(rule["wait_timer"]) for rule in told if rule["type"] == "wait_timer"), default=0),
            unknown=tuple(str(rule["type"]) for rule in told if rule["type"] not in _KNOWN),
        )

    return api.ask_unless_missing(repository, doing, read, ForgeRules(environment=environment))


def _consent(repository: str, rule: dict[str, Any]) -> Consent:
    return Consent(among=tuple(_who(repository, dict(one)) for one in rule["reviewers"]))


def _who(repository: str, one: dict[str, Any]) -> Who:
    reviewer = dict(one["reviewer"])
    if one["type"] == "Team":
        return Who(Sort.GROUP, f"{repository.partition('/')[0]}/{reviewer['slug']}")
    return Who(Sort.USER, str(reviewer["login"]))


def _refs(
    github: Github, repository: str, path: str, policy: dict[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the patterns of the branches and of the tags that may be deployed."""
    if policy.get("protected_branches"):
        found = listed(github, f"/repos/{repository}/branches?protected=true")
        return tuple(str(one["name"]) for one in found if one.get("protected", True)), ()
    patterns = []
    for page in range(1, MOST_PAGES + 1):
        answer = get(github, f"{path}/deployment-branch-policies?per_page=100&page={page}")
        patterns += [dict(one) for one in answer["branch_policies"]]
        if len(answer["branch_policies"]) < 100:
            break
    of = {sort: tuple(str(one["name"]) for one in patterns if one.get("type", "branch") == sort) for sort in _SORTS}
    return of["branch"], of["tag"]
