"""The comment on a pull request follows the truth, and is edited for news only."""

import json
from dataclasses import replace

import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.hold import Hold, Scope
from pushboat.model.letter import StickyLetter
from pushboat.model.state import State, Trigger
from pushboat.reading import proposed
from pushboat.routing import Post, Withdraw
from pushboat.routing.holds import UNMERGED
from pushboat.store import deliveries, ending, holds, outbox, plans, pull_requests, stickies
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import sticky_marks
from pushboat.store.stickies import Due
from tests.store.repository import NAME, Repository, deploy, plan, time_passes

SUMMARY = "pushboat/plan"
PULL = Event(
    kind=EventKind.PULL_REQUEST,
    action="opened",
    repository="acme/shop",
    ref="topic",
    sha="a",
    number=7,
    base_ref="main",
)


def turn(store: Store) -> Due:
    """The one pull request whose turn it is, once it was quiet for a while."""
    time_passes(store, stickies.QUIET)
    (found,) = stickies.due(store)
    return found


def letters(store: Store) -> list[str]:
    """What is on its way to the forge."""
    with store.reading() as tx:
        query = sa.text("SELECT kind, payload FROM outbox WHERE sent_at IS NULL AND kind = 'sticky' ORDER BY id")
        rows = tx.rows(query)
    return [row["payload"] for row in rows]


def say(store: Store, body: str, no_news: str = "") -> bool:
    """Let the comment whose turn it is say this."""
    return stickies.say(store, turn(store), body, "marker", no_news)


def test_everything_that_happens_to_a_plan_is_looked_at(store: Store, repository: Repository) -> None:
    """Queued, running and ended: each is a reason to look; and where nothing happened nobody looks."""
    (planned,) = repository.route(plan("a"))
    assert turn(store).number == 7
    stickies.say(store, turn(store), "", "marker")
    assert not stickies.due(store)
    claim = repository.claim(planned)
    stickies.say(store, turn(store), "", "marker")
    ending.finish(store, claim, State.SUCCEEDED, "1 to create")
    found = turn(store)
    assert (found.repository, found.number, found.written) == (NAME, 7, False)


def test_what_goes_on_after_a_limit_is_looked_at(store: Store, repository: Repository) -> None:
    """My comment said meanwhile that the plan waits: that it goes on is news there, though my commit shows it."""
    (planned,) = repository.route(plan("a"))
    claim = repository.claim(planned)
    ending.give_back(store, claim, "github limits our requests", 0.0, counted=False, said=False)
    assert say(store, "waits, since github limits our requests")
    shown = repository.shown("a", "pushboat/plan/staging")
    repository.claim(planned)
    assert repository.shown("a", "pushboat/plan/staging") == shown
    time_passes(store, stickies.SPACING)
    assert turn(store).number == 7


def test_news_comes_at_once_but_not_at_every_moment(store: Store, repository: Repository) -> None:
    """A burst is one edit, and the next one keeps its distance."""
    repository.route(plan("a"))
    assert not stickies.due(store), "more may come"
    assert say(store, "planning")
    (planned,) = repository.route(plan("b"))
    repository.claim(planned)
    time_passes(store, stickies.QUIET)
    assert not stickies.due(store), "it was edited a moment ago"
    time_passes(store, stickies.SPACING)
    assert stickies.due(store)[0].written


def test_what_happens_while_no_news_is_put_off_is_looked_at_all_the_same(store: Store, repository: Repository) -> None:
    """My plan ends in the very moment in which what is no news is put off: I read so then, and not in an hour."""
    repository.route(plan("a"))
    assert say(store, "planned against 1", no_news="1")
    repository.route(plan("b"))
    time_passes(store, stickies.SPACING)
    late = turn(store)
    with store.writing() as tx:  # it began a moment after the one that puts off, and was done before it
        tx.change(sa.insert(sticky_marks), repository=NAME, number=7, at=tx.now + 0.5)
    assert not stickies.say(store, late, "planned against 2", "marker", "2")
    time_passes(store, stickies.QUIET + stickies.SPACING)
    assert stickies.due(store)


def test_of_two_dispatchers_the_late_one_says_nothing_old(store: Store, repository: Repository) -> None:
    """One is frozen with its text in hand; the other has said since how my plan ended: that stays."""
    (planned,) = repository.route(plan("a"))
    late = turn(store)
    ending.finish(store, repository.claim(planned), State.SUCCEEDED, "1 to create")
    assert say(store, "1 to create")
    assert not stickies.say(store, late, "planning", "marker")
    stickies.put_off(store, late, 300.0)
    time_passes(store, stickies.UNHURRIED)
    assert not stickies.due(store), "nor is there anything more to look at"
    (last,) = letters(store)
    assert json.loads(last)["body"] == "1 to create"


