"""A merge request of our own at GitLab: opened once for a branch, and given new words for as long as it is open."""

from typing import Any
from urllib.parse import quote

from gitlab import Gitlab

from pushboat.forges.gitlab.api import Api
from pushboat.model.pin import Opened, PinRequest


def opened(api: Api, repository: str, wanted: PinRequest) -> Opened:
    """Open the merge request of a branch, or edit the one that is open; a fork's branch of that name is another one."""
    doing = f"open a merge request of {wanted.branch} in {repository}"
    place = f"/projects/{quote(repository, safe='')}/merge_requests"
    words = {"title": wanted.title, "description": wanted.body}
    ends = {"source_branch": wanted.branch, "target_branch": wanted.base}

    def find(gitlab: Gitlab) -> int:
        found = gitlab.http_list(place, query_data={**ends, "state": "opened"}, get_all=True)
        own = (each for each in found if each["source_project_id"] == each["target_project_id"])
        return next((int(each["iid"]) for each in own), 0)

    def write(gitlab: Gitlab) -> Opened:
        if number:
            made: Any = gitlab.http_put(f"{place}/{number}", post_data=words)
        else:
            made = gitlab.http_post(place, post_data={**ends, **words, "remove_source_branch": True})
        return Opened(number=int(made["iid"]), url=str(made["web_url"]), new=not number)

    number = api.ask(doing, find)
    return api.ask(doing, write)
