"""A pull request of our own at Gitea: opened once for a branch, and given new words for as long as it is open."""

from typing import Any

from pushboat.forges.gitea.api import Api, Connection, of
from pushboat.forges.gitea.pull_requests import head_branch, is_fork
from pushboat.forges.payload import Payload
from pushboat.model.pin import Opened, PinRequest


def opened(api: Api, repository: str, wanted: PinRequest) -> Opened:
    """Open the pull request of a branch, or edit the one that is open; a fork's branch of that name is another one."""
    doing = f"open a pull request of {wanted.branch} in {repository}"
    place = of(repository, "pulls")
    words = {"title": wanted.title, "body": wanted.body}

    def find(forge: Connection) -> dict[str, Any]:
        return next((each for each in forge.listed(f"{place}?state=open") if _is_of(each, wanted)), {})

    there = api.ask(doing, find)
    if there:
        api.ask(doing, lambda forge: forge.edit(f"{place}/{int(there['number'])}", words))
        return Opened(number=int(there["number"]), url=str(there["html_url"]), new=False)
    fields = {**words, "head": wanted.branch, "base": wanted.base}
    made = api.ask(doing, lambda forge: forge.create(place, fields))
    return Opened(number=int(made["number"]), url=str(made["html_url"]), new=True)


def _is_of(pull: dict[str, Any], wanted: PinRequest) -> bool:
    ends = (head_branch(Payload(pull["head"])), pull["base"]["ref"])
    return ends == (wanted.branch, wanted.base) and is_fork(Payload(pull)) is False