def test_of_two_dispatchers_the_newer_text_comes_last(store: Store, repository: Repository) -> None:
    """The one that has looked later is not kept from it by what the other has settled."""
    (planned,) = repository.route(plan("a"))
    early = turn(store)
    ending.finish(store, repository.claim(planned), State.SUCCEEDED, "1 to create")
    later = turn(store)
    assert stickies.say(store, early, "planning", "marker")
    assert stickies.say(store, later, "1 to create", "marker")
    assert [json.loads(each)["body"] for each in letters(store)] == ["1 to create"]


def test_a_clock_that_is_set_back_loses_no_news(store: Store) -> None:
    """The machine's clock was a day ahead: what is said after it is right again is the newer edition all the same."""
    due, editions = Due(repository=NAME, number=7, marks=(), written=True), []
    for body in ("planning", "planned", "planned anew"):
        assert stickies.say(store, due, body, "marker")
        editions += [edition(each) for each in letters(store)]
        if body == "planning":  # it was put, and numbered, by the clock of then
            time_passes(store, -86_400)
            editions = [each + 86_400_000 for each in editions]
    assert editions == sorted(set(editions))
    assert len(editions) == 3


def edition(payload: str) -> int:
    """Which edition a letter is."""
    return int(json.loads(payload)["edition"])


def test_what_it_says_already_is_not_said_again(store: Store, repository: Repository) -> None:
    """No edit where the text stays as it is."""
    repository.route(plan("a"))
    assert say(store, "planning")
    repository.route(plan("b"))
    time_passes(store, stickies.SPACING)
    assert not say(store, "planning")
    assert not stickies.due(store)
    assert len(letters(store)) == 1


def test_a_newer_base_alone_is_no_news(store: Store, repository: Repository) -> None:
    """The same plan against a newer base is edited in once an hour: a busy base has many open pull requests."""
    repository.route(plan("a"))
    assert say(store, "same; base 1", "base 1")
    repository.route(plan("a"))
    time_passes(store, stickies.SPACING)
    assert not say(store, "same; base 2", "base 2")
    assert not stickies.due(store)
    repository.route(plan("a"))
    assert say(store, "other; base 3", "base 3"), "news waits for nothing"
    repository.route(plan("a"))
    time_passes(store, stickies.SPACING)
    assert not say(store, "other; base 4", "base 4")
    time_passes(store, stickies.UNHURRIED)
    assert say(store, "other; base 4", "base 4")


def test_the_newest_text_takes_the_place_of_one_that_has_not_left(store: Store, repository: Repository) -> None:
    """The forge was away: it gets what holds now, once; what is being posted at this moment stays in its place."""
    repository.route(plan("a"))
    assert say(store, "one")
    repository.route(plan("b"))
    time_passes(store, stickies.SPACING)
    assert say(store, "two")
    assert ["two" in each for each in letters(store)] == [True]
    taken = [each for each in outbox.due_head(store, "poster", "github") if each.kind == "sticky"]
    repository.route(plan("c"))
    time_passes(store, stickies.SPACING)
    assert say(store, "three")
    assert len(letters(store)) == 2
    outbox.sent(store, taken[0])
    (last,) = [outbox.opened(each) for each in repository.post_everything() if each.kind == "sticky"]
    assert isinstance(last, StickyLetter)
    assert last.body == "three"


def test_news_while_it_is_written_is_looked_at_again(store: Store, repository: Repository) -> None:
    """Something happens after the text was made, and before it is stored."""
    repository.route(plan("a"))
    looked = turn(store)
    repository.route(plan("b"))
    assert stickies.say(store, looked, "about a", "marker")
    time_passes(store, stickies.SPACING)
    assert say(store, "about b")


def ask_for(store: Store, repository: Repository, sha: str) -> None:
    """Somebody comments `/deploy staging` on pull request 7."""
    event = Event(kind=EventKind.COMMENT, action="created", repository="acme/shop", number=7, comment_on="pull_request")
    ask = Ask(
        word="deploy", environment="staging", who="ann", source=Source.COMMENT, repository=NAME, number=7, sha=sha
    )
    deliveries.accept(store, "github", f"comment-{sha}", event, asked=[ask])


