"""GitHub's API in the words of `protocol.Client`."""

import base64
from urllib.parse import quote

from github import Github

from pushboat.config.operator import Forge
from pushboat.forges.answers import Missing
from pushboat.forges.github import checks, delivery_log, environments, opening, reading_back, verdicts
from pushboat.forges.github.api import Api
from pushboat.forges.github.posting import POSTING
from pushboat.forges.posting import post
from pushboat.forges.protocol import Check, Undelivered
from pushboat.model.deployment import short
from pushboat.model.forge_rules import ForgeRules
from pushboat.model.forge_verdict import ForgeVerdict
from pushboat.model.letter import Letter, StatusLetter
from pushboat.model.pin import Opened, PinRequest
from pushboat.model.remote import Remote
from pushboat.routing import PullRequest

_COMPARISONS = ("ahead", "behind", "diverged", "identical")
_PERMISSIONS = ("admin", "maintain", "write", "triage", "read")


def connect(forge: Forge) -> "Client":
    """Make the client; nothing is sent yet."""
    return Client(forge)


class Client:
    """One GitHub, by token or as an App."""

    most_statuses = 1000

    def __init__(self, forge: Forge) -> None:
        self._api = Api(forge)
        self.shows_output = self.by_owner = self._api.as_app
        self._clone_url = forge.clone_url or f"{forge.url.rstrip('/')}/{{repository}}.git"

    def post(self, repository: str, letter: Letter, public_url: str) -> bool:
        """Post a letter, if there is a place for its kind."""
        return post(POSTING, self._api, repository, letter, public_url)

    def shows(self, repository: str, letter: StatusLetter, public_url: str) -> bool:
        """Read what a commit shows now."""
        return reading_back.shows(self._api, repository, letter, public_url)

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
                opener=pull.user.login if pull.user else "",
            )

        return self._api.ask(repository, f"read {repository}#{number}", read)

    def open_pull_request(self, repository: str, wanted: PinRequest) -> Opened | None:
        """Open one, or edit the one that is open."""
        return opening.opened(self._api, repository, wanted)

    def permission(self, repository: str, user: str) -> str:
        """Read the user's role; a custom one counts as the permission that it is based on."""
        path = f"/repos/{repository}/collaborators/{quote(user, safe='')}/permission"

        def read(github: Github) -> str:
            _, answer = github.requester.requestJsonAndCheck("GET", path)
            role, base = str(answer.get("role_name", "")), str(answer["permission"])
            return next((word for word in (role, base) if word in _PERMISSIONS), "none")

        return self._api.ask_unless_missing(repository, f"ask what {user} may do in {repository}", read, "none")

    def is_member(
        self,
        repository: str,
        team: str,
        user: str,
        *,
        level: str = "",  # noqa: ARG002 - the protocol's
        direct: bool = False,  # noqa: ARG002
    ) -> bool:
        """Read the membership, which may wait for the user's consent still."""
        organisation, _, slug = team.removeprefix("@").partition("/")
        place = "/".join(quote(part, safe="") for part in (organisation, "teams", slug, "memberships", user))

        def read(github: Github) -> str:
            _, answer = github.requester.requestJsonAndCheck("GET", f"/orgs/{place}")
            return str(answer["state"])

        doing = f"ask whether {user} is in {team}"
        return self._api.ask_unless_missing(repository, doing, read, "none") == "active"

    def account(self, repository: str) -> str:
        """Give the login of the token's user, or of the App's bot."""
        return self._api.own_name(repository)

    def environment_rules(self, repository: str, environment: str) -> ForgeRules:
        """Read the environment, and the patterns of its branches and tags."""
        return environments.rules(self._api, repository, environment)

    def signature(self, repository: str, sha: str) -> ForgeVerdict:
        """Read the commit's verification, and who its committer is."""
        return verdicts.verdict(self._api, repository, sha)

    def contains(self, repository: str, ancestor: str, descendant: str) -> bool:
        """Compare the two commits."""

        def read(github: Github) -> str:
            found = github.get_repo(repository).compare(ancestor, descendant, comparison_commits_per_page=1).status
            if found not in _COMPARISONS:
                raise ValueError("a comparison without a word that we know")
            return found

        doing = f"compare {short(ancestor)} with {short(descendant)} in {repository}"
        return self._api.ask_unless_missing(repository, doing, read, "unrelated") in ("ahead", "identical")

    def head(self, repository: str, ref: str) -> str:
        """Read the ref, through an annotated tag to its commit."""

        def read(github: Github) -> str:
            repo = github.get_repo(repository)
            target = repo.get_git_ref(ref.removeprefix("refs/")).object
            while target.type == "tag":
                target = repo.get_git_tag(target.sha).object
            if not target.sha:
                raise ValueError("a ref without a commit")
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

    def renew(self, repository: str) -> bool:
        """Let go of the App's token; a personal one only the operator renews."""
        return self._api.renew(repository)

    def name_of(self, repository: str, number: str) -> str:
        """Read the repository by its number."""

        def read(github: Github) -> str:
            _, answer = github.requester.requestJsonAndCheck("GET", f"/repositories/{int(number)}")
            return str(answer["full_name"])

        try:
            return self._api.ask_by_id(number, f"ask what {repository}, repository {number}, is called now", read)
        except Missing:
            return ""

    def undelivered(self, repository: str, hook_url: str, since: float) -> tuple[Undelivered, ...]:
        """Read the webhook's recent deliveries."""
        return delivery_log.undelivered(self._api, repository, hook_url, since)

    def redeliver(self, repository: str, lost: Undelivered) -> None:
        """Ask for one more attempt, which keeps the delivery's id."""
        delivery_log.redeliver(self._api, repository, lost)

    def checks(self, repository: str, hook_url: str) -> tuple[Check, ...]:
        """Examine token, permissions and webhook."""
        return checks.examine(self._api, repository, hook_url)
