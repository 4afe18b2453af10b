"""The forge is away for a while: what it has to be told waits, and arrives in order, all of it."""

import itertools
from collections.abc import Callable

import pytest

from tests import breaking
from tests.conversations import answers
from tests.fakes.door import Asked
from tests.serving import Served
from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map, deployment

STORY = {
    "github": ["pending", "pending", "success"],
    "gitlab": ["pending", "running", "success"],
    "gitea": ["pending", "pending", "success"],
}
"""Queued, running, succeeded in the forge's words."""

STATUSES = "/statuses/"
RULES = {"github": "/environments/staging", "gitlab": "/protected_environments/staging"}
"""What a deployment asks the forge before it starts, where there are such rules."""


def asked_to_post(shop: Shop, sha: str) -> list[int]:
    """List what the forge answered to each status of a commit, in order."""
    repository, posted = (
        shop.name.rpartition("/")[2],
        [one for one in list(shop.forge.requests) if one.method == "POST"],
    )
    return [one.status for one in posted if f"{repository}{STATUSES}{sha}" in one.path]


def _is_a_status_of(asked: Asked, *shops: Shop) -> bool:
    return asked.method == "POST" and any(statuses_of(shop) in asked.path for shop in shops)


def statuses_of(shop: Shop) -> str:
    """Give a part of a path that statuses of this repository have, and no others: all stories share a forge."""
    return f"{shop.name.rpartition('/')[2]}{STATUSES}"


def without_repetition(words: list[str]) -> list[str]:
    """Leave out what is the same as the one before."""
    return [word for word, _ in itertools.groupby(words)]


@pytest.mark.proves("pain-19")
def test_the_forge_is_down_when_a_deployment_ends(any_shop: Shop) -> None:
    """The forge goes away during my rollout, which ends all the same; when it is back, it hears how, once."""
    sha = any_shop.push({"deploy/web.yaml": deployment(behaviour="unready")})
    breaking.waits_for_health(any_shop, sha)
    until(lambda: len(any_shop.states(sha)) == 2, what="the statuses so far")
    any_shop.forge.down = True
    try:
        breaking.heal(any_shop)
        assert any_shop.ended(sha)["state"] == "succeeded"
        until(lambda: 503 in asked_to_post(any_shop, sha), what="a first try")
        assert any_shop.states(sha) == STORY[any_shop.forge_name][:2]
        late = any_shop.push({"deploy/web.yaml": deployment(replicas=2)})
        assert any_shop.served.deployments(any_shop.repository)[0]["sha"] == sha
    finally:
        any_shop.forge.down = False

    breaking.ended_once(any_shop, sha)
    assert any_shop.states(sha) == STORY[any_shop.forge_name]
    breaking.ended_once(any_shop, late)
    assert any_shop.states(late) == STORY[any_shop.forge_name]


def test_statuses_that_the_forge_does_not_take_wait_in_line(any_shop: Shop) -> None:
    """Only the status API is in trouble: nothing overtakes the first status, and each arrives once."""
    any_shop.forge.fail(503, times=2, method="POST", path=statuses_of(any_shop))
    sha = any_shop.push({"deploy/settings.yaml": config_map()})
    breaking.ended_once(any_shop, sha)
    assert any_shop.states(sha) == STORY[any_shop.forge_name]
    assert asked_to_post(any_shop, sha) == [503, 503, 201, 201, 201]


def test_a_forge_that_asks_us_to_wait_is_left_alone(shops: Callable[[Served, str], Shop], any_shop: Shop) -> None:
    """429 with Retry-After: the whole credential is quiet for as long as that, other repositories too."""
    other = shops(any_shop.served, any_shop.forge_name)
    any_shop.forge.fail(429, method="POST", path=statuses_of(any_shop), headers={"Retry-After": "2"})
    sha = any_shop.push({"deploy/settings.yaml": config_map()})
    until(lambda: asked_to_post(any_shop, sha)[:1] == [429], what="the forge to ask us to wait")
    until(lambda: breaking.knows_a_limit(any_shop.served) or any_shop.states(sha), what="the answer to be heard")
    another = other.push({"deploy/settings.yaml": config_map()})
    until(lambda: other.states(another) or any_shop.states(sha), what="the first status after that")
    told, again, *_ = (one.at for one in list(any_shop.forge.requests) if _is_a_status_of(one, any_shop, other))
    assert again - told > 1.9, "asked again too early"
    breaking.ended_once(any_shop, sha)
    breaking.ended_once(other, another)
    assert asked_to_post(any_shop, sha) == [429, 201, 201, 201]


@pytest.mark.parametrize("forge_name", [*RULES])
def test_a_limit_that_a_deployment_waits_for_is_not_told_to_who_has_it(
    new_shop: Callable[[str], Shop], forge_name: str
) -> None:
    """Asked to wait, we say nothing there of that: it would come after the wait, and count towards the next one."""
    shop = new_shop(forge_name)
    asked = f"{shop.name.rpartition('/')[2]}{RULES[forge_name]}"
    shop.forge.fail(429, path=asked, headers={"Retry-After": "2"})
    sha = shop.push({"deploy/settings.yaml": config_map()})
    breaking.ended_once(shop, sha)
    assert 429 in [one.status for one in list(shop.forge.requests) if asked in one.path]
    assert "limits our requests" in shop.served.command("show", str(shop.ended(sha)["id"])).stdout
    assert asked_to_post(shop, sha) == [201, 201, 201]
    assert shop.states(sha) == STORY[forge_name]


def test_an_answer_that_got_lost_changes_nothing_but_a_repetition(any_shop: Shop) -> None:
    """502 after the forge stored my final status: it may be said twice, and nothing else is said after it."""
    sha = any_shop.push({"deploy/web.yaml": deployment(behaviour="unready")})
    breaking.waits_for_health(any_shop, sha)
    until(lambda: len(any_shop.states(sha)) == 2, what="the statuses so far")
    any_shop.forge.fail(502, method="POST", path=statuses_of(any_shop), after=True)
    breaking.heal(any_shop)
    any_shop.ended(sha)
    until(lambda: asked_to_post(any_shop, sha)[2:] == [502, 201], what="a second try")
    until(lambda: not breaking.unsent(any_shop.served), what="everything to be sent")
    assert without_repetition(any_shop.states(sha)) == without_repetition(STORY[any_shop.forge_name])
    assert len(set(any_shop.descriptions(sha)[2:])) == 1


def test_a_comment_is_written_once(any_shop: Shop) -> None:
    """502 after the forge stored a reply: the comment stands there once."""
    any_shop.ended(any_shop.push({"deploy/settings.yaml": config_map()}))
    any_shop.push({"deploy/settings.yaml": config_map(greeting="hi")}, branch="change")
    number = any_shop.forge.open_pull_request(any_shop.name, "change").number
    path = "/notes" if any_shop.forge_name == "gitlab" else f"/{number}/comments"  # and no reaction to one of them
    any_shop.forge.fail(502, method="POST", path=path, after=True)
    any_shop.forge.comment(any_shop.name, number, "alice", "/deploy help")

    def posted() -> list[int]:
        return [one.status for one in list(any_shop.forge.requests) if one.method == "POST" and path in one.path]

    def replies() -> list[str]:
        return answers(text for author, text in any_shop.forge.comments(any_shop.name, number) if author != "alice")

    until(lambda: 502 in posted(), what="the forge's trouble")
    until(replies, what="the reply")
    until(lambda: not breaking.unsent(any_shop.served), what="everything to be sent")
    assert len(replies()) == 1
