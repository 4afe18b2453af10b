"""What forges say of how much we ask, over real HTTP and from both stores: all that is asked with it waits."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest

from pushboat.model.state import State
from pushboat.store import quieting
from pushboat.store.database.engine import Store
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.store.desk import ENDS, FAKES, Desk
from tests.store.repository import time_passes
from workers.naming import client_by_names_of_today
from workers.tools import Clients

pytestmark = pytest.mark.programs


RESETS = {
    "github": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": ""},
    "gitlab": {"RateLimit-Remaining": "0", "RateLimit-Reset": ""},
}
"""By which headers each forge says when a limit ends; Gitea does not."""

LIMITS = [
    (429, {"Retry-After": "90"}, {"message": "slow down"}, 90),
    (503, {"Retry-After": "90"}, {"message": "maintenance"}, 90),
]


@pytest.mark.parametrize(("status", "headers", "body", "pause"), LIMITS)
def test_a_limit_holds_the_credential_and_says_so_once(
    desk: Desk, caplog: pytest.LogCaptureFixture, status: int, headers: dict[str, str], body: object, pause: int
) -> None:
    """All that this credential would post or ask waits, one line says so, and then everything goes in order."""
    trouble = desk.forge.fail(status, headers=headers, body=body, times=99)
    for context in ("pushboat/a", "pushboat/b", "pushboat/c"):
        desk.say(State.FAILED, context=context)
    with caplog.at_level(logging.WARNING):
        desk.report()
        desk.report()
    assert desk.asked() == 1, "one answer is enough for all of them"
    assert len([line for line in caplog.messages if f"for {pause} s" in line]) == 1, caplog.messages
    (quiet,) = quieting.listed(desk.store)
    assert (quiet.credential, quiet.unknown) == (desk.kind, False)
    assert pause - 10 < quiet.left <= pause
    with pytest.raises(Exception, match="ask nothing"):
        desk.tools.clients(desk.kind).head("acme/shop", "refs/heads/main")
    assert desk.asked() == 1

    trouble.times = 0
    time_passes(desk.store, pause + 1)
    desk.report()
    assert desk.outcomes() == ["sent"] * 3


def moment(seconds: float) -> datetime:
    """A time as headers write it."""
    return datetime.fromtimestamp(seconds, UTC)


def limits() -> Iterator[tuple[str, int, dict[str, str], str, float]]:
    """Each forge's own ways to say that it is too much, and for how long then."""
    reset = str(int(time.time()) + 600)
    secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    yield "github", 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}, "API rate limit exceeded", 600
    yield "github", 403, {"Retry-After": "70"}, secondary, 70
    yield "github", 403, {}, secondary, 60
    yield "github", 403, {"Retry-After": "75"}, "Forbidden", 75
    yield (
        "github",
        403,
        {},
        "You have triggered an abuse detection mechanism. Please retry your request again later.",
        60,
    )
    yield "github", 403, {}, "Maximum number of login attempts exceeded. Please try again later.", 60
    yield "github", 422, {}, "Validation Failed: was submitted too quickly", 60
    yield "gitlab", 429, {"RateLimit-Remaining": "0", "RateLimit-Reset": reset}, "Retry later", 600
    yield "gitea", 429, {}, "", 60


@pytest.mark.parametrize("which", range(9))
def test_each_forges_own_words_for_a_limit_hold_all_of_it(which: int, store: Store, tmp_path: Path) -> None:
    """However it is said, the next request comes when the forge wants it."""
    kind, status, headers, message, pause = list(limits())[which]
    with FAKES[kind](tmp_path / "forge") as forge:
        forge.create_repository("acme/shop", {"a": "1"})
        with at_work(tmp_path, store, forge.configured(), {}) as tools:
            desk = Desk(tools, forge, kind, forge.projects["acme/shop"].bare.resolve("refs/heads/main"))
            desk.say(State.FAILED)
            forge.fail(status, headers=headers, body={"message": message})
            desk.report()
            (quiet,) = quieting.listed(store)
            assert pause - 20 < quiet.left <= pause + 2
            time_passes(store, pause - 20)
            desk.report()
            assert desk.shown() == []
            time_passes(store, 25)
            desk.report()
            assert [state for state, _ in desk.shown()] == [ENDS[kind]]


