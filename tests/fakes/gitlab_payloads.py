"""GitLab's JSON: what its webhooks and its API say of projects, merge requests and notes."""

from datetime import UTC, datetime
from typing import Any

from tests.fakes.bare import ZERO
from tests.fakes.forge import FakeForge
from tests.fakes.nouns import Comment, Project, PullRequest, Update

Json = dict[str, Any]
STATES = {"open": "opened", "closed": "closed", "merged": "merged"}


def user(forge: FakeForge, username: str) -> Json:
    """Describe an account."""
    return {"id": forge.user_id(username), "name": username.title(), "username": username, "avatar_url": None}


def project_fields(forge: FakeForge, project: Project) -> Json:
    """Describe a project."""
    return {
        "id": project.id,
        "name": project.name.rpartition("/")[2],
        "web_url": f"{forge.url}/{project.name}",
        "git_http_url": f"{forge.url}/{project.name}.git",
        "path_with_namespace": project.name,
        "default_branch": "main",
        "visibility_level": 0,
    }


def push(forge: FakeForge, project: Project, update: Update) -> Json:
    """Describe a moved ref: zeros instead of flags, and nothing says that it was forced."""
    kind = "tag_push" if update.ref.startswith("refs/tags/") else "push"
    commits = (
        [{"id": update.sha, "message": "Change", "added": [], "modified": [], "removed": []}] if update.sha else []
    )
    return {
        "object_kind": kind,
        "event_name": kind,
        "ref": update.ref,
        "ref_protected": True,
        "before": update.before,
        "after": update.after,
        "checkout_sha": None if update.after == ZERO else update.sha,
        "user_id": forge.user_id(update.author),
        "user_name": update.author.title(),
        "user_username": update.author,
        "project_id": project.id,
        "project": project_fields(forge, project),
        "commits": commits,
        "total_commits_count": len(commits),
        "push_options": {},
    }


def merge_request(project: Project, pull: PullRequest) -> Json:
    """Describe a merge request as webhooks do."""
    return {
        "id": 1000 + pull.number,
        "iid": pull.number,
        "title": pull.title,
        "state": STATES[pull.state],
        "draft": False,
        "source_branch": pull.head,
        "target_branch": pull.base,
        "source_project_id": pull.head_project.id,
        "target_project_id": project.id,
        "last_commit": {"id": pull.head_sha, "message": "Change"},
        "merge_commit_sha": pull.merged_sha or None,
    }


def merge_request_event(forge: FakeForge, project: Project, pull: PullRequest, action: str) -> Json:
    """Describe what happened to a merge request."""
    return {
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": user(forge, pull.author),
        "project": project_fields(forge, project),
        "object_attributes": {**merge_request(project, pull), "action": action},
        "changes": {},
        "labels": [],
    }


def note(forge: FakeForge, written: Comment) -> Json:
    """Describe a note as the API does."""
    return {
        "id": written.id,
        "body": written.body,
        "author": user(forge, written.author) if written.author else None,
        "system": False,
    }


def note_event(forge: FakeForge, project: Project, written: Comment, action: str) -> Json:
    """Describe a note on a merge request, or on an issue where there is none of that number."""
    pull = project.pull_requests.get(written.number)
    attributes = {
        "id": written.id,
        "note": written.body,
        "action": action,
        "system": False,
        "type": None,
        "noteable_type": "Commit" if written.sha else "MergeRequest" if pull else "Issue",
        "project_id": project.id,
        "created_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "updated_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
    }
    on = {"merge_request": merge_request(project, pull)} if pull else {"issue": {"iid": written.number, "title": "?"}}
    on = {"commit": {"id": written.sha, "message": "Change"}} if written.sha else on
    return {
        "object_kind": "note",
        "event_type": "note",
        "user": user(forge, written.author),
        "project_id": project.id,
        "project": project_fields(forge, project),
        "object_attributes": attributes,
        **on,
    }
