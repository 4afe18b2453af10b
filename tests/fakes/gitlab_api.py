"""GitLab's REST API as far as Pushboat uses it, with GitLab's own rules: who may ask, which words, which order."""

from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote

from flask import Flask, Response, abort, jsonify, request

from tests.fakes import gitlab_payloads as payloads
from tests.fakes import pulls
from tests.fakes.gitlab_deployments import open_deployments
from tests.fakes.gitlab_environments import open_protected
from tests.fakes.gitlab_hooks import open_hooks
from tests.fakes.gitlab_log import open_log
from tests.fakes.gitlab_statuses import EVENTS, CannotTransition, Job, transition
from tests.fakes.nouns import Project, Status
from tests.fakes.routes import Routes
from tests.fakes.verdicts import open_at_gitlab

if TYPE_CHECKING:
    from tests.fakes.gitlab import FakeGitLab

PROJECT = "/api/v4/projects/<id>"
LEVELS = {"admin": 50, "maintain": 40, "write": 30, "triage": 20, "read": 10}
DEVELOPER = 30


def refuse(code: int, message: Any, key: str = "message") -> NoReturn:
    """Answer as GitLab does."""
    answer = jsonify({key: message})
    answer.status_code = code
    abort(answer)


def application(forge: "FakeGitLab") -> Flask:
    """Make the application."""
    app = Routes("fake-gitlab")

    @app.before_request
    def authenticate() -> None:
        if request.path.startswith("/api/") and request.headers.get("Private-Token") != forge.token:
            refuse(401, "401 Unauthorized")

    @app.get("/api/v4/user")
    def whoami() -> Any:
        return payloads.user(forge, forge.bot)

    @app.get("/api/v4/personal_access_tokens/self")
    def token() -> Any:
        return {"id": 1, "scopes": forge.scopes, "expires_at": forge.expires_at, "active": True}

    @app.get("/api/v4/users")
    def users() -> Any:
        wanted = request.args.get("username", "")
        spelled = next((one for one in forge.users if one.lower() == wanted.lower()), "")
        state = {"state": "blocked" if spelled in forge.blocked else "active"}
        return paginated([payloads.user(forge, spelled) | state] if spelled else [])

    @app.get(PROJECT)
    def project(id: str) -> Any:  # noqa: A002 - GitLab's word
        found = find(forge, id)
        access = {"project_access": {"access_level": level(forge, found)}, "group_access": None}
        own = {"allow_pipeline_trigger_approve_deployment": forge.may_approve_own}
        return payloads.project_fields(forge, found) | {"permissions": access} | own

    @app.get(f"{PROJECT}/members/all/<int:user>")
    def member(id: str, user: int) -> Any:  # noqa: A002
        found = find(forge, id)
        name = next((one for one, number in forge.users.items() if number == user), "")
        if found.permissions.get(name, "none") == "none":
            refuse(404, "404 Not found")
        granted = {"access_level": LEVELS[found.permissions[name]], "state": "active", "expires_at": None}
        return payloads.user(forge, name) | granted | found.memberships.get(name, {})

    _commits(app, forge)
    _statuses(app, forge)
    _history(app, forge)
    _conversations(app, forge)
    _awards(app, forge)
    open_deployments(app, forge, find, refuse, demand_developer, PROJECT)
    open_protected(app, forge, find, refuse, level, PROJECT)
    open_log(app, forge, find, refuse, paginated)
    pulls.open_at_gitlab(app, forge, find, refuse, (demand_developer, paginated), PROJECT)
    open_hooks(app, forge, find, refuse, paginated)
    return app


def find(forge: "FakeGitLab", id_: str) -> Project:
    """Give the project to those whom GitLab would show it."""
    project = forge.projects.get(unquote(id_))
    if project is None and (place := forge.redirected(unquote(id_))):
        answer = jsonify(message="Moved Permanently")
        answer.status_code = 301
        rest = request.path.partition(f"/projects/{id_}")[2]
        answer.headers["Location"] = f"{forge.api_url}/projects/{forge.projects[place].id}{rest}"
        abort(answer)
    if project is None:
        project = next((one for one in forge.projects.values() if str(one.id) == id_), None)
    if project is None or level(forge, project) == 0:
        refuse(404, "404 Project Not Found")
    return project


