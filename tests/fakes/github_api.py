"""GitHub's REST API as far as Pushboat uses it, with GitHub's own rules: who may ask, which words, which lengths."""

import itertools
import time
from typing import TYPE_CHECKING, Any, NoReturn

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from tests.fakes import github_payloads as payloads
from tests.fakes import pulls
from tests.fakes.github_app import open_app
from tests.fakes.github_checks import open_checks
from tests.fakes.github_deployments import open_deployments
from tests.fakes.github_environments import open_environments
from tests.fakes.github_hooks import open_hooks
from tests.fakes.github_log import open_log
from tests.fakes.nouns import Project, Status
from tests.fakes.routes import Routes
from tests.fakes.verdicts import open_at_github

if TYPE_CHECKING:
    from tests.fakes.github import FakeGitHub

ALLOWED = 1_000_000
"""Requests in an hour: as many as no test has, so that nobody waits for the next one."""
REPO = "/api/v3/repos/<owner>/<name>"
STATES = ("error", "failure", "pending", "success")
MOST_STATUSES = 1000


def refuse(code: int, message: str, *errors: str) -> NoReturn:
    """Answer as GitHub does."""
    body: dict[str, Any] = {"message": message, "documentation_url": "https://docs.github.com/rest"}
    if errors:
        body["errors"] = [{"message": error, "code": "custom"} for error in errors]
    answer = jsonify(body)
    answer.status_code = code
    abort(answer)


def application(forge: "FakeGitHub") -> Flask:
    """Make the application."""
    app = Routes("fake-github")
    left = itertools.count(ALLOWED, -1)

    @app.after_request
    def allow(answer: Response) -> Response:
        if request.path.startswith("/api/"):
            said = {"Limit": ALLOWED, "Remaining": max(0, next(left)), "Reset": int(time.time()) + 3600}
            answer.headers.update({f"X-RateLimit-{name}": str(value) for name, value in said.items()})
            answer.headers["X-RateLimit-Resource"] = "core"
        return answer

    @app.errorhandler(HTTPException)
    def unknown(error: HTTPException) -> tuple[Response, int] | Response:
        return error.response or (jsonify(message=error.name), error.code or 500)  # type: ignore[return-value]

    @app.get("/api/v3/user")
    def whoami() -> Any:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if person := forge.people.get(token):
            return payloads.user(forge, person)
        if kind.lower() not in ("token", "bearer") or token != forge.token:
            refuse(401, "Bad credentials")
        return payloads.user(forge, forge.bot), 200, {"X-OAuth-Scopes": ", ".join(forge.scopes)}

    @app.get(REPO)
    def repo(owner: str, name: str) -> Any:
        project = find(forge, owner, name)
        return payloads.repository(forge, project) | {"permissions": {"admin": False, "push": "repo" in forge.scopes}}

    @app.get("/api/v3/repositories/<int:number>")
    def by_id(number: int) -> Any:
        found = next((one.name for one in forge.projects.values() if one.id == number), "nobody/nothing")
        owner, _, name = found.rpartition("/")
        return payloads.repository(forge, find(forge, owner, name))

    _statuses(app, forge)
    _history(app, forge)
    _conversations(app, forge)
    _comments(app, forge)
    _reactions(app, forge)
    open_app(app, forge)
    open_checks(app, forge, find, refuse, REPO)
    open_deployments(app, forge, find, refuse, acting, REPO)
    open_environments(app, forge, find, refuse, REPO)
    open_log(app, forge, find)
    pulls.open_at_github(app, forge, find, refuse, (acting, paginated), REPO)
    open_at_github(app, forge, find, refuse, REPO)
    open_hooks(app, forge, find, refuse, paginated)
    return app


