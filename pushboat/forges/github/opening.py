"""A pull request of our own at GitHub: opened once for a branch, and given new words for as long as it is open."""

from urllib.parse import quote

from github import Github

from pushboat.forges.answers import Unacceptable
from pushboat.forges.github.api import Api, create, edit, listed
from pushboat.model.pin import Opened, PinRequest


def opened(api: Api, repository: str, wanted: PinRequest) -> Opened:
    """Open the pull request of a branch, or edit the one that is open; a fork's branch of that name is another one."""
    doing = f"open a pull request of {wanted.branch} in {repository}"
    place = f"/repos/{repository}/pulls"
    words = {"title": wanted.title, "body": wanted.body}
    head = f"{repository.partition('/')[0]}:{wanted.branch}"
    query = f"state=open&head={quote(head, safe='')}&base={quote(wanted.base, safe='')}"

    def find(github: Github) -> int:
        own = (each for each in listed(github, f"{place}?{query}") if _is_of(each, wanted))
        return next((int(each["number"]) for each in own), 0)

    number = api.ask(repository, doing, find)
    if not number:
        fields = {**words, "head": wanted.branch, "base": wanted.base}
        try:
            made = api.ask(repository, doing, lambda github: create(github, place, fields))
            return Opened(number=int(made["number"]), url=str(made["html_url"]), new=True)
        except Unacceptable:
            number = api.ask(repository, doing, find)  # one that its lists did not show yet
            if not number:
                raise
    made = api.ask(repository, doing, lambda github: edit(github, f"{place}/{number}", words))
    return Opened(number=number, url=str(made["html_url"]), new=False)


def _is_of(pull: dict[str, object], wanted: PinRequest) -> bool:
    head, base = (dict(pull[end]) for end in ("head", "base"))  # type: ignore[call-overload]  # JSON of any shape
    home = head.get("repo") or {}
    return (head["ref"], base["ref"], home.get("id")) == (wanted.branch, wanted.base, base["repo"]["id"])
