"""GitHub's API in the words of `protocol.Client`."""

import base64
import itertools
from urllib.parse import quote

from github import Github

from pushboat.config.operator import Forge
from pushboat.forges import conversation
from pushboat.forges.github import checks
from pushboat.forges.github.api import Api, create
from pushboat.forges.protocol import Check, Remote
from pushboat.model.deployment import short
from pushboat.model.state import State
from pushboat.model.status import Status, clip
from pushboat.routing import PullRequest

LONGEST_COMMENT = 65_536
_STATES = {
    State.QUEUED: "pending",
    State.RUNNING: "pending",
    State.SUCCEEDED: "success",
    State.FAILED: "failure",
    State.ERRORED: "error",
    State.CANCELLED: "error",
    State.SUPERSEDED: "error",
}
_PERMISSIONS = ("admin", "maintain", "write", "triage", "read")


def connect(forge: Forge) -> "Client":
    """Make the client; nothing is sent yet."""
    return Client(forge)


class Client:
    """One GitHub, by token or as an App."""

    def __init__(self, forge: Forge) -> None:
        self._api = Api(forge)
        self._clone_url = forge.clone_url or f"{forge.url.rstrip('/')}/{{repository}}.git"

    def post_status(self, repository: str, sha: str, status: Status, url: str) -> None:
        """Post a commit status; GitHub shows the newest per context."""

        fields = {
            "state": _STATES[status.state],
            "context": status.context,
            "description": clip(status.description),
            "target_url": url,
        }

        def post(github: Github) -> None:
            create(github, f"/repos/{repository}/statuses/{sha}", fields)

        self._api.ask(repository, f"post {status.context} on {repository}@{short(sha)}", post)

    def comment(self, repository: str, number: int, body: str, marker: str) -> None:
        """Comment unless one of the newest comments ends with the marker."""

        def post(github: Github) -> None:
            comments = github.get_repo(repository).get_issue(number).get_comments()
            newest = itertools.islice(comments.reversed, 100)
            if not any(conversation.is_marked(comment.body or "", marker) for comment in newest):
                fields = {"body": conversation.marked(body, marker, LONGEST_COMMENT)}
                create(github, f"/repos/{repository}/issues/{number}/comments", fields)

        self._api.ask(repository, f"comment on {repository}#{number}", post)

    def pull_request(self, repository: str, number: int) -> PullRequest:
        """Read a pull request."""

        def read(github: Github) -> PullRequest:
            pull = github.get_repo(repository).get_pull(number)
            head, base = pull.head, pull.base
            return PullRequest(
                number=number,
                head_sha=head.sha,
                head_ref=head.ref,
                base_ref=base.ref,
                # The fork may be deleted; `head.repo.fork` would also be true inside a repository that is a fork.
                fork=head.repo is None or head.repo.id != base.repo.id,
                open=pull.state == "open",
                merged=pull.merged,
            )

        return self._api.ask(repository, f"read {repository}#{number}", read)

    def permission(self, repository: str, user: str) -> str:
        """Read the user's role; a custom one counts as the permission that it is based on."""
        path = f"/repos/{repository}/collaborators/{quote(user, safe='')}/permission"

        def read(github: Github) -> str:
            _, answer = github.requester.requestJsonAndCheck("GET", path)
            role, base = str(answer.get("role_name", "")), str(answer["permission"])
            return next((word for word in (role, base) if word in _PERMISSIONS), "none")

        return self._api.ask_unless_missing(repository, f"ask what {user} may do in {repository}", read, "none")

    def contains(self, repository: str, ancestor: str, descendant: str) -> bool:
        """Compare the two commits."""

        def read(github: Github) -> str:
            return github.get_repo(repository).compare(ancestor, descendant, comparison_commits_per_page=1).status

        doing = f"compare {short(ancestor)} with {short(descendant)} in {repository}"
        return self._api.ask_unless_missing(repository, doing, read, "unrelated") in ("ahead", "identical")

    def head(self, repository: str, ref: str) -> str:
        """Read the ref, through an annotated tag to its commit."""

        def read(github: Github) -> str:
            repo = github.get_repo(repository)
            target = repo.get_git_ref(ref.removeprefix("refs/")).object
            while target.type == "tag":
                target = repo.get_git_tag(target.sha).object
            return target.sha

        return self._api.ask_unless_missing(repository, f"read {ref} of {repository}", read, "")

    def remote(self, repository: str) -> Remote:
        """Clone by https with the token in a header; other schemes bring their own credentials."""
        url = self._clone_url.replace("{repository}", repository)
        token = self._api.token(repository)
        if not token or not url.startswith("http"):
            return Remote(url=url)
        credentials = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        return Remote(url=url, headers={"Authorization": f"Basic {credentials}"})

    def checks(self, repository: str, hook_url: str) -> tuple[Check, ...]:
        """Examine token, permissions and webhook."""
        return checks.examine(self._api, repository, hook_url)
