"""GitHub's check runs: only Apps write them, an ended one stays as it ended, and people press what is below them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from flask import Flask, jsonify, request

from tests.fakes import github_payloads as payloads
from tests.fakes.nouns import Project, Sent

if TYPE_CHECKING:
    from tests.fakes.github import FakeGitHub

STATUSES = ("queued", "in_progress", "completed")
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")
LEVELS = ("notice", "warning", "failure")
LONGEST = 65_535
"""Bytes of summary and text."""


@dataclass(kw_only=True)
class Run:
    """One check run; `annotations` of all requests, in their order."""

    id: int
    app: int
    name: str
    sha: str
    fields: dict[str, Any] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Give what people see: how it ended, or how it goes."""
        return str(self.fields.get("conclusion") or self.fields["status"])

    @property
    def output(self) -> dict[str, Any]:
        """Give what stands below it."""
        return dict(self.fields.get("output") or {})

    @property
    def actions(self) -> list[str]:
        """Name its buttons."""
        return [each["identifier"] for each in self.fields.get("actions") or []]


def open_checks(app: Flask, forge: "FakeGitHub", find: Any, refuse: Any, repo: str) -> None:
    """Open the routes of check runs."""
    _open_writing(app, forge, find, refuse, repo)

    @app.get(f"{repo}/commits/<sha>/check-runs")
    def list_check_runs(owner: str, name: str, sha: str) -> Any:
        project = find(forge, owner, name)
        _demand(forge, refuse, ("read", "write"))
        found = [one for one in forge.check_runs.get(project.name, ()) if one.sha == sha]
        wanted = request.args.get("check_name")
        found = [one for one in found if wanted in (None, one.name)]
        if request.args.get("filter", "latest") == "latest":
            found = list({(one.app, one.name): one for one in found}.values())
        return {"total_count": len(found), "check_runs": [_described(forge, project, one) for one in found]}

    @app.get(f"{repo}/commits/<sha>/status")
    def combine_statuses(owner: str, name: str, sha: str) -> Any:
        project = find(forge, owner, name)
        newest = {one.context.lower(): one for one in project.statuses if one.sha == sha}
        shown = [
            {"id": one.id, "context": one.context, "state": one.state, "description": one.description}
            for one in newest.values()
        ]
        size, page = min(int(request.args.get("per_page", 30)), 100), int(request.args.get("page", 1))
        part = shown[(page - 1) * size : page * size]
        return jsonify(state="pending", sha=sha, total_count=len(shown), statuses=part)


def _open_writing(app: Flask, forge: "FakeGitHub", find: Any, refuse: Any, repo: str) -> None:
    @app.post(f"{repo}/check-runs")
    def create_check_run(owner: str, name: str) -> Any:
        project, wanted = find(forge, owner, name), request.get_json()
        _demand(forge, refuse, ("write",))
        sha = wanted.get("head_sha", "")
        if project.bare.resolve(sha) != sha:
            refuse(422, f"No commit found for SHA: {sha}")
        if not wanted.get("name"):
            refuse(422, "Invalid request.", '"name" wasn\'t supplied.')
        forge.waiting_suites.discard(sha)
        run = Run(id=next(forge.numbers), app=1, name=wanted["name"], sha=sha, fields={"status": "queued"})
        _write(run, wanted, refuse)
        forge.check_runs.setdefault(project.name, []).append(run)
        return _described(forge, project, run), 201

    @app.patch(f"{repo}/check-runs/<int:number>")
    def update_check_run(owner: str, name: str, number: int) -> Any:
        project = find(forge, owner, name)
        _demand(forge, refuse, ("write",))
        run = next((one for one in forge.check_runs.get(project.name, ()) if one.id == number), None)
        if run is None:
            refuse(404, "Not Found")
        if run.app != 1:
            refuse(403, "Invalid app_id `1` - check run can only be modified by the GitHub App that created it.")
        _write(run, request.get_json(), refuse)
        forge.waiting_suites.discard(run.sha)
        return _described(forge, project, run)


def _demand(forge: "FakeGitHub", refuse: Any, levels: tuple[str, ...]) -> None:
    token = request.headers.get("Authorization", "").partition(" ")[2]
    if token not in forge.app_tokens:
        refuse(403, "You must authenticate via a GitHub App.")
    if forge.app_grants[token].get("checks") not in levels:
        refuse(403, "Resource not accessible by integration")