def find(forge: "FakeGitHub", owner: str, name: str) -> Project:
    """Give the repository to those whom GitHub would show it."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    repository = forge.spelled(f"{owner}/{name}")
    if kind.lower() not in ("token", "bearer") or (token != forge.token and token not in forge.app_tokens):
        refuse(401, "Bad credentials")
    if place := forge.redirected(repository):
        moved = jsonify(message="Moved Permanently")
        moved.status_code = 301 if request.method == "GET" else 307
        rest = request.path.removeprefix(f"/api/v3/repos/{owner}/{name}")
        moved.headers["Location"] = f"{forge.api_url}/repositories/{forge.projects[place].id}{rest}"
        abort(moved)
    if repository not in forge.projects or not forge.may_read(repository, token):
        refuse(404, "Not Found")
    return forge.projects[repository]


def _statuses(app: Flask, forge: "FakeGitHub") -> None:
    @app.post(f"{REPO}/statuses/<sha>")
    def create(owner: str, name: str, sha: str) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        if "repo" not in forge.scopes:
            refuse(403, "Resource not accessible by personal access token")
        if project.bare.resolve(sha) != sha:
            refuse(422, f"No commit found for SHA: {sha}")
        context, description = wanted.get("context", "default"), wanted.get("description") or ""
        if wanted.get("state") not in STATES:
            refuse(422, "Validation Failed", "State is not included in the list")
        if len(description) > 140:
            refuse(422, "Validation Failed", "description is too long (maximum is 140 characters)")
        for field in (context, description):
            if any(ord(each) > 0xFFFF for each in field):
                refuse(422, "Validation Failed", "description doesn't accept 4-byte Unicode")
        same = [one for one in project.statuses if (one.sha, one.context.lower()) == (sha, context.lower())]
        if len(same) >= MOST_STATUSES:
            refuse(422, "Validation Failed", "This SHA and context has reached the maximum number of statuses.")
        posted = Status(
            id=next(forge.numbers), sha=sha, context=context, state=wanted["state"], description=description,
            target_url=wanted.get("target_url") or "",
        )  # fmt: skip
        project.statuses.append(posted)
        if project.name in forge.queues:
            forge.queues[project.name].settle()
        return {"id": posted.id, "url": "", **wanted}, 201


def _history(app: Flask, forge: "FakeGitHub") -> None:
    @app.get(f"{REPO}/git/ref/<path:ref>")
    def ref(owner: str, name: str, ref: str) -> Any:
        bare = find(forge, owner, name).bare
        if not bare.resolve(f"refs/{ref}"):
            refuse(404, "Not Found")
        sha = bare.git("rev-parse", f"refs/{ref}")
        return {"ref": f"refs/{ref}", "object": {"type": bare.git("cat-file", "-t", sha), "sha": sha, "url": ""}}

    @app.get(f"{REPO}/git/tags/<sha>")
    def tag(owner: str, name: str, sha: str) -> Any:
        bare = find(forge, owner, name).bare
        commit = bare.git("rev-parse", f"{sha}^{{}}")
        return {"sha": sha, "object": {"type": "commit", "sha": commit, "url": ""}}

    @app.get(f"{REPO}/compare/<path:pair>")
    def compare(owner: str, name: str, pair: str) -> Any:
        bare, (base, head) = find(forge, owner, name).bare, pair.split("...")
        if not bare.resolve(base) or not bare.resolve(head):
            refuse(404, "Not Found")
        forward, backward = bare.contains(base, head), bare.contains(head, base)
        words = {(True, True): "identical", (True, False): "ahead", (False, True): "behind"}
        return {"status": words.get((forward, backward), "diverged"), "commits": [], "files": []}


def acting(forge: "FakeGitHub") -> str:
    """Say whose account the request comes from: an App has one of its own, named after its slug."""
    token = request.headers.get("Authorization", "").partition(" ")[2]
    return "pushboat-app[bot]" if token in forge.app_tokens else forge.bot


def _comments(app: Flask, forge: "FakeGitHub") -> None:
    @app.get(f"{REPO}/issues/<int:number>/comments")
    def comments(owner: str, name: str, number: int) -> Any:
        project = find(forge, owner, name)
        found = [payloads.comment(forge, project, one) for one in project.comments if one.number == number]
        return paginated(forge, found)

    @app.post(f"{REPO}/issues/<int:number>/comments")
    def comment(owner: str, name: str, number: int) -> Any:
        project, body = find(forge, owner, name), request.get_json().get("body", "")
        if not body.strip() or len(body) > 65_536:
            refuse(422, "Validation Failed", "Body is too long (maximum is 65536 characters)")
        written = forge.write_comment(project, number, acting(forge), body)
        return payloads.comment(forge, project, written), 201

    @app.get(f"{REPO}/commits/<sha>/comments")
    def on_commit(owner: str, name: str, sha: str) -> Any:
        project = find(forge, owner, name)
        return paginated(forge, [payloads.comment(forge, project, one) for one in project.comments if one.sha == sha])

    @app.post(f"{REPO}/commits/<sha>/comments")
    def comment_on_commit(owner: str, name: str, sha: str) -> Any:
        project = find(forge, owner, name)
        written = forge.write_comment(project, 0, acting(forge), request.get_json()["body"])
        written.sha = sha
        return payloads.comment(forge, project, written), 201

    @app.patch(f"{REPO}/issues/comments/<int:number>")
    def edited(owner: str, name: str, number: int) -> Any:
        project, body = find(forge, owner, name), request.get_json().get("body", "")
        if not body.strip() or len(body) > 65_536:
            refuse(422, "Validation Failed", "Body is too long (maximum is 65536 characters)")
        written = forge.own_comment(project, number, acting(forge)) or refuse(404, "Not Found")
        written.body = body
        return payloads.comment(forge, project, written)


REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


def _reactions(app: Flask, forge: "FakeGitHub") -> None:
    @app.post(f"{REPO}/issues/comments/<int:number>/reactions")
    def reacted(owner: str, name: str, number: int) -> Any:
        project, content = find(forge, owner, name), request.get_json().get("content", "")
        if content not in REACTIONS:
            refuse(422, "Validation Failed")
        new = project.react(number, (acting(forge), content))
        if new is None:
            refuse(404, "Not Found")
        return {"id": 1, "content": content, "user": payloads.user(forge, acting(forge))}, 201 if new else 200


def _conversations(app: Flask, forge: "FakeGitHub") -> None:
    @app.get(f"{REPO}/pulls/<int:number>")
    def pull(owner: str, name: str, number: int) -> Any:
        project = find(forge, owner, name)
        if number not in project.pull_requests:
            refuse(404, "Not Found")
        return payloads.pull_request(forge, project, project.pull_requests[number])

    @app.get(f"{REPO}/collaborators/<login>/permission")
    def permission(owner: str, name: str, login: str) -> Any:
        project = find(forge, owner, name)
        if login not in forge.users:
            refuse(404, f"{login} is not a user")
        role = project.permissions.get(login, "none")
        coarse = {"maintain": "write", "triage": "read"}.get(role, role)
        return {"permission": coarse, "role_name": role, "user": payloads.user(forge, login)}


def paginated(forge: "FakeGitHub", items: list[Any]) -> Response:
    """Give the asked page, and the way to the others in the Link header."""
    size = min(int(request.args.get("per_page", 30)), 100)
    page, last = int(request.args.get("page", 1)), max(1, -(-len(items) // size))
    answer = jsonify(items[(page - 1) * size : page * size])
    turns = {"prev": page - 1, "next": page + 1, "first": 1, "last": last}
    wanted = {
        word for word in turns if (word in ("next", "last") and page < last) or (word in ("prev", "first") and page > 1)
    }
    links = [f'<{forge.url}{request.path}?per_page={size}&page={turns[word]}>; rel="{word}"' for word in sorted(wanted)]
    if links:
        answer.headers["Link"] = ", ".join(links)
    return answer
