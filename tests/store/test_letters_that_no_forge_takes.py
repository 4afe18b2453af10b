"""What a forge refuses, over real HTTP and from both stores: it holds nothing up, is seen, and can be sent again."""

import logging

import pytest
import sqlalchemy as sa

from pushboat.model.letter import ReplyLetter
from pushboat.model.state import State
from pushboat.store import giving_up, outbox, putting, quieting
from tests.store.desk import ENDS, Desk
from tests.store.repository import time_passes
from workers.lifting import Lifting

pytestmark = pytest.mark.programs


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


def test_letters_that_were_refused_together_are_one_refusal(desk: Desk) -> None:
    """Eight threads ask at once with a token that is not known for a moment: it costs ten seconds, not five minutes."""
    for _ in range(8):
        quieting.unknown(desk.store, desk.kind, "it does not know our token")
    (quiet,) = quieting.listed(desk.store)
    assert quiet.left <= quieting.UNKNOWN_FIRST
    time_passes(desk.store, quieting.UNKNOWN_FIRST + 1)
    for _ in range(8):
        quieting.unknown(desk.store, desk.kind, "it does not know our token")
    (quiet,) = quieting.listed(desk.store)
    assert quiet.left == pytest.approx(quieting.UNKNOWN_AGAIN, abs=20)


def elsewhere(desk: Desk) -> str:
    """Commit where the repository does not see it yet."""
    return desk.forge.create_repository("ann/shop", {"a": "2"}).bare.resolve("refs/heads/main")


def test_a_commit_that_is_not_there_yet_is_waited_for(desk: Desk) -> None:
    """A push to a fork is told of before its commit can be seen: it has its status some seconds later."""
    sha = elsewhere(desk)
    desk.say(State.FAILED, sha=sha)
    desk.report()
    assert (outbox.backlog(desk.store), giving_up.numbers(desk.store)) == (1, {})
    desk.forge.projects["acme/shop"].bare.fetch(desk.forge.projects["ann/shop"].bare, "main", "refs/heads/seen")
    time_passes(desk.store, 30)
    desk.report()
    assert [state for _, state, *_ in desk.forge.statuses("acme/shop", sha)] == [ENDS[desk.kind]]


def test_a_commit_that_never_comes_is_given_up(desk: Desk) -> None:
    """It was pushed away: some tries, a minute or two, and the letter is put aside with its reason."""
    desk.say(State.FAILED, sha=elsewhere(desk))
    posts = 0
    for _ in range(20):
        desk.report()
        time_passes(desk.store, 30)
    assert outbox.backlog(desk.store) == 0
    assert giving_up.numbers(desk.store) == {desk.kind: 1}
    assert "commit" in giving_up.listed(desk.store, 1)[0].error
    assert 3 <= desk.asked("POST") - posts <= 8


def test_one_letter_that_is_sent_again_says_nothing_that_is_over(desk: Desk) -> None:
    """The beginning and the end were refused, and somebody sends the beginning alone: it stays unsent."""
    desk.forge.fail(403, method="POST", times=2)
    desk.say(State.QUEUED)
    desk.report()
    desk.say(State.FAILED)
    desk.report()
    last, first = giving_up.listed(desk.store, 9)
    assert giving_up.put_back(desk.store, [first.id]) == giving_up.PutBack(over=(first.id,))
    desk.report()
    assert desk.shown() == []
    assert giving_up.put_all_back(desk.store).again == (last.id,)
    assert giving_up.put_all_back(desk.store).again == (), "pressed twice"
    desk.report()
    assert [state for state, _ in desk.shown()] == [ENDS[desk.kind]]


def test_a_token_that_was_renewed_is_not_held_by_who_still_has_the_old_one(desk: Desk) -> None:
    """A process that has not read the new file is refused once more: the new token waits for seconds, not minutes."""
    lifting = Lifting(desk.store)
    lifting.begin(now=0.0)
    for now, lifted in ((0.0, True), (4.0, False), (6.0, True), (30.0, False), (41.0, True), (500.0, False)):
        quieting.quiet(desk.store, desk.kind, 300, f"{quieting.UNKNOWN}: by the old token")
        lifting.look(now)
        assert (quieting.listed(desk.store) == []) == lifted


def test_a_token_that_is_not_known_for_a_moment_waits_for_a_moment(desk: Desk) -> None:
    """One that was just made is not known everywhere at once: ten seconds; where it stays unknown, minutes."""
    desk.forge.fail(401, method="POST", times=2)
    desk.say(State.FAILED)
    pauses = []
    for _ in range(2):
        desk.report()
        (quiet,) = quieting.listed(desk.store)
        pauses.append(round(quiet.left, -1))
        time_passes(desk.store, quiet.left + 1)
    assert pauses == [quieting.UNKNOWN_FIRST, quieting.UNKNOWN_AGAIN]
    desk.report()
    assert desk.outcomes() == ["sent"]
