"""Whether GitLab shows what we said last, by the state alone: it keeps the first words that it heard with one."""

from typing import Any

from gitlab import Gitlab

from pushboat.forges.gitlab.api import Api
from pushboat.forges.gitlab.posting import STATES
from pushboat.model.deployment import short
from pushboat.model.letter import StatusLetter
from pushboat.model.refs import short_name


def shows(api: Api, repository: str, letter: StatusLetter, _public_url: str) -> bool:
    """Ask for the newest status of a commit and name, on the ref that it was said of, where there is one."""
    status = letter.status

    def newest(gitlab: Gitlab) -> Any:
        statuses = gitlab.projects.get(repository, lazy=True).commits.get(letter.sha, lazy=True).statuses
        found = statuses.list(name=status.context, per_page=100, page=1)
        there = [each for each in found if each.ref == short_name(status.ref)] or found
        return max(there, key=lambda each: int(each.id)).status if there else ""

    doing = f"read {status.context} on {repository}@{short(letter.sha)}"
    return bool(api.ask(doing, newest) == STATES[status.state])