def test_a_limit_of_one_forge_is_none_of_another(store: Store, tmp_path: Path) -> None:
    """GitHub limits us; GitLab hears everything meanwhile."""
    with FakeGitHub(tmp_path / "hub") as github, FakeGitLab(tmp_path / "lab") as gitlab:
        for forge in (github, gitlab):
            forge.create_repository("acme/shop", {"a": "1"})
        with at_work(tmp_path, store, github.configured(), {}) as tools:
            operator = tools.operator
            operator.forges.update(gitlab=gitlab.configured())  # type: ignore[attr-defined]
            clients = Clients(operator, partial(client_by_names_of_today, operator, store)).of
            object.__setattr__(tools, "clients", clients)
            desks = [
                Desk(tools, forge, kind, forge.projects["acme/shop"].bare.resolve("refs/heads/main"))
                for forge, kind in ((github, "github"), (gitlab, "gitlab"))
            ]
            github.fail(429, headers={"Retry-After": "600"}, times=9)
            for desk in desks:
                desk.say(State.FAILED)
            desks[0].report()
            assert [len(desk.shown()) for desk in desks] == [0, 1]


def test_a_commit_that_is_busy_holds_nobody_else_up(desk: Desk) -> None:
    """409: somebody else writes this commit's statuses just now, which is no limit of ours; the other one goes."""
    desk.forge.fail(409, method="POST", body={"message": "Another update is in progress"})
    for context in ("pushboat/a", "pushboat/b"):
        desk.say(State.FAILED, context=context)
    desk.report()
    assert quieting.listed(desk.store) == []
    assert (len(desk.shown("pushboat/a")), len(desk.shown("pushboat/b"))) == (0, 1)
    time_passes(desk.store, 61)
    desk.report()
    assert desk.outcomes() == ["sent", "sent"]


@pytest.mark.parametrize("headers", [{"Retry-After": "0"}, {"Retry-After": "Thu, 01 Jan 2026 00:00:00 GMT"}])
def test_a_limit_that_is_over_already_makes_no_storm(desk: Desk, headers: dict[str, str]) -> None:
    """The forge says *now* each time and limits us all the same: it is not asked once for each letter that waits."""
    desk.forge.fail(429, headers=headers, times=999)
    for number in range(30):
        desk.say(State.FAILED, context=f"pushboat/{number}")
    desk.report()
    assert desk.asked() == 1


@pytest.mark.parametrize("ahead", [-600, 600])
@pytest.mark.parametrize("said", ["reset", "date"])
def test_a_forge_whose_clock_is_off_is_believed_by_its_own(desk: Desk, ahead: int, said: str) -> None:
    """Its clock is ten minutes off, or ours: the pause is as long as by its own date."""
    now = time.time() + ahead
    until = {
        "reset": RESETS.get(desk.kind, {}),
        "date": {"Retry-After": format_datetime(moment(now + 300), usegmt=True)},
    }
    headers = {name: value or str(int(now + 300)) for name, value in until[said].items()} or {"Retry-After": "300"}
    desk.forge.set_clock(ahead)
    desk.forge.fail(429, headers=headers)
    desk.say(State.FAILED)
    desk.report()
    (quiet,) = quieting.listed(desk.store)
    assert quiet.left == pytest.approx(300, abs=20)


@pytest.mark.parametrize("first", ["limit", "unknown"])
def test_a_limit_counts_also_while_the_token_is_not_known(desk: Desk, first: str) -> None:
    """A revoked token is asked with until the forge wants to be left alone: nothing is asked then, however it came."""
    said = {"limit": (30, "slow down"), "unknown": (300, f"{quieting.UNKNOWN}: it does not know our token")}
    for each in sorted(said, key=lambda one: one != first):
        quieting.quiet(desk.store, desk.kind, *said[each])
    with pytest.raises(Exception, match="ask nothing"):
        desk.tools.clients(desk.kind).head("acme/shop", "refs/heads/main")
    assert desk.asked() == 0
    assert [each.reason for each in quieting.listed(desk.store)] == ["slow down"]
    time_passes(desk.store, 31)
    assert desk.tools.clients(desk.kind).head("acme/shop", "refs/heads/main") == desk.sha
