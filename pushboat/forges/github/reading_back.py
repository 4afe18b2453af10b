"""Whether GitHub shows what we said last: the check run, where it shows one, else the commit status."""

from functools import partial

from pushboat.forges.github import check_runs
from pushboat.forges.github.api import Api, get
from pushboat.forges.github.posting import STATES
from pushboat.forges.github.sentences import narrowed
from pushboat.model.deployment import short
from pushboat.model.letter import StatusLetter

PAGE, MOST_PAGES = 100, 50
"""Contexts in one answer, as many as GitHub gives; a commit of most repositories has fewer."""


def shows(api: Api, repository: str, letter: StatusLetter, public_url: str) -> bool:
    """Ask what a commit shows under a context."""
    ask = partial(api.ask, repository, f"read {letter.status.context} on {repository}@{short(letter.sha)}")
    shown = check_runs.shows(api, ask, repository, letter, public_url)
    if shown is not None:
        return shown
    wanted = (STATES[letter.status.state], narrowed(letter.status.description))
    for page in range(1, MOST_PAGES + 1):
        path = f"/repos/{repository}/commits/{letter.sha}/status?per_page={PAGE}&page={page}"
        told = ask(partial(get, path=path))["statuses"]
        for each in told:
            if str(each["context"]).lower() == letter.status.context.lower():
                return (each["state"], each["description"] or "") == wanted
        if len(told) < PAGE:
            break
    return False
