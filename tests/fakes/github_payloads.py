"""GitHub's JSON: what its webhooks and its API say of repositories, pull requests and comments."""

from typing import Any

from tests.fakes.bare import ZERO
from tests.fakes.forge import FakeForge
from tests.fakes.nouns import Comment, Project, PullRequest, Status, Update

Json = dict[str, Any]


def user(forge: FakeForge, login: str) -> Json:
    """Describe an account."""
    kind = "Bot" if login.endswith("[bot]") else "User"
    return {"login": login, "id": forge.user_id(login), "type": kind, "site_admin": False}


def repository(forge: FakeForge, project: Project) -> Json:
    """Describe a repository."""
    owner, _, name = project.name.rpartition("/")
    return {
        "id": project.id,
        "name": name,
        "full_name": project.name,
        "private": True,
        "fork": False,
        "owner": user(forge, owner),
        "default_branch": "main",
        "clone_url": f"{forge.url}/{project.name}.git",
    }


def around(forge: FakeForge, project: Project, sender: str) -> Json:
    """Give what every event carries."""
    return {"repository": repository(forge, project), "sender": user(forge, sender)}


def push(forge: FakeForge, project: Project, update: Update) -> Json:
    """Describe a moved ref."""
    head = {"id": update.sha, "message": "Change", "added": [], "modified": [], "removed": []} if update.sha else None
    return {
        "ref": update.ref,
        "before": update.before,
        "after": update.after,
        "created": update.before == ZERO,
        "deleted": update.after == ZERO,
        "forced": update.forced,
        "base_ref": None,
        "compare": "",
        "commits": [head] if head else [],
        "head_commit": head,
        "pusher": {"name": update.author, "email": f"{update.author}@example.com"},
        **around(forge, project, update.author),
    }


def pull_request(forge: FakeForge, project: Project, pull: PullRequest) -> Json:
    """Describe a pull request."""
    return {
        "id": 1000 + pull.number,
        "number": pull.number,
        "url": f"{forge.url}/api/v3/repos/{project.name}/pulls/{pull.number}",
        "state": "open" if pull.state == "open" else "closed",
        "title": pull.title,
        "draft": False,
        "user": user(forge, pull.author),
        "merged": pull.state == "merged",
        # An open one carries the test merge's commit here.
        "merge_commit_sha": pull.merged_sha or "f" * 40,
        "head": {"ref": pull.head, "sha": pull.head_sha, "repo": repository(forge, pull.head_project)},
        "base": {
            "ref": pull.base,
            "sha": project.bare.resolve(f"refs/heads/{pull.base}"),
            "repo": repository(forge, project),
        },
    }


def pull_request_event(forge: FakeForge, project: Project, pull: PullRequest, action: str) -> Json:
    """Describe what happened to a pull request."""
    return {
        "action": action,
        "number": pull.number,
        "pull_request": pull_request(forge, project, pull),
        **around(forge, project, pull.author),
    }


def merge_group(forge: FakeForge, project: Project, pull: PullRequest, update: Update, base_sha: str) -> Json:
    """Describe a group that the merge queue wants checked; `update` is the push of its ref."""
    group = {
        "head_sha": update.sha,
        "head_ref": update.ref,
        "base_sha": base_sha,
        "base_ref": f"refs/heads/{pull.base}",
        "head_commit": {"id": update.sha},
    }
    return {"action": "checks_requested", "merge_group": group, **around(forge, project, update.author)}


def status(number: int, sha: str, context: str, state: str) -> Status:
    """Make a status that somebody else posted."""
    return Status(id=number, sha=sha, context=context, state=state, description="", target_url="")


def comment(forge: FakeForge, project: Project, written: Comment) -> Json:
    """Describe a comment."""
    return {
        "id": written.id,
        "url": f"{forge.url}/api/v3/repos/{project.name}/issues/comments/{written.id}",
        "user": user(forge, written.author) if written.author else None,
        "body": written.body,
        "author_association": "NONE",
        "performed_via_github_app": None,
    }


def comment_event(forge: FakeForge, project: Project, written: Comment, action: str) -> Json:
    """Describe what happened to a comment: neither head nor fork of the pull request is said."""
    issue: Json = {"number": written.number, "state": "open", "title": "A change", "user": user(forge, "alice")}
    if written.number in project.pull_requests:
        issue["pull_request"] = {"url": f"{forge.url}/api/v3/repos/{project.name}/pulls/{written.number}"}
    return {
        "action": action,
        "issue": issue,
        "comment": comment(forge, project, written),
        **around(forge, project, written.author),
    }


def commit_comment_event(forge: FakeForge, project: Project, written: Comment, action: str) -> Json:
    """Describe what happened to a comment on a commit."""
    said = comment(forge, project, written) | {"commit_id": written.sha, "path": None, "line": None}
    return {"action": action, "comment": said, **around(forge, project, written.author)}
