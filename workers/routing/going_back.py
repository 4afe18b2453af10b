"""Whether a commit that somebody asks for is older than what runs, and by how many commits: said, never in the way."""

from contextlib import suppress

from pushboat.errors import CheckoutFailed, ForgeRefused, ForgeUnavailable
from pushboat.model.ask import Ask
from pushboat.routing import Facts
from pushboat.routing.followed import Back
from workers.source.environments import remote
from workers.source.git.ancestry import between
from workers.tools import Tools, split


def going_back(tools: Tools, name: str, ask: Ask, facts: Facts) -> Back | None:
    """Say what a command's commit goes back from; None where it does not, or where the forge does not know."""
    runs = next((each.runs for each in facts.standings if each.environment == ask.environment), None)
    commit = facts.commit
    if runs is None or commit is None or runs.sha == commit.sha:
        return None
    forge, path = split(name)
    with suppress(ForgeUnavailable, ForgeRefused):
        if tools.client(forge).contains(path, commit.sha, runs.sha):
            return Back(sha=runs.sha, commits=_counted(tools, name, commit.sha, runs.sha))
    return None


def _counted(tools: Tools, name: str, older: str, newer: str) -> int:
    with suppress(ForgeUnavailable, ForgeRefused, CheckoutFailed):
        return between(tools.scratch, remote(tools, name), older, newer)
    return 0
