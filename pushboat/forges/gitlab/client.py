"""GitLab's API in the words of `protocol.Client`."""

import base64

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from gitlab.v4.objects import Project

from pushboat.config.operator import Forge
from pushboat.forges import conversation
from pushboat.forges.gitlab import checks
from pushboat.forges.gitlab.api import Api
from pushboat.forges.protocol import Check, Remote
from pushboat.model.deployment import short
from pushboat.model.state import State
from pushboat.model.status import Status, clip
from pushboat.routing import PullRequest

LONGEST_COMMENT = 1_000_000
_STATES = {
    State.QUEUED: "pending",
    State.RUNNING: "running",
    State.SUCCEEDED: "success",
    State.FAILED: "failed",
    State.ERRORED: "failed",
    State.CANCELLED: "canceled",
    State.SUPERSEDED: "canceled",
}
_LEVELS = ((50, "admin"), (40, "maintain"), (30, "write"), (20, "triage"), (5, "read"))


def connect(forge: Forge) -> "Client":
    """Make the client; nothing is sent yet."""
    return Client(forge)


class Client:
    """One GitLab."""

    def __init__(self, forge: Forge) -> None:
        self._api = Api(forge)
        self._token = forge.token
        self._clone_url = forge.clone_url or f"{forge.url.rstrip('/')}/{{repository}}.git"

    def post_status(self, repository: str, sha: str, status: Status, url: str) -> None:
        """Set the external status; where it already is in that state, GitLab's 400 is a success."""
        fields = {
            "state": _STATES[status.state],
            "name": status.context,
            "target_url": url,
            "description": clip(status.description),
        }
        ref = status.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")

        def post(gitlab: Gitlab) -> None:
            statuses = _project(gitlab, repository).commits.get(sha, lazy=True).statuses
            try:
                statuses.create({**fields, "ref": ref} if ref else fields)
            except GitlabError as error:
                if _is_there_already(error):
                    return
                if ref and _lacks_references(error):
                    statuses.create(fields)  # the branch is gone; another one may still have the commit
                    return
                raise

        self._api.ask(f"post {status.context} on {repository}@{short(sha)}", post)

    def comment(self, repository: str, number: int, body: str, marker: str) -> None:
        """Write a note unless one of the newest notes ends with the marker."""

        def post(gitlab: Gitlab) -> None:
            notes = _project(gitlab, repository).mergerequests.get(number, lazy=True).notes
            newest = notes.list(order_by="created_at", sort="desc", per_page=100, page=1)
            if not any(conversation.is_marked(note.body or "", marker) for note in newest):
                notes.create({"body": conversation.marked(body, marker, LONGEST_COMMENT)})

        self._api.ask(f"comment on {repository}!{number}", post)

    def pull_request(self, repository: str, number: int) -> PullRequest:
        """Read a merge request."""

        def read(gitlab: Gitlab) -> PullRequest:
            merge = _project(gitlab, repository).mergerequests.get(number)
            return PullRequest(
                number=number,
                head_sha=merge.sha,
                head_ref=merge.source_branch,
                base_ref=merge.target_branch,
                fork=merge.source_project_id != merge.target_project_id,
                open=merge.state == "opened",
                merged=merge.state == "merged",
            )

        return self._api.ask(f"read {repository}!{number}", read)

    def permission(self, repository: str, user: str) -> str:
        """Read the member's access level, inherited ones included."""

        def read(gitlab: Gitlab) -> str:
            found = [one for one in gitlab.users.list(username=user, get_all=False) if one.username == user]
            if not found:
                return "none"
            member = _project(gitlab, repository).members_all.get(found[0].id)
            if getattr(member, "state", "active") != "active":
                return "none"
            return next((word for level, word in _LEVELS if member.access_level >= level), "none")

        return self._api.ask_unless_missing(repository, f"ask what {user} may do in {repository}", read, "none")

    def contains(self, repository: str, ancestor: str, descendant: str) -> bool:
        """Say whether the merge base of the two is the older one."""
        if ancestor == descendant:
            return True

        def read(gitlab: Gitlab) -> bool:
            try:
                base = _project(gitlab, repository).repository_merge_base([ancestor, descendant])
            except GitlabError as error:
                if error.response_code == 400 and "could not find ref" in str(error.error_message).lower():
                    return False  # one of the two is gone
                raise
            return isinstance(base, dict) and base["id"] == ancestor

        doing = f"compare {short(ancestor)} with {short(descendant)} in {repository}"
        return self._api.ask_unless_missing(repository, doing, read, missing=False)

    def head(self, repository: str, ref: str) -> str:
        """Read the branch's or tag's commit."""

        def read(gitlab: Gitlab) -> str:
            project = _project(gitlab, repository)
            if ref.startswith("refs/tags/"):
                return str(project.tags.get(ref.removeprefix("refs/tags/")).commit["id"])
            return str(project.branches.get(ref.removeprefix("refs/heads/")).commit["id"])

        return self._api.ask_unless_missing(repository, f"read {ref} of {repository}", read, "")

    def remote(self, repository: str) -> Remote:
        """Clone by https with the token in a header; other schemes bring their own credentials."""
        url = self._clone_url.replace("{repository}", repository)
        if not self._token or not url.startswith("http"):
            return Remote(url=url)
        credentials = base64.b64encode(f"oauth2:{self._token}".encode()).decode()
        return Remote(url=url, headers={"Authorization": f"Basic {credentials}"})

    def checks(self, repository: str, hook_url: str) -> tuple[Check, ...]:
        """Examine token, permissions and webhook."""
        return checks.examine(self._api, repository, hook_url)


def _project(gitlab: Gitlab, repository: str) -> Project:
    return gitlab.projects.get(repository, lazy=True)


def _is_there_already(error: GitlabError) -> bool:
    return error.response_code == 400 and "cannot transition" in str(error.error_message).lower()


def _lacks_references(error: GitlabError) -> bool:
    return error.response_code == 404 and "references for commit" in str(error.error_message).lower()
