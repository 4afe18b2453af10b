"""Gitea's JSON: what its webhooks and its API say of repositories, pull requests and comments."""

from typing import Any

from tests.fakes.bare import ZERO
from tests.fakes.forge import FakeForge
from tests.fakes.nouns import Comment, Project, PullRequest, Update

Json = dict[str, Any]


def user(forge: FakeForge, login: str) -> Json:
    """Describe an account."""
    return {"id": forge.user_id(login), "login": login, "full_name": "", "email": f"{login}@noreply.localhost"}


def repository(forge: FakeForge, project: Project) -> Json:
    """Describe a repository."""
    owner, _, name = project.name.rpartition("/")
    return {
        "id": project.id,
        "owner": user(forge, owner),
        "name": name,
        "full_name": project.name,
        "private": True,
        "fork": False,
        "default_branch": "main",
        "html_url": f"{forge.url}/{project.name}",
        "clone_url": f"{forge.url}/{project.name}.git",
    }


def around(forge: FakeForge, project: Project, sender: str) -> Json:
    """Give what every event carries."""
    return {"repository": repository(forge, project), "sender": user(forge, sender)}


def push(forge: FakeForge, project: Project, update: Update) -> Json:
    """Describe a moved ref: zeros instead of flags, and nothing says that it was forced."""
    head = {"id": update.sha, "message": "Change", "added": [], "modified": [], "removed": []} if update.sha else None
    return {
        "ref": update.ref,
        "before": update.before,
        "after": update.after,
        "compare_url": "",
        "commits": [head] if head else [],
        "total_commits": int(update.after != ZERO),
        "head_commit": head,
        "pusher": user(forge, update.author),
        **around(forge, project, update.author),
    }


def delete(forge: FakeForge, project: Project, update: Update) -> Json:
    """Describe a branch that is gone, by its short name."""
    return {
        "ref": update.ref.removeprefix("refs/heads/"),
        "ref_type": "branch",
        "pusher_type": "user",
        **around(forge, project, update.author),
    }


def pull_request(forge: FakeForge, project: Project, pull: PullRequest) -> Json:
    """Describe a pull request."""
    return {
        "id": 1000 + pull.number,
        "number": pull.number,
        "url": f"{forge.url}/{project.name}/pulls/{pull.number}",
        "user": user(forge, pull.author),
        "title": pull.title,
        "state": "open" if pull.state == "open" else "closed",
        "draft": pull.title.startswith("WIP:"),
        "merged": pull.state == "merged",
        "merge_commit_sha": pull.merged_sha or None,
        "head": {
            "label": pull.head,
            "ref": pull.head
            if pull.head_project.bare.resolve(f"refs/heads/{pull.head}")
            else f"refs/pull/{pull.number}/head",
            "sha": pull.head_sha,
            "repo_id": pull.head_project.id,
            "repo": repository(forge, pull.head_project),
        },
        "base": {
            "label": pull.base,
            "ref": pull.base,
            "sha": project.bare.resolve(f"refs/heads/{pull.base}"),
            "repo_id": project.id,
            "repo": repository(forge, project),
        },
    }


def pull_request_event(forge: FakeForge, project: Project, pull: PullRequest, action: str) -> Json:
    """Describe what happened to a pull request."""
    return {
        "action": action,
        "number": pull.number,
        "pull_request": pull_request(forge, project, pull),
        "requested_reviewer": None,
        **around(forge, project, pull.author),
        "commit_id": "",
        "review": None,
    }


def comment(forge: FakeForge, project: Project, written: Comment) -> Json:
    """Describe a comment."""
    return {
        "id": written.id,
        "html_url": f"{forge.url}/{project.name}/pulls/{written.number}#issuecomment-{written.id}",
        "user": user(forge, written.author) if written.author else None,
        "original_author": "",
        "body": written.body,
    }


def comment_event(forge: FakeForge, project: Project, written: Comment, action: str) -> Json:
    """Describe what happened to a comment; a pull request's carries that pull request."""
    pull = project.pull_requests.get(written.number)
    issue: Json = {"number": written.number, "state": "open", "title": "A change", "user": user(forge, "alice")}
    event = {
        "action": action,
        "issue": issue,
        "comment": comment(forge, project, written),
        **around(forge, project, written.author),
        "is_pull": pull is not None,
    }
    if pull is not None:
        issue["pull_request"] = {"merged": pull.state == "merged", "merged_at": None, "draft": False}
        event["pull_request"] = pull_request(forge, project, pull)
    return event