def level(forge: "FakeGitLab", project: Project) -> int:
    """Give our own access level; a bot is a developer unless a test says otherwise."""
    return LEVELS.get(project.permissions.get(forge.bot, "write"), 0)


def demand_developer(forge: "FakeGitLab", project: Project) -> None:
    """Refuse whoever may not deploy in a project at all."""
    if level(forge, project) < DEVELOPER:
        refuse(403, "403 Forbidden")


def _commits(app: Flask, forge: "FakeGitLab") -> None:
    @app.get(f"{PROJECT}/repository/commits/<sha>/comments")
    def on_commit(id: str, sha: str) -> Any:  # noqa: A002
        found = [one for one in find(forge, id).comments if one.sha == sha]
        return paginated([{"note": one.body, "author": payloads.user(forge, one.author)} for one in found])

    @app.post(f"{PROJECT}/repository/commits/<sha>/comments")
    def comment_on_commit(id: str, sha: str) -> Any:  # noqa: A002
        project, note = find(forge, id), request.get_json()["note"]
        forge.write_comment(project, 0, forge.bot, note).sha = sha
        return {"note": note, "author": payloads.user(forge, forge.bot)}, 201


def _statuses(app: Flask, forge: "FakeGitLab") -> None:
    @app.post(f"{PROJECT}/statuses/<sha>")
    def create(id: str, sha: str) -> Any:  # noqa: A002
        project, wanted = find(forge, id), request.get_json()
        if level(forge, project) < DEVELOPER:
            refuse(403, "403 Forbidden")
        if wanted.get("state") not in EVENTS:
            refuse(400, "state does not have a valid value", "error")
        if project.bare.resolve(sha) != sha:
            refuse(404, "404 Commit Not Found")
        ref, name = wanted.get("ref") or first_branch(project, sha), wanted.get("name") or "default"
        if not ref:
            refuse(404, "404 References for commit Not Found")
        description = wanted.get("description") or ""
        if len(description) > 255:
            refuse(400, {"description": ["is too long (maximum is 255 characters)"]})
        try:
            job = Job(project=project.id, sha=sha, ref=ref, name=name, user=forge.bot)
            transition(forge.jobs, job, wanted["state"])
        except CannotTransition as error:
            refuse(400, str(error))
        posted = Status(
            id=next(forge.numbers), sha=sha, context=name, state=wanted["state"], description=description,
            target_url=wanted.get("target_url") or "", ref=ref,
        )  # fmt: skip
        project.statuses.append(posted)
        return {"id": posted.id, "sha": sha, "ref": ref, "name": name, "status": posted.state, "pipeline_id": 1}, 201

    @app.get(f"{PROJECT}/repository/commits/<sha>/statuses")
    def listed(id: str, sha: str) -> Any:  # noqa: A002
        newest = {(each.context, each.ref): each for each in find(forge, id).statuses if each.sha == sha}
        wanted = {key: request.args.get(key) for key in ("name", "ref")}
        return [
            {"id": each.id, "status": each.state, "name": name, "ref": ref, "description": each.description}
            for (name, ref), each in newest.items()
            if wanted["name"] in (None, name) and wanted["ref"] in (None, ref)
        ]


def first_branch(project: Project, sha: str) -> str:
    """Give the first branch that has the commit."""
    found = project.bare.git("for-each-ref", "--format=%(refname:short)", f"--contains={sha}", "refs/heads/")
    return found.splitlines()[0] if found else ""


