"""Plain git in the words of `protocol.Client`: bare repositories on this machine, states kept as notes."""

from pushboat.config.operator import Forge
from pushboat.errors import ForgeRefused
from pushboat.forges.git import checks, command, repositories
from pushboat.forges.git.posting import POSTING
from pushboat.forges.posting import post
from pushboat.forges.protocol import Check, Undelivered
from pushboat.model.forge_rules import ForgeRules
from pushboat.model.forge_verdict import ForgeVerdict
from pushboat.model.letter import Letter, StatusLetter
from pushboat.model.pin import Opened, PinRequest
from pushboat.model.remote import Remote
from pushboat.routing import PullRequest


def connect(forge: Forge) -> "Client":
    """Make the client; nothing is read yet."""
    return Client(forge)


class Client:
    """The bare repositories below one root."""

    shows_output = by_owner = False
    most_statuses = 0

    def __init__(self, forge: Forge) -> None:
        self._forge = forge

    def post(self, repository: str, letter: Letter, public_url: str) -> bool:
        """Post a letter, if there is a place for its kind."""
        return post(POSTING, self._forge, repository, letter, public_url)

    def shows(self, repository: str, letter: StatusLetter, public_url: str) -> bool:  # noqa: ARG002 - the protocol's
        """Say yes: a note is written on this machine, in one piece, while the post waits for it."""
        return True

    def pull_request(self, repository: str, number: int) -> PullRequest:
        """Refuse: there are none."""
        raise ForgeRefused(f"{self._forge.name} is plain git: {repository} has no pull request {number}")

    def open_pull_request(self, repository: str, wanted: PinRequest) -> Opened | None:  # noqa: ARG002 - the protocol's
        """Open none: there are none."""
        return None

    def permission(self, repository: str, user: str) -> str:  # noqa: ARG002 - the protocol's
        """Say write: whoever can push decides already what runs."""
        repositories.folder(self._forge, repository)
        return "write"

    def is_member(
        self,
        repository: str,  # noqa: ARG002 - the protocol's
        team: str,  # noqa: ARG002
        user: str,  # noqa: ARG002
        *,
        level: str = "",  # noqa: ARG002
        direct: bool = False,  # noqa: ARG002
    ) -> bool:
        """Say no: there are no teams."""
        return False

    def account(self, repository: str) -> str:  # noqa: ARG002 - the protocol's
        """Give none: nobody comments."""
        return ""

    def environment_rules(self, repository: str, environment: str) -> ForgeRules:  # noqa: ARG002 - the protocol's
        """Give none: there are no environments."""
        return ForgeRules(environment=environment)

    def signature(self, repository: str, sha: str) -> ForgeVerdict:  # noqa: ARG002 - the protocol's
        """Say nothing of it: nobody here makes commits or looks at them."""
        return ForgeVerdict(good=False)

    def contains(self, repository: str, ancestor: str, descendant: str) -> bool:
        """Ask git; a commit that is gone is contained in nothing."""
        folder = repositories.folder(self._forge, repository)
        return command.run(folder, "merge-base", "--is-ancestor", ancestor, descendant).returncode == 0

    def head(self, repository: str, ref: str) -> str:
        """Ask git, through an annotated tag to its commit."""
        folder = repositories.folder(self._forge, repository)
        if not ref.startswith("refs/"):
            return ""
        return command.run(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").stdout.strip()

    def remote(self, repository: str) -> Remote:
        """Fetch from the folder itself."""
        return Remote(url=str(repositories.folder(self._forge, repository)))

    def renew(self, repository: str) -> bool:  # noqa: ARG002 - the protocol's
        """Say no: there is none."""
        return False

    def name_of(self, repository: str, number: str) -> str:  # noqa: ARG002 - the protocol's
        """Give the name back: a folder has no other id."""
        return repository

    def undelivered(self, repository: str, hook_url: str, since: float) -> tuple[Undelivered, ...]:  # noqa: ARG002
        """Know of none: what the hook could not send waits beside the repository."""
        return ()

    def redeliver(self, repository: str, lost: Undelivered) -> None:
        """Refuse: there is no log to send from."""
        raise ForgeRefused(f"{repository} has no log of deliveries with {lost.number} in it")

    def checks(self, repository: str, hook_url: str) -> tuple[Check, ...]:
        """Examine the repository and its hook."""
        return checks.examine(self._forge, repository, hook_url)