def test_a_deployment_that_was_asked_for_is_followed(store: Store, repository: Repository) -> None:
    """From its queue to its end, and it stands in the history."""
    ask_for(store, repository, "a")
    (tried,) = repository.route_waiting(deploy("a", trigger=Trigger.COMMENT))
    stickies.say(store, turn(store), "", "marker")
    claim = repository.claim(tried)
    stickies.say(store, turn(store), "", "marker")
    ending.finish(store, claim, State.SUCCEEDED, "3 objects")
    assert turn(store).number == 7
    assert [each.state for each in pull_requests.known(store, NAME, 7).tried] == [State.SUCCEEDED]


def test_a_merge_is_followed_to_its_end(store: Store, repository: Repository) -> None:
    """What was merged, and what that deployed, whichever delivery brought it."""
    deliveries.accept(store, "github", "opened", PULL)
    repository.route_waiting(plan("a"))
    merged = replace(PULL, action="merged", merged_sha="m")
    deliveries.accept(store, "github", "merged", merged)
    repository.route_waiting(Withdraw(number=7, merged=True))
    stickies.say(store, turn(store), "", "marker")
    pushed = repository.push("m")
    assert turn(store).number == 7
    stickies.say(store, turn(store), "", "marker")
    ending.finish(store, repository.claim(pushed), State.SUCCEEDED, "3 objects")
    assert turn(store).number == 7
    known = pull_requests.known(store, NAME, 7)
    assert (known.closed, known.merged, known.answers) == (True, "m", {})
    assert [each.state for each in known.brought] == [State.SUCCEEDED]
    assert [each.sha for each in known.plans] == ["a"]


def test_a_fork_and_a_mistake_are_told(store: Store, repository: Repository) -> None:
    """Nothing was planned: why stands in the answer."""
    repository.route(Post(sha="a", context=SUMMARY, state=State.FAILED, description="from a fork", number=7))
    assert turn(store).number == 7
    assert pull_requests.known(store, NAME, 7).answers[SUMMARY].description == "from a fork"


def test_a_merge_queues_head_has_no_conversation(store: Store, repository: Repository) -> None:
    """It stands for a pull request that has its own comment."""
    repository.route(Post(sha="a", context=SUMMARY, state=State.QUEUED, description="planning", number=-7))
    time_passes(store, 60)
    assert not stickies.due(store)


def test_where_the_base_stood_is_kept(store: Store, repository: Repository) -> None:
    """It was planned against a commit, and that one is named."""
    (planned,) = repository.route(plan("a"))
    plans.note_base(store, planned.id, "5d6e7f8")
    assert repository.row(planned).base_sha == "5d6e7f8"


def test_a_text_that_met_a_bug_is_tried_again_later(store: Store, repository: Repository) -> None:
    """And keeps no other comment waiting meanwhile."""
    repository.route(plan("a"))
    stickies.put_off(store, turn(store), 300)
    assert not stickies.due(store)
    time_passes(store, 302)
    assert stickies.due(store)


def test_a_pin_is_told_where_its_environment_is_planned_and_so_is_its_end(store: Store, repository: Repository) -> None:
    """#8 is deployed to staging, and unlocked: my comment, whose plan is for staging, looks at both."""
    (planned,) = repository.route(plan("a"))
    ending.finish(store, repository.claim(planned), State.SUCCEEDED, "1 to create")
    stickies.say(store, turn(store), "", "marker")
    here = Scope(repository=NAME, environment="staging")
    pin = Hold(kind=UNMERGED, scope=here, by="bob", subject="#8", pull_request=8, sha="1234567")
    holds.put(store, replace(pin, scope=Scope(repository=NAME, environment="qa")))
    assert marked(store) == []
    holds.put(store, pin)
    assert marked(store) == [7]
    (found,) = proposed.find(store, NAME, 7).planned
    assert found.pinned.startswith("pinned to pull request #8 (1234567) by bob since ")
    stickies.say(store, turn(store), "", "marker")
    holds.lift(store, UNMERGED, here, "#8")
    assert marked(store) == [7]
    assert proposed.find(store, NAME, 7).planned[0].pinned == ""


def marked(store: Store) -> list[int]:
    """Whose comment is to be looked at."""
    with store.reading() as tx:
        return [row["number"] for row in tx.rows(sa.text("SELECT number FROM sticky_mark ORDER BY id"))]
