"""Pull requests that are opened by API, with each forge's rules: the branch is there, has commits, and has none yet."""

from typing import TYPE_CHECKING, Any

from flask import Flask, request

from tests.fakes import gitea_payloads, github_payloads, gitlab_payloads
from tests.fakes.nouns import Project, PullRequest

if TYPE_CHECKING:
    from tests.fakes.forge import FakeForge


def open_at_github(app: Flask, forge: "FakeForge", find: Any, refuse: Any, more: tuple[Any, Any], repo: str) -> None:
    """Open GitHub's routes."""
    acting, paginated = more

    def shown(project: Project, pull: PullRequest) -> dict[str, Any]:
        place = f"{forge.url}/{project.name}/pull/{pull.number}"
        return github_payloads.pull_request(forge, project, pull) | {"html_url": place, "body": pull.body}

    def demand(project: Project) -> None:
        token = request.headers.get("Authorization", "").partition(" ")[2]
        granted = getattr(forge, "app_grants", {}).get(token, {}).get("pull_requests") == "write"
        if not granted and not (token == forge.token and "repo" in forge.scopes):
            refuse(403, "Resource not accessible by personal access token")

    @app.get(f"{repo}/pulls")
    def pulls(owner: str, name: str) -> Any:
        project, wanted = find(forge, owner, name), request.args
        user, _, branch = wanted.get("head", "").partition(":")
        found = [
            shown(project, each)
            for each in _open(project)
            if (each.head, each.base, each.head_project.name.partition("/")[0]) == (branch, wanted.get("base"), user)
        ]
        return paginated(forge, found)

    @app.post(f"{repo}/pulls")
    def open_pull(owner: str, name: str) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        demand(project)
        wrong = _wrong(project, wanted["head"], wanted["base"])
        if wrong:
            said = {"head": "head is invalid", "base": "base is invalid", "same": "No commits between the two"}
            said["there"] = f"A pull request already exists for {owner}:{wanted['head']}."
            refuse(422, "Validation Failed", said[wrong])
        return shown(project, _opened(forge, project, wanted, wanted.get("body", ""), acting(forge))), 201

    @app.patch(f"{repo}/pulls/<int:number>")
    def edit_pull(owner: str, name: str, number: int) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        demand(project)
        pull = project.pull_requests[number]
        pull.title, pull.body = wanted["title"], wanted["body"]
        return shown(project, pull)


def open_at_gitlab(app: Flask, forge: "FakeForge", find: Any, refuse: Any, more: tuple[Any, Any], place: str) -> None:
    """Open GitLab's routes."""
    demand, paginated = more

    def shown(project: Project, pull: PullRequest) -> dict[str, Any]:
        url = f"{forge.url}/{project.name}/-/merge_requests/{pull.number}"
        return gitlab_payloads.merge_request(project, pull) | {"web_url": url, "description": pull.body}

    @app.get(f"{place}/merge_requests")
    def merge_requests(id: str) -> Any:  # noqa: A002 - GitLab's word
        project, wanted = find(forge, id), request.args
        ends = (wanted.get("source_branch"), wanted.get("target_branch"))
        found = [shown(project, each) for each in _open(project) if (each.head, each.base) == ends]
        return paginated(found if wanted.get("state") == "opened" else [])

    @app.post(f"{place}/merge_requests")
    def open_merge_request(id: str) -> Any:  # noqa: A002
        project, wanted = find(forge, id), request.get_json()
        demand(forge, project)
        wrong = _wrong(project, wanted["source_branch"], wanted["target_branch"])
        if wrong in ("head", "base"):
            refuse(400, {"source_branch" if wrong == "head" else "target_branch": ["does not exist"]})
        if wrong == "there":
            refuse(409, ["Another open merge request already exists for this source branch"])
        ends = {"head": wanted["source_branch"], "base": wanted["target_branch"], "title": wanted["title"]}
        return shown(project, _opened(forge, project, ends, wanted.get("description", ""), forge.bot)), 201

    @app.put(f"{place}/merge_requests/<int:number>")
    def edit_merge_request(id: str, number: int) -> Any:  # noqa: A002
        project, wanted = find(forge, id), request.get_json()
        demand(forge, project)
        pull = project.pull_requests[number]
        pull.title, pull.body = wanted["title"], wanted["description"]
        return shown(project, pull)


def open_at_gitea(app: Flask, forge: "FakeForge", find: Any, refuse: Any, may: Any, repo: str) -> None:
    """Open Gitea's routes."""

    def shown(project: Project, pull: PullRequest) -> dict[str, Any]:
        url = f"{forge.url}/{project.name}/pulls/{pull.number}"
        return gitea_payloads.pull_request(forge, project, pull) | {"html_url": url, "body": pull.body}

    def demand(project: Project) -> None:
        if not may(forge, project, "pull") or "repo" not in forge.scopes:
            refuse(403, "token does not have at least one of required scope(s): [write:repository]")

    @app.get(f"{repo}/pulls")
    def pulls(owner: str, name: str) -> Any:
        project, wanted = find(forge, owner, name), request.args
        size, page = min(int(wanted.get("limit", 30)), 50), int(wanted.get("page", 1))
        found = _open(project) if wanted.get("state", "open") == "open" else list(project.pull_requests.values())
        return [shown(project, each) for each in found[(page - 1) * size : page * size]]

    @app.post(f"{repo}/pulls")
    def open_pull(owner: str, name: str) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        demand(project)
        wrong = _wrong(project, wanted["head"], wanted["base"])
        if wrong == "there":
            refuse(409, "pull request already exists for these targets")
        if wrong:
            refuse(404, "The target couldn't be found.")
        return shown(project, _opened(forge, project, wanted, wanted.get("body", ""), forge.bot)), 201

    @app.patch(f"{repo}/pulls/<int:number>")
    def edit_pull(owner: str, name: str, number: int) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        demand(project)
        pull = project.pull_requests[number]
        pull.title, pull.body = wanted["title"], wanted["body"]
        return shown(project, pull), 201


def _open(project: Project) -> list[PullRequest]:
    return [each for each in project.pull_requests.values() if each.state == "open"]


def _wrong(project: Project, head: str, base: str) -> str:
    tip, into = (project.bare.resolve(f"refs/heads/{name}") for name in (head, base))
    if not tip or not into:
        return "base" if tip else "head"
    own = [each for each in _open(project) if each.head_project is project]
    if any((each.head, each.base) == (head, base) for each in own):
        return "there"
    return "same" if project.bare.contains(tip, into) else ""


def _opened(forge: "FakeForge", project: Project, wanted: dict[str, Any], body: str, author: str) -> PullRequest:
    made = forge.open_pull_request(project.name, wanted["head"], wanted["base"], author=author, title=wanted["title"])
    pull = project.pull_requests[made.number]
    pull.body = body
    return pull
