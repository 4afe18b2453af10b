"""Gitea's REST API as far as Pushboat uses it, with Gitea's own rules: who may ask, which words, which answers."""

from typing import TYPE_CHECKING, Any, NoReturn

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from tests.fakes import gitea_payloads as payloads
from tests.fakes import pulls
from tests.fakes.gitea_hooks import open_hooks
from tests.fakes.nouns import Project, Status
from tests.fakes.routes import Routes
from tests.fakes.verdicts import open_at_gitea

if TYPE_CHECKING:
    from tests.fakes.gitea import FakeGitea

REPO = "/api/v1/repos/<owner>/<name>"
STATES = ("error", "failure", "pending", "success", "warning")


def refuse(code: int, message: str) -> NoReturn:
    """Answer as Gitea does."""
    answer = jsonify(message=message, url="https://gitea.example.com/api/swagger")
    answer.status_code = code
    abort(answer)


def application(forge: "FakeGitea") -> Flask:
    """Make the application."""
    app = Routes("fake-gitea")

    @app.before_request
    def authenticate() -> None:
        if request.path.startswith("/api/") and request.headers.get("Authorization") != f"token {forge.token}":
            refuse(401, "invalid username, password or token")

    @app.errorhandler(HTTPException)
    def unknown(error: HTTPException) -> tuple[Response, int] | Response:
        return error.response or (jsonify(message=error.name), error.code or 500)  # type: ignore[return-value]

    @app.get("/api/v1/user")
    def whoami() -> Any:
        return payloads.user(forge, forge.bot)

    @app.get(REPO)
    def repo(owner: str, name: str) -> Any:
        project = find(forge, owner, name)
        granted = {word: may(forge, project, word) for word in ("admin", "push", "pull")}
        return payloads.repository(forge, project) | {"permissions": granted}

    @app.get("/api/v1/repositories/<int:number>")
    def by_id(number: int) -> Any:
        found = next((one.name for one in forge.projects.values() if one.id == number), "nobody/nothing")
        owner, _, name = found.rpartition("/")
        return payloads.repository(forge, find(forge, owner, name))

    _statuses(app, forge)
    _history(app, forge)
    _pull_requests(app, forge)
    pulls.open_at_gitea(app, forge, find, refuse, may, REPO)
    _teams(app, forge)
    _comments(app, forge)
    _reactions(app, forge)
    open_hooks(app, forge, find, may, refuse)
    return app


def find(forge: "FakeGitea", owner: str, name: str) -> Project:
    """Give the repository to those whom Gitea would show it; an old name leads readers on."""
    repository = forge.spelled(f"{owner}/{name}")
    if place := forge.redirected(repository):
        moved = jsonify(message="moved")
        moved.status_code = 301
        rest = request.full_path.partition(f"/repos/{owner}/{name}")[2].rstrip("?")
        moved.headers["Location"] = f"{forge.api_url}/repos/{place}{rest}"
        abort(moved)
    if repository not in forge.projects or not may(forge, forge.projects[repository], "pull"):
        refuse(404, "The target couldn't be found.")
    return forge.projects[repository]


def may(forge: "FakeGitea", project: Project, word: str) -> bool:
    """Say what our own account may do; a bot administers its repositories unless a test says otherwise."""
    ranks = ("none", "read", "write", "admin")
    wanted = {"pull": "read", "push": "write", "admin": "admin"}[word]
    return ranks.index(project.permissions.get(forge.bot, "admin")) >= ranks.index(wanted)


def _statuses(app: Flask, forge: "FakeGitea") -> None:
    @app.post(f"{REPO}/statuses/<sha>")
    def create(owner: str, name: str, sha: str) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        if not may(forge, project, "push") or "repo" not in forge.scopes:
            refuse(403, "user should have a permission to write to a repo")
        if project.bare.resolve(sha) != sha:
            refuse(500, "")  # really
        if wanted.get("state") not in STATES:
            refuse(400, "invalid commit status state")
        context = wanted.get("context") or "default"
        posted = Status(
            id=next(forge.numbers), sha=sha, context=context, state=wanted["state"],
            description=wanted.get("description") or "", target_url=wanted.get("target_url") or "",
        )  # fmt: skip
        project.statuses.append(posted)
        return {"id": posted.id, "status": posted.state, "context": context}, 201

    @app.get(f"{REPO}/commits/<sha>/status")
    def combined(owner: str, name: str, sha: str) -> Any:
        project = find(forge, owner, name)
        if project.bare.resolve(sha) != sha:
            refuse(404, "commit does not exist")
        newest = {each.context: each for each in project.statuses if each.sha == sha}
        size, page = min(int(request.args.get("limit", 30)), 50), int(request.args.get("page", 1))
        part = list(newest.values())[(page - 1) * size : page * size]
        told = [
            {"id": each.id, "status": each.state, "context": each.context, "description": each.description}
            for each in part
        ]
        return {"state": "pending" if told else "", "sha": sha, "total_count": len(newest), "statuses": told or None}


