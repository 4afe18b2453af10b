"""GitHub's environments and their rules, as whoever may read them sees them; and the teams that they name."""

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from flask import Flask, request

from tests.fakes import github_payloads as payloads
from tests.fakes.nouns import Sent

if TYPE_CHECKING:
    from tests.fakes.github import FakeGitHub


def open_environments(app: Flask, forge: "FakeGitHub", find: Any, refuse: Any, repo: str) -> None:
    """Open the routes of environments, their branch policies, protected branches and teams."""

    def found(owner: str, name: str, environment: str) -> dict[str, Any]:
        project = find(forge, owner, name)
        _demand(forge, refuse)
        rules = forge.environments.get((project.name, unquote(environment)))
        return rules if rules is not None else refuse(404, "Not Found")

    @app.get(f"{repo}/environments/<environment>")
    def get_environment(owner: str, name: str, environment: str) -> Any:
        rules = found(owner, name, environment)
        policy = _policy(rules)
        return {
            "id": 1,
            "name": environment,
            "protection_rules": [
                *_reviewers(forge, rules),
                *([{"id": 2, "type": "wait_timer", "wait_timer": rules["wait"]}] if rules.get("wait") else []),
                *([{"id": 3, "type": "branch_policy"}] if policy else []),
                *({"id": 4, "type": word} for word in rules.get("unknown", ())),
            ],
            "deployment_branch_policy": policy,
        }

    @app.get(f"{repo}/environments/<environment>/deployment-branch-policies")
    def list_policies(owner: str, name: str, environment: str) -> Any:
        rules = found(owner, name, environment)
        size, page = int(request.args.get("per_page", 30)), int(request.args.get("page", 1))
        every = [
            {"id": number, "type": sort, "name": pattern}
            for sort in ("branch", "tag")
            for number, pattern in enumerate(rules.get(sort, ()))
        ]
        return {"total_count": len(every), "branch_policies": every[(page - 1) * size : page * size]}

    @app.get(f"{repo}/branches")
    def list_branches(owner: str, name: str) -> Any:
        project = find(forge, owner, name)
        size, page = int(request.args.get("per_page", 30)), int(request.args.get("page", 1))
        shown = [{"name": one, "protected": True} for one in forge.protected.get(project.name, ())]
        return shown[(page - 1) * size : page * size]

    @app.post(f"{repo}/actions/runs/<int:run>/deployment_protection_rule")
    def review(owner: str, name: str, run: int) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        token = request.headers.get("Authorization", "").partition(" ")[2]
        if forge.app_grants.get(token, {}).get("deployments") != "write":
            refuse(403, "Resource not accessible by integration")
        key = (project.name, run, wanted["environment_name"])
        if key not in forge.asked or wanted.get("state") not in ("approved", "rejected"):
            refuse(422, "Validation Failed", "no pending deployment protection rule")
        forge.asked.remove(key)
        forge.reviews.append((run, wanted["environment_name"], wanted["state"], wanted.get("comment", "")))
        return "", 204

    @app.get("/api/v3/orgs/<org>/teams/<team>/memberships/<user>")
    def get_membership(org: str, team: str, user: str) -> Any:
        if user not in forge.teams.get(f"{org}/{team}", ()):
            refuse(404, "Not Found")
        return {"role": "member", "state": "pending" if user in forge.invited else "active"}


def ask_us(forge: "FakeGitHub", repository: str, environment: str, run: int, user: str, url: str = "") -> Sent:
    """Let a workflow's job reach an environment whose rules ask our App."""
    project = forge.projects[repository]
    forge.asked.add((repository, run, environment))
    sha = project.bare.resolve("refs/heads/main")
    deployment = {"id": run * 10, "ref": "main", "sha": sha, "environment": environment, "task": "deploy"}
    place = url or f"{forge.api_url}/repos/{repository}/actions/runs/{run}/deployment_protection_rule"
    told = {"action": "requested", "environment": environment, "event": "push", "deployment_callback_url": place}
    own = {"deployment": {**deployment, "creator": payloads.user(forge, user)}, "pull_requests": []}
    return forge.deliver("deployment_protection_rule", {**told, **own, **payloads.around(forge, project, user)})


def _policy(rules: dict[str, Any]) -> dict[str, bool] | None:
    custom, protected = "branch" in rules or "tag" in rules, bool(rules.get("protected"))
    return {"protected_branches": protected, "custom_branch_policies": custom} if custom or protected else None


def _reviewers(forge: "FakeGitHub", rules: dict[str, Any]) -> list[dict[str, Any]]:
    told = [{"type": "User", "reviewer": payloads.user(forge, name)} for name in rules.get("users", ())]
    told += [{"type": "Team", "reviewer": {"id": 1, "slug": slug, "name": slug}} for slug in rules.get("teams", ())]
    own = {"prevent_self_review": bool(rules.get("no_self_review")), "reviewers": told}
    return [{"id": 1, "type": "required_reviewers", **own}] if told else []


def _demand(forge: "FakeGitHub", refuse: Any) -> None:
    token = request.headers.get("Authorization", "").partition(" ")[2]
    if token in forge.app_tokens:
        if forge.app_grants[token].get("actions") not in ("read", "write"):
            refuse(403, "Resource not accessible by integration")
    elif "repo" not in forge.scopes:
        refuse(403, "Resource not accessible by personal access token")
