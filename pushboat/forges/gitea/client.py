"""Gitea's and Forgejo's API in the words of `protocol.Client`."""

import base64
from urllib.parse import quote

from pushboat.config.operator import Forge
from pushboat.forges.answers import Missing
from pushboat.forges.gitea import checks, opening, reading_back, verdicts
from pushboat.forges.gitea.api import Api, Connection, of
from pushboat.forges.gitea.posting import POSTING
from pushboat.forges.gitea.pull_requests import head_branch, is_fork
from pushboat.forges.payload import Payload
from pushboat.forges.posting import post
from pushboat.forges.protocol import Check, Undelivered
from pushboat.model.deployment import short
from pushboat.model.forge_rules import ForgeRules
from pushboat.model.forge_verdict import ForgeVerdict
from pushboat.model.letter import Letter, StatusLetter
from pushboat.model.pin import Opened, PinRequest
from pushboat.model.remote import Remote
from pushboat.routing import PullRequest

_PERMISSIONS = {"owner": "admin", "admin": "admin", "write": "write", "read": "read"}


def connect(forge: Forge) -> "Client":
    """Make the client; nothing is sent yet."""
    return Client(forge)


class Client:
    """One Gitea or Forgejo."""

    shows_output = by_owner = False
    most_statuses = 0

    def __init__(self, forge: Forge) -> None:
        self._api = Api(forge)
        self._token = forge.token
        self._clone_url = forge.clone_url or f"{forge.url.rstrip('/')}/{{repository}}.git"

    def post(self, repository: str, letter: Letter, public_url: str) -> bool:
        """Post a letter, if there is a place for its kind."""
        return post(POSTING, self._api, repository, letter, public_url)

    def shows(self, repository: str, letter: StatusLetter, public_url: str) -> bool:
        """Read what a commit shows now."""
        return reading_back.shows(self._api, repository, letter, public_url)

    def pull_request(self, repository: str, number: int) -> PullRequest:
        """Read a pull request."""

        def read(forge: Connection) -> PullRequest:
            pull = forge.get(of(repository, "pulls", str(number)))
            return PullRequest(
                number=number,
                head_sha=pull["head"]["sha"],
                head_ref=head_branch(Payload(pull["head"])),
                base_ref=pull["base"]["ref"],
                fork=is_fork(Payload(pull)) is not False,
                open=pull["state"] == "open",
                merged=bool(pull["merged"]),
                opener=str((pull.get("user") or {}).get("login", "")),
            )

        return self._api.ask(f"read {repository}#{number}", read)

    def open_pull_request(self, repository: str, wanted: PinRequest) -> Opened | None:
        """Open one, or edit the one that is open."""
        return opening.opened(self._api, repository, wanted)

    def permission(self, repository: str, user: str) -> str:
        """Read what the user may do, which only the token of an administrator of the repository may ask."""

        def read(forge: Connection) -> str:
            found = forge.get(of(repository, "collaborators", user, "permission"))
            return _PERMISSIONS.get(str(found["permission"]), "none")

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
        """Find the team by its name, and read the member."""
        organisation, _, name = team.removeprefix("@").partition("/")

        def read(forge: Connection) -> bool:
            found = forge.get(f"/orgs/{quote(organisation)}/teams/search", q=name, limit="50")["data"]
            number = next((int(each["id"]) for each in found if each["name"].casefold() == name.casefold()), 0)
            return bool(number and forge.get(f"/teams/{number}/members/{quote(user, safe='')}")["login"])

        return self._api.ask_unless_missing(repository, f"ask whether {user} is in {team}", read, missing=False)

    def account(self, repository: str) -> str:  # noqa: ARG002 - the protocol's
        """Give the name of the token's user."""
        return self._api.own_name()

    def environment_rules(self, repository: str, environment: str) -> ForgeRules:  # noqa: ARG002 - the protocol's
        """Give none: there are no environments."""
        return ForgeRules(environment=environment)

    def signature(self, repository: str, sha: str) -> ForgeVerdict:
        """Read the commit's verification, and whether its signer has an account."""
        return verdicts.verdict(self._api, repository, sha)

    def contains(self, repository: str, ancestor: str, descendant: str) -> bool:
        """Say whether the older one has no commit that the other one lacks, while that one has more.

        Two commits without a common history have nothing to compare either: then both counts are 0.
        """
        if ancestor == descendant:
            return True

        def read(forge: Connection) -> bool:
            return _more(forge, repository, descendant, ancestor) == 0 < _more(forge, repository, ancestor, descendant)

        doing = f"compare {short(ancestor)} with {short(descendant)} in {repository}"
        return self._api.ask_unless_missing(repository, doing, read, missing=False)

    def head(self, repository: str, ref: str) -> str:
        """Read the branch's or tag's commit."""

        def read(forge: Connection) -> str:
            if ref.startswith("refs/tags/"):
                return str(forge.get(of(repository, "tags", ref.removeprefix("refs/tags/")))["commit"]["sha"])
            return str(forge.get(of(repository, "branches", ref.removeprefix("refs/heads/")))["commit"]["id"])

        return self._api.ask_unless_missing(repository, f"read {ref} of {repository}", read, "")

    def remote(self, repository: str) -> Remote:
        """Clone by https with the token in a header; other schemes bring their own credentials."""
        url = self._clone_url.replace("{repository}", repository)
        if not self._token or not url.startswith("http"):
            return Remote(url=url)
        credentials = base64.b64encode(f"pushboat:{self._token}".encode()).decode()
        return Remote(url=url, headers={"Authorization": f"Basic {credentials}"})

    def renew(self, repository: str) -> bool:  # noqa: ARG002 - the protocol's
        """Say no: the operator gives another token."""
        return False

    def name_of(self, repository: str, number: str) -> str:
        """Read the repository by its number."""
        doing = f"ask what {repository}, repository {number}, is called now"
        try:
            return self._api.ask(doing, lambda forge: str(forge.get(f"/repositories/{int(number)}")["full_name"]))
        except Missing:
            return ""

    def undelivered(self, repository: str, hook_url: str, since: float) -> tuple[Undelivered, ...]:
        """Give none: the log of deliveries stands on the webhook's page only."""
        del repository, hook_url, since
        return ()

    def redeliver(self, repository: str, lost: Undelivered) -> None:
        """Do nothing: none was listed."""

    def checks(self, repository: str, hook_url: str) -> tuple[Check, ...]:
        """Examine token, permissions and webhook."""
        return checks.examine(self._api, repository, hook_url)


def _more(forge: Connection, repository: str, base: str, head: str) -> int:
    """Count the commits that the one has more than the other."""
    pair = of(repository, "compare", f"{base}...{head}")
    return int(forge.get(pair, files="false", verification="false")["total_commits"])