def _history(app: Flask, forge: "FakeGitea") -> None:
    def commit(owner: str, name: str, ref: str) -> str:
        return find(forge, owner, name).bare.resolve(ref) or refuse(404, "The target couldn't be found.")

    @app.get(f"{REPO}/branches/<path:branch>")
    def branch(owner: str, name: str, branch: str) -> Any:
        sha, required = commit(owner, name, f"refs/heads/{branch}"), find(forge, owner, name).required
        rules = {"enable_status_check": bool(required), "status_check_contexts": required}
        return {"name": branch, "commit": {"id": sha}, **rules}

    @app.get(f"{REPO}/tags/<path:tag>")
    def tag(owner: str, name: str, tag: str) -> Any:
        sha = commit(owner, name, f"refs/tags/{tag}")
        bare = find(forge, owner, name).bare
        return {"name": tag, "id": bare.git("rev-parse", f"refs/tags/{tag}"), "commit": {"sha": sha}}

    @app.get(f"{REPO}/compare/<path:pair>")
    def compare(owner: str, name: str, pair: str) -> Any:
        bare, (base, head) = find(forge, owner, name).bare, pair.split("...")
        if not bare.resolve(base) or not bare.resolve(head):
            refuse(404, "The target couldn't be found.")
        related = bool(bare.roots(base) & bare.roots(head))  # without a merge base Gitea counts nothing
        count = int(bare.git("rev-list", "--count", f"{base}..{head}")) if related else 0
        return {"total_commits": count, "commits": []}

    open_at_gitea(app, forge, REPO, commit, refuse)


def _pull_requests(app: Flask, forge: "FakeGitea") -> None:
    @app.get(f"{REPO}/pulls/<int:number>")
    def pull(owner: str, name: str, number: int) -> Any:
        project = find(forge, owner, name)
        if number not in project.pull_requests:
            refuse(404, "The target couldn't be found.")
        return payloads.pull_request(forge, project, project.pull_requests[number])

    @app.get(f"{REPO}/collaborators/<login>/permission")
    def permission(owner: str, name: str, login: str) -> Any:
        project = find(forge, owner, name)
        if not may(forge, project, "admin") and login.lower() != forge.bot:
            refuse(403, "Only admins can query all permissions, repo admins can query all repo permissions")
        if login not in forge.users:
            refuse(404, f"user does not exist [uid: 0, name: {login}]")
        role = project.permissions.get(login, "none")
        return {"permission": role, "role_name": role, "user": payloads.user(forge, login)}


def _teams(app: Flask, forge: "FakeGitea") -> None:
    @app.get("/api/v1/orgs/<organisation>/teams/search")
    def search(organisation: str) -> Any:
        found = enumerate(sorted(forge.teams), start=1)
        names = [(number, team.partition("/")[2]) for number, team in found if team.startswith(f"{organisation}/")]
        wanted = request.args.get("q", "")
        return {"ok": True, "data": [{"id": number, "name": name} for number, name in names if wanted in name]}

    @app.get("/api/v1/teams/<int:number>/members/<login>")
    def team_member(number: int, login: str) -> Any:
        if login not in forge.teams[sorted(forge.teams)[number - 1]]:
            refuse(404, "The target couldn't be found.")
        return payloads.user(forge, login)


def _comments(app: Flask, forge: "FakeGitea") -> None:
    @app.get(f"{REPO}/issues/<int:number>")
    def issue(owner: str, name: str, number: int) -> Any:
        if number not in find(forge, owner, name).pull_requests:
            refuse(404, "The target couldn't be found.")
        return {"number": number}

    @app.get(f"{REPO}/issues/<int:number>/comments")
    def comments(owner: str, name: str, number: int) -> Any:
        project = find(forge, owner, name)
        if number not in project.pull_requests:
            refuse(500, "")  # really
        return jsonify([payloads.comment(forge, project, one) for one in project.comments if one.number == number])

    @app.post(f"{REPO}/issues/<int:number>/comments")
    def comment(owner: str, name: str, number: int) -> Any:
        project, body = find(forge, owner, name), request.get_json().get("body", "")
        if not body:
            refuse(422, "[Body]: Required")
        return payloads.comment(forge, project, forge.write_comment(project, number, forge.bot, body)), 201

    @app.patch(f"{REPO}/issues/comments/<int:number>")
    def edited(owner: str, name: str, number: int) -> Any:
        project, body = find(forge, owner, name), request.get_json().get("body", "")
        if not body:
            refuse(422, "[Body]: Required")
        written = forge.own_comment(project, number) or refuse(403, "")
        written.body = body
        return payloads.comment(forge, project, written)


def _reactions(app: Flask, forge: "FakeGitea") -> None:
    @app.get(f"{REPO}/issues/comments/<int:number>")
    def one_comment(owner: str, name: str, number: int) -> Any:
        project = find(forge, owner, name)
        found = next((each for each in project.comments if each.id == number), None)
        return payloads.comment(forge, project, found) if found else refuse(404, "The target couldn't be found.")

    @app.post(f"{REPO}/issues/comments/<int:number>/reactions")
    def reacted(owner: str, name: str, number: int) -> Any:
        project, content = find(forge, owner, name), request.get_json().get("content", "")
        if content not in ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"):
            refuse(403, "reaction is not allowed")
        new = project.react(number, (forge.bot, content))
        if new is None:
            refuse(404, "The target couldn't be found.")
        return {"content": content, "user": payloads.user(forge, forge.bot)}, 201 if new else 200
