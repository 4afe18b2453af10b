"""GitLab's API in the words of `protocol.Client`."""

import base64

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from gitlab.v4.objects import Project

from pushboat.config.operator import Forge
from pushboat.forges.answers import Missing
from pushboat.forges.gitlab import accounts, checks, delivery_log, environments, opening, reading_back, verdicts
from pushboat.forges.gitlab.api import Api
from pushboat.forges.gitlab.posting import POSTING
from pushboat.forges.posting import post
from pushboat.forges.protocol import Check, Undelivered
from pushboat.model.deployment import short
from pushboat.model.forge_rules import ForgeRules
from pushboat.model.forge_verdict import ForgeVerdict
from pushboat.model.letter import Letter, StatusLetter
from pushboat.model.pin import Opened, PinRequest
from pushboat.model.remote import Remote
from pushboat.routing import PullRequest

_LEVELS = ((50, "admin"), (40, "maintain"), (30, "write"), (20, "triage"), (5, "read"))


def connect(forge: Forge) -> "Client":
    """Make the client; nothing is sent yet."""
    return Client(forge)


class Client:
    """One GitLab."""

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
                opener=(merge.author or {}).get("username", ""),
            )

        return self._api.ask(f"read {repository}!{number}", read)

    def open_pull_request(self, repository: str, wanted: PinRequest) -> Opened | None:
        """Open a merge request, or edit the one that is open."""
        return opening.opened(self._api, repository, wanted)

    def permission(self, repository: str, user: str) -> str:
        """Read the member's access level, inherited ones included."""

        def read(gitlab: Gitlab) -> str:
            number = _number_of(gitlab, user)
            if number is None:
                return "none"
            member = _project(gitlab, repository).members_all.get(number)
            if not accounts.may_act(member.attributes):
                return "none"
            return next((word for level, word in _LEVELS if member.access_level >= level), "none")

        return self._api.ask_unless_missing(repository, f"ask what {user} may do in {repository}", read, "none")

    def is_member(self, repository: str, team: str, user: str, *, level: str = "", direct: bool = False) -> bool:
        """Read the group's member, inherited ones included where it is not about its own."""

        def read(gitlab: Gitlab) -> bool:
            number = _number_of(gitlab, user)
            if number is None:
                return False
            group = gitlab.groups.get(team.removeprefix("@"), lazy=True)
            member = (group.members if direct else group.members_all).get(number)
            least = next((value for value, word in _LEVELS if word == level), 0)
            return accounts.may_act(member.attributes) and member.access_level >= least

        return self._api.ask_unless_missing(repository, f"ask whether {user} is in {team}", read, missing=False)

    def account(self, repository: str) -> str:  # noqa: ARG002 - the protocol's
        """Give the name of the token's user."""
        return self._api.own_name()

    def environment_rules(self, repository: str, environment: str) -> ForgeRules:
        """Read the protected environment."""
        return environments.rules(self._api, repository, environment)

    def signature(self, repository: str, sha: str) -> ForgeVerdict:
        """Read the commit's signature."""
        return verdicts.verdict(self._api, repository, sha)

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
            if not isinstance(base, dict):
                raise TypeError("a page instead of a merge base")
            return bool(base["id"] == ancestor)

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

    def renew(self, repository: str) -> bool:  # noqa: ARG002 - the protocol's
        """Say no: the operator gives another token."""
        return False

    def name_of(self, repository: str, number: str) -> str:
        """Read the project by its number."""
        doing = f"ask what {repository}, project {number}, is called now"
        try:
            return self._api.ask(doing, lambda gitlab: str(gitlab.projects.get(int(number)).path_with_namespace))
        except Missing:
            return ""

    def undelivered(self, repository: str, hook_url: str, since: float) -> tuple[Undelivered, ...]:
        """Read the webhook's recent events."""
        return delivery_log.undelivered(self._api, repository, hook_url, since)

    def redeliver(self, repository: str, lost: Undelivered) -> None:
        """Ask for one to be sent again, which keeps the delivery's id."""
        delivery_log.redeliver(self._api, repository, lost)

    def checks(self, repository: str, hook_url: str) -> tuple[Check, ...]:
        """Examine token, permissions and webhook."""
        return checks.examine(self._api, repository, hook_url)


def _number_of(gitlab: Gitlab, user: str) -> int | None:
    """Give the number of a user who may act; None where there is none."""
    found = [one for one in gitlab.users.list(username=user, get_all=False) if one.username == user]
    return found[0].id if found and accounts.may_act(found[0].attributes) else None


def _project(gitlab: Gitlab, repository: str) -> Project:
    return gitlab.projects.get(repository, lazy=True)
