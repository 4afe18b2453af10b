"""What forges say to letters, and what becomes of these: over real HTTP, from both stores."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.config.operator import Limits
from pushboat.model.letter import ReplyLetter, StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.store import giving_up, outbox, putting, quieting, reading_back
from pushboat.store.database.engine import Store
from tests.engine_room.worker import at_work
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.store.repository import time_passes
from workers.naming import client_by_names_of_today
from workers.reporting import Seats, report
from workers.tools import Clients, Tools

pytestmark = pytest.mark.programs
FAKES = {"github": FakeGitHub, "gitlab": FakeGitLab, "gitea": FakeGitea}
ENDS = {"github": "failure", "gitlab": "failed", "gitea": "failure"}
HOUR = 3600.0
URL = "http://pushboat.example"


@dataclass(frozen=True)
class Desk:
    """A reporter with its forge and store, and the commit that all is about."""

    tools: Tools
    forge: FakeGitHub | FakeGitLab | FakeGitea
    kind: str
    sha: str

    @property
    def store(self) -> Store:
        """Where letters wait."""
        return self.tools.store

    def say(self, state: State, description: str = "as it stands", context: str = "pushboat/a", sha: str = "") -> None:
        """Have a status posted."""
        status = Status(context=context, state=state, description=description, path="/", ref="refs/heads/main")
        with self.store.writing() as tx:
            putting.put(tx, f"{self.kind}/acme/shop", StatusLetter(sha=sha or self.sha, status=status))

    def report(self) -> None:
        """Follow the hints that the dispatcher would give now."""
        for forge in {*outbox.due_forges(self.store), *reading_back.due_forges(self.store)}:
            report(self.tools, Seats(), forge)

    def shown(self, context: str = "pushboat/a") -> list[tuple[str, str]]:
        """The states and sentences that the forge was told, in order."""
        return [(one[1], one[2]) for one in self.forge.statuses("acme/shop", self.sha) if one[0] == context]

    def asked(self, method: str = "") -> int:
        """Count what the forge was asked so far."""
        return sum(one.method == method or not method for one in self.forge.requests)

    def outcomes(self) -> list[str]:
        """How each letter ended, in order."""
        with self.store.reading() as tx:
            return [row["outcome"] for row in tx.rows(sa.text("SELECT outcome FROM outbox ORDER BY id"))]

    def stale(self, state: State) -> None:
        """Let a poster that was frozen wake, whose request arrives late."""
        status = Status(context="pushboat/a", state=state, description="late", path="/", ref="refs/heads/main")
        self.tools.clients(self.kind).post("acme/shop", StatusLetter(sha=self.sha, status=status), URL)


@pytest.fixture(params=FAKES)
def desk(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Desk]:
    """Each forge, with each store."""
    yield from _desk(request.param, store, tmp_path)


@pytest.fixture
def at_github(store: Store, tmp_path: Path) -> Iterator[Desk]:
    """A GitHub, with each store."""
    yield from _desk("github", store, tmp_path)


def _desk(kind: str, store: Store, folder: Path) -> Iterator[Desk]:
    with FAKES[kind](folder / "forge") as forge:
        forge.create_repository("acme/shop", {"a": "1"})
        limits = Limits(environment="a", cluster="dev", namespaces=("shop",))
        with at_work(folder, store, forge.configured(), {f"{kind}/acme/shop": {"a": limits}}) as tools:
            yield Desk(tools, forge, kind, forge.projects["acme/shop"].bare.resolve("refs/heads/main"))


def test_after_an_hour_away_the_forge_hears_the_ends_first_and_nothing_that_is_over(desk: Desk) -> None:
    """It was down for an hour: one request for each commit and context, those that ended before those that run."""
    desk.forge.down = True
    for context in ("pushboat/runs", "pushboat/a"):
        desk.say(State.QUEUED, context=context)
        desk.say(State.RUNNING, context=context)
    desk.say(State.FAILED, context="pushboat/a")
    desk.report()
    time_passes(desk.store, HOUR)
    desk.forge.down = False
    before = desk.asked("POST")
    desk.report()
    assert desk.asked("POST") - before == 2
    assert [one[0] for one in desk.forge.statuses("acme/shop", desk.sha)] == ["pushboat/a", "pushboat/runs"]
    assert desk.outcomes() == ["collapsed", "sent", "collapsed", "collapsed", "sent"]


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


def limits() -> Iterator[tuple[str, int, dict[str, str], str, float]]:
    """Each forge's own ways to say that it is too much, and for how long then."""
    reset = str(int(time.time()) + 600)
    secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    yield "github", 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}, "API rate limit exceeded", 600
    yield "github", 403, {"Retry-After": "70"}, secondary, 70
    yield "github", 403, {}, secondary, 60
    yield "github", 403, {"Retry-After": "75"}, "Forbidden", 75
    yield "gitlab", 429, {"RateLimit-Remaining": "0", "RateLimit-Reset": reset}, "Retry later", 600
    yield "gitea", 429, {}, "", 60