def _write(run: Run, wanted: dict[str, Any], refuse: Any) -> None:
    _check(wanted, refuse)
    ended = run.fields["status"] == "completed"
    if ended and {"status", "conclusion"} & wanted.keys():
        refuse(422, "a completed check run cannot change how it ended: create a new one")
    if wanted.get("conclusion"):
        wanted = {**wanted, "status": "completed"}
    if wanted.get("status") == "completed" and not wanted.get("conclusion"):
        refuse(422, "Validation Failed", "conclusion is required where status is completed")
    output = dict(wanted.get("output") or {})
    run.annotations += output.pop("annotations", [])
    told = {
        key: wanted[key] for key in ("status", "conclusion", "external_id", "details_url", "actions") if key in wanted
    }
    run.fields |= told | ({"output": output} if output else {})


def _check(wanted: dict[str, Any], refuse: Any) -> None:
    def must(true: object, why: str) -> None:
        if not true:
            refuse(422, "Invalid request.", why)

    must(wanted.get("status", "queued") in STATUSES, "status is not a member")
    must(wanted.get("conclusion", "success") in CONCLUSIONS, "conclusion is not a member")
    output, actions = wanted.get("output"), wanted.get("actions") or []
    must(len(actions) <= 3, "No more than 3 items are allowed; 4 were supplied")
    for each in actions:
        for key, longest in (("label", 20), ("description", 40), ("identifier", 20)):
            must(0 < len(each.get(key, "")) <= longest, f"{key} is too long")
    if output is None:
        return
    must(output.get("title") and output.get("summary"), "title and summary weren't supplied")
    must(all(len(output.get(key, "").encode()) <= LONGEST for key in ("summary", "text")), "too long")
    annotations = output.get("annotations") or []
    must(len(annotations) <= 50, "No more than 50 items are allowed")
    for each in annotations:
        must(each.get("annotation_level") in LEVELS, "annotation_level is not a member")
        must(each.get("path") and not each["path"].startswith("/") and each.get("message"), "path, message")
        must(isinstance(each.get("start_line"), int) and isinstance(each.get("end_line"), int), "lines")


def _described(forge: "FakeGitHub", project: Project, run: Run) -> dict[str, Any]:
    output = {"title": None, "summary": None, "text": None, **run.output, "annotations_count": len(run.annotations)}
    return {
        "id": run.id,
        "name": run.name,
        "head_sha": run.sha,
        "external_id": run.fields.get("external_id", ""),
        "status": run.fields["status"],
        "conclusion": run.fields.get("conclusion"),
        "details_url": run.fields.get("details_url", ""),
        "output": output,
        "check_suite": {"id": 5, "head_branch": _branch(project, run.sha), "head_sha": run.sha},
        # Only open ones, and none that come from another repository.
        "pull_requests": [
            {"number": pull.number, "id": 1000 + pull.number}
            for pull in project.pull_requests.values()
            if (pull.head_sha, pull.state, pull.head_project.name) == (run.sha, "open", project.name)
        ],
        "app": {"id": run.app, "slug": "pushboat-app" if run.app == 1 else "another"},
    }


def press(forge: "FakeGitHub", repository: str, run: Run, user: str, button: str = "") -> Sent:
    """Press a button below a run, or without one, Re-run; the App's webhook hears of it."""
    project = forge.projects[repository]
    if button and button not in run.actions:
        _no_button(run, button)
    if not button:
        # All of the commit's checks wait until one is told of; the run itself stays as it is.
        forge.waiting_suites.add(run.sha)
    told: dict[str, Any] = {"action": "rerequested", "check_run": _described(forge, project, run)}
    if button:
        told |= {"action": "requested_action", "requested_action": {"identifier": button}}
    return forge.deliver("check_run", {**told, **payloads.around(forge, project, user)})


def _no_button(run: Run, button: str) -> NoReturn:
    raise AssertionError(f"{run.name} has no button {button}, only {run.actions}")


def _branch(project: Project, sha: str) -> str | None:
    found = project.bare.git("for-each-ref", "--points-at", sha, "--format=%(refname:short)", "refs/heads").split()
    return found[0] if found else None