def _history(app: Flask, forge: "FakeGitLab") -> None:
    open_at_gitlab(app, forge, find, refuse, PROJECT)

    def named(id_: str, kind: str, name: str) -> Any:
        sha = find(forge, id_).bare.resolve(f"refs/{kind}/{unquote(name)}")
        if not sha:
            refuse(404, "404 Branch Not Found" if kind == "heads" else "404 Tag Not Found")
        return {"name": unquote(name), "commit": {"id": sha}}

    @app.get(f"{PROJECT}/repository/branches/<name>")
    def branch(id: str, name: str) -> Any:  # noqa: A002
        return named(id, "heads", name)

    @app.get(f"{PROJECT}/repository/tags/<name>")
    def tag(id: str, name: str) -> Any:  # noqa: A002
        return named(id, "tags", name)

    @app.get(f"{PROJECT}/repository/merge_base")
    def merge_base(id: str) -> Any:  # noqa: A002
        bare, refs = find(forge, id).bare, request.args.getlist("refs[]")
        if not all(bare.resolve(ref) for ref in refs):
            refuse(400, f"Could not find ref: {refs}")
        if not bare.roots(refs[0]) & bare.roots(refs[1]):
            refuse(404, "404 Merge Base Not Found")
        return {"id": bare.told("merge-base", *map(bare.resolve, refs))}


def _conversations(app: Flask, forge: "FakeGitLab") -> None:
    @app.get(f"{PROJECT}/merge_requests/<int:number>")
    def merge_request(id: str, number: int) -> Any:  # noqa: A002
        project = find(forge, id)
        if number not in project.pull_requests:
            refuse(404, "404 Not found")
        pull = project.pull_requests[number]
        return payloads.merge_request(project, pull) | {
            "sha": pull.head_sha,
            "author": payloads.user(forge, pull.author),
        }

    @app.get(f"{PROJECT}/merge_requests/<int:number>/notes")
    def notes(id: str, number: int) -> Any:  # noqa: A002
        found = [payloads.note(forge, one) for one in find(forge, id).comments if one.number == number]
        return paginated(found[::-1] if request.args.get("sort", "desc") == "desc" else found)

    @app.post(f"{PROJECT}/merge_requests/<int:number>/notes")
    def note(id: str, number: int) -> Any:  # noqa: A002
        project, body = find(forge, id), request.get_json().get("body", "")
        if not body.strip() or len(body) > 1_000_000:
            refuse(400, "400 Bad request - Note is too long (maximum is 1000000 characters)")
        return payloads.note(forge, forge.write_comment(project, number, forge.bot, body)), 201

    @app.put(f"{PROJECT}/merge_requests/<int:number>/notes/<int:note_id>")
    def edited(id: str, number: int, note_id: int) -> Any:  # noqa: A002
        project, body = find(forge, id), request.get_json().get("body", "")
        if not body.strip() or len(body) > 1_000_000:
            refuse(400, "400 Bad request - Note is too long (maximum is 1000000 characters)")
        written = forge.own_comment(project, note_id)
        if written is None or written.number != number:
            refuse(403, "403 Forbidden")
        written.body = body
        return payloads.note(forge, written)


def _awards(app: Flask, forge: "FakeGitLab") -> None:
    @app.post(f"{PROJECT}/merge_requests/<int:number>/notes/<int:note_id>/award_emoji")
    def award(id: str, number: int, note_id: int) -> Any:  # noqa: A002
        project, wanted = find(forge, id), request.get_json().get("name", "")
        on_it = any((one.id, one.number) == (note_id, number) for one in project.comments)
        new = project.react(note_id, (forge.bot, wanted)) if on_it else None
        if not new:
            refuse(404, "404 Not found" if new is None else "404 Award Emoji Name has already been taken Not Found")
        return {"id": 1, "name": wanted, "user": payloads.user(forge, forge.bot)}, 201


def paginated(items: list[Any]) -> Response:
    """Give the asked page, and where it stands in the headers."""
    size, page = min(int(request.args.get("per_page", 20)), 100), int(request.args.get("page", 1))
    pages = max(1, -(-len(items) // size))
    answer = jsonify(items[(page - 1) * size : page * size])
    following = str(page + 1) if page < pages else ""
    answer.headers.extend({"X-Page": str(page), "X-Per-Page": str(size), "X-Next-Page": following})
    answer.headers.extend({"X-Total": str(len(items)), "X-Total-Pages": str(pages)})
    if following:
        answer.headers["Link"] = f'<{request.base_url}?per_page={size}&page={following}>; rel="next"'
    return answer