@pytest.mark.parametrize("which", range(6))
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


@pytest.mark.parametrize("status", [403, 404, 410, 422])
def test_what_the_forge_will_not_have_holds_nothing_up_and_can_be_sent_again(
    desk: Desk, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """It is put aside with its reason, what follows goes, and a command sends it when the reason is gone."""
    desk.forge.fail(status, method="POST", body={"message": "not now"})
    desk.say(State.FAILED, context="pushboat/b")
    desk.say(State.QUEUED)
    with caplog.at_level(logging.WARNING):
        desk.report()
    assert desk.outcomes() == ["dead", "sent"]
    assert any("pushboat letters resend" in line for line in caplog.messages), caplog.messages
    (lost,) = giving_up.listed(desk.store, 9)
    assert (lost.about, lost.kind) == (f"pushboat/b of {desk.sha[:7]}: failed", "status")
    assert str(status) in lost.error
    assert giving_up.numbers(desk.store) == {desk.kind: 1}
    assert quieting.listed(desk.store) == []
    told = giving_up.last_of(desk.store, f"{desk.kind}/acme/shop", desk.sha, "pushboat/b")
    assert told == lost

    assert giving_up.put_back(desk.store, [lost.id]).again == (lost.id,)
    desk.report()
    assert [state for state, _ in desk.shown("pushboat/b")] == [ENDS[desk.kind]]
    assert giving_up.listed(desk.store, 9) == []


def test_what_is_over_is_not_sent_again(desk: Desk) -> None:
    """A commit's first state was refused and its last one taken: to send the first again would say what is over."""
    desk.forge.fail(404, method="POST", times=1)
    desk.say(State.RUNNING)
    desk.report()
    desk.say(State.FAILED)
    desk.report()
    done = giving_up.put_all_back(desk.store)
    assert (len(done.again), len(done.over)) == (0, 1)
    desk.report()
    assert [state for state, _ in desk.shown()] == [ENDS[desk.kind]]
    assert giving_up.numbers(desk.store) == {}


def test_replies_are_sent_again_where_no_newer_one_took_their_place(desk: Desk) -> None:
    """Two answers were refused, and a later word about one of them was taken: the other one alone is sent again."""
    with desk.store.writing() as tx:
        for marker in ("one", "two", "two"):
            letter = ReplyLetter(number=7, body="hello", marker=f"pushboat-{marker}", path="/deployments/1")
            putting.put(tx, f"{desk.kind}/acme/shop", letter)
    first, second, third = outbox.due_head(desk.store, "a", desk.kind), [], []
    outbox.dead(desk.store, first[0], "404")
    second = outbox.due_head(desk.store, "a", desk.kind)
    outbox.dead(desk.store, second[0], "404")
    third = outbox.due_head(desk.store, "a", desk.kind)
    outbox.sent(desk.store, third[0])
    done = giving_up.put_all_back(desk.store)
    assert (done.again, done.over) == ((first[0].id,), (second[0].id,))


def test_a_token_that_nobody_knows_loses_no_letter(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """It was revoked with a hundred letters waiting: the forge is asked once, and has all of them after the new one."""
    valid, desk.forge.token = desk.forge.token, "another one"
    for number in range(100):
        desk.say(State.FAILED, context=f"pushboat/{number}")
    with caplog.at_level(logging.WARNING):
        desk.report()
        desk.report()
    assert desk.asked("POST") == 1
    assert len([line for line in caplog.messages if "token that is valid" in line]) == 1, caplog.messages
    (quiet,) = quieting.listed(desk.store)
    assert quiet.unknown
    assert outbox.backlog(desk.store) == 100
    assert giving_up.numbers(desk.store) == {}

    desk.forge.token = valid
    assert quieting.end_unknown(desk.store) == 1
    time_passes(desk.store, 61)
    desk.report()
    assert desk.outcomes() == ["sent"] * 100


def test_a_token_that_nobody_knows_for_days_loses_no_letter(desk: Desk) -> None:
    """However long it takes to renew it."""
    valid, desk.forge.token = desk.forge.token, "another one"
    desk.say(State.FAILED)
    desk.report()
    with desk.store.writing() as tx:
        tx.change(sa.text("UPDATE outbox SET attempts = 9999"))
    time_passes(desk.store, 301)
    desk.report()
    desk.forge.token = valid
    time_passes(desk.store, 301)
    desk.report()
    assert desk.outcomes() == ["sent"]


def test_a_stale_word_after_the_last_one_is_put_right(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A poster was frozen with *running* in hand and wakes after the end was told: the commit shows the end again."""
    desk.say(State.RUNNING)
    desk.say(State.FAILED)
    desk.report()
    desk.stale(State.RUNNING)
    assert desk.shown()[-1][0] != ENDS[desk.kind]
    desk.report()
    assert desk.shown()[-1][0] != ENDS[desk.kind], "two leases must have passed"
    time_passes(desk.store, 61)
    with caplog.at_level(logging.WARNING):
        desk.report()
    assert desk.shown()[-1][0] == ENDS[desk.kind]
    assert any("said again" in line for line in caplog.messages)
    before = desk.asked()
    time_passes(desk.store, 61)
    desk.report()
    assert desk.asked() - before == 1, "and is read once more"
    time_passes(desk.store, HOUR)
    desk.report()
    assert desk.asked() - before == 1


def test_an_end_is_read_back_once_and_nothing_else_is(desk: Desk) -> None:
    """One question for each end that still is the last word; none for what runs or was begun anew."""
    desk.say(State.RUNNING, context="pushboat/runs")
    for context in ("pushboat/a", "pushboat/anew"):
        desk.say(State.FAILED, context=context)
    desk.report()
    desk.say(State.QUEUED, "once more", context="pushboat/anew")
    desk.report()
    before, posts = desk.asked(), desk.asked("POST")
    time_passes(desk.store, 61)
    for _ in range(3):
        desk.report()
        time_passes(desk.store, HOUR)
    assert (desk.asked() - before, desk.asked("POST") - posts) == (1, 0)
    assert outbox.backlog(desk.store) == 0


def test_somebody_elses_word_under_our_context_is_not_fought_for_ever(desk: Desk) -> None:
    """Another program writes under our name after each of our words: we say it three times more, and leave it."""
    desk.say(State.FAILED)
    for _ in range(10):
        desk.report()
        desk.stale(State.RUNNING)
        time_passes(desk.store, 61)
    assert [state for state, _ in desk.shown()].count(ENDS[desk.kind]) == 4


def test_a_forge_that_is_away_when_it_is_read_is_asked_again(desk: Desk) -> None:
    """Reading fails for a while: the late word is found all the same."""
    desk.say(State.FAILED)
    desk.report()
    desk.stale(State.RUNNING)
    desk.forge.down = True
    time_passes(desk.store, 61)
    desk.report()
    desk.forge.down = False
    time_passes(desk.store, 61)
    desk.report()
    assert desk.shown()[-1][0] == ENDS[desk.kind]


def test_what_is_shown_already_is_not_posted_again(desk: Desk) -> None:
    """The same sentence twice costs one request; another sentence is news."""
    for description in ("waits", "waits", "waits", "waits for ann", "waits"):
        desk.say(State.QUEUED, description)
    desk.report()
    assert desk.outcomes() == ["sent", "said already", "said already", "sent", "sent"]


def test_a_commit_that_takes_no_more_is_told_so_once(at_github: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """GitHub's thousand are used up: it is said once below the commit, and no more requests are spent on that pair."""
    for number in range(1000):
        at_github.stale(State.QUEUED) if number == 0 else at_github.forge.projects["acme/shop"].statuses.append(
            at_github.forge.projects["acme/shop"].statuses[0]
        )
    at_github.say(State.RUNNING)
    at_github.say(State.FAILED)
    at_github.say(State.FAILED, context="pushboat/b")
    before = at_github.asked("POST")
    with caplog.at_level(logging.WARNING):
        at_github.report()
    assert at_github.outcomes()[:3] == ["the commit takes no more", "the commit takes no more", "sent"]
    assert len([line for line in caplog.messages if "maximum number of statuses" in line]) == 1
    assert at_github.asked("POST") - before == 3, "one that is refused, one of the other context, one comment"
    (comment,) = [one for one in at_github.forge.projects["acme/shop"].comments if one.sha == at_github.sha]
    assert "`pushboat/a` of this commit stands still" in comment.body
    assert giving_up.numbers(at_github.store) == {}

    for _ in range(5):
        at_github.say(State.FAILED)
        at_github.report()
    assert at_github.asked("POST") - before == 3
    assert len([one for one in at_github.forge.projects["acme/shop"].comments if one.sha == at_github.sha]) == 1


def test_the_last_hundred_are_kept_for_how_things_end(at_github: Desk) -> None:
    """A commit that was told 900 times shows no more steps of the way, and every end."""
    for number in range(900):
        at_github.say(State.QUEUED, f"waits {number}")
    with at_github.store.writing() as tx:
        tx.change(sa.text("UPDATE outbox SET sent_at = 1, outcome = 'sent'"))
    at_github.say(State.RUNNING)
    at_github.say(State.FAILED)
    at_github.report()
    assert at_github.outcomes()[900:] == ["left out: kept for how it ends", "sent"]
    assert [state for state, _ in at_github.shown()] == ["failure"]


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
