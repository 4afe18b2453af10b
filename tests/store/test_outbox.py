"""Statuses reach the forge in order within each stream, whatever happens to the forge or to a poster."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from pushboat.model.letter import ReplyLetter, StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.routing import Post, Reply
from pushboat.store import announcing, ending, outbox, quieting
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, time_passes

SHOWN = Status(context="pushboat", state=State.FAILED, description="broken", path="/")


def post(sha: str, state: State = State.QUEUED, description: str = "waiting") -> Post:
    """A status that no deployment stands behind."""
    return Post(sha=sha, context="pushboat", state=state, description=description)


def only_statuses(store: Store) -> None:
    """Leave out what the forge's own list of deployments is told: its stream waits for none of these."""
    with store.writing() as tx:
        tx.change(sa.text("DELETE FROM outbox WHERE kind = 'deployment'"))


def states(letters: list[outbox.Envelope]) -> list[str]:
    """The states of some letters."""
    opened = [outbox.opened(letter) for letter in letters]
    return [letter.status.state.value for letter in opened if isinstance(letter, StatusLetter)]


@pytest.mark.proves("commit-status")
def test_the_states_of_a_commit_are_posted_one_after_the_other(store: Store, repository: Repository) -> None:
    """A later state never reaches the forge before an earlier one, also with several posters."""
    ending.finish(store, repository.claim(repository.push("a")), State.SUCCEEDED, "healthy")
    only_statuses(store)
    (first,) = outbox.due_head(store, "one", "github")
    letter = outbox.opened(first)
    assert isinstance(letter, StatusLetter)
    shown = (letter.sha, letter.status.context, letter.status.state, letter.status.ref)
    assert shown == ("a", "pushboat/staging", State.QUEUED, "refs/heads/main")
    assert (first.forge, first.repository, first.attempts) == ("github", "acme/shop", 1)
    assert outbox.due_head(store, "two", "github") == []
    assert outbox.due_forges(store) == []
    outbox.sent(store, first)
    assert states(repository.post_everything()) == ["running", "succeeded"]
    assert outbox.backlog(store) == 0


def test_two_posters_never_hold_the_same_letter(store: Store, repository: Repository) -> None:
    """Two posters work side by side, and each status is posted once."""
    repository.route(*(post(f"{number}") for number in range(30)))

    def work(name: str) -> list[int]:
        posted = []
        while letters := outbox.due_head(store, name, "github", limit=3):
            for letter in letters:
                outbox.sent(store, letter)
                posted.append(letter.id)
        return posted

    with ThreadPoolExecutor(3) as threads:
        posted = [number for each in threads.map(work, "abc") for number in each]
    assert len(posted) == len(set(posted))
    repository.post_everything()
    assert outbox.backlog(store) == 0


def test_a_letter_that_failed_comes_again_later_and_its_stream_waits(store: Store, repository: Repository) -> None:
    """The forge hiccups: the status is tried again, and the next one of that commit waits behind it."""
    repository.route(post("a"), post("b"))
    repository.route(post("a", State.FAILED, "broken"))
    first, other = outbox.due_head(store, "poster", "github")
    outbox.retry(store, first, "502", 10)
    outbox.sent(store, other)
    assert outbox.due_head(store, "poster", "github") == []
    time_passes(store, 11)
    (again,) = outbox.due_head(store, "poster", "github")
    assert (again.id, again.attempts) == (first.id, 2)
    outbox.sent(store, again)
    assert states(repository.post_everything()) == ["failed"]


def test_what_the_forge_never_takes_holds_nothing_up(store: Store, repository: Repository) -> None:
    """The forge does not know the commit: that status is given up, the next one goes."""
    repository.route(post("a"))
    repository.route(post("a", State.FAILED, "broken"))
    (letter,) = outbox.due_head(store, "poster", "github")
    outbox.dead(store, letter, "422: no commit found")
    assert states(repository.post_everything()) == ["failed"]


def test_a_forge_that_asks_to_wait_is_left_alone_whole(store: Store, repository: Repository) -> None:
    """The rate limit is reached: nothing goes to that forge until it is over."""
    repository.route(post("a"), post("b"), Reply(number=7, body="hello"))
    (letter,) = outbox.due_head(store, "poster", "github", limit=1)
    quieting.quiet(store, "github", 60)
    quieting.quiet(store, "github", 5)
    outbox.retry(store, letter, "429", 1)
    time_passes(store, 30)
    assert outbox.due_head(store, "poster", "github") == []
    assert outbox.due_forges(store) == []
    assert outbox.backlog(store) == 3
    time_passes(store, 31)
    assert len(repository.post_everything()) == 3


def test_a_killed_posters_letters_are_posted_by_another(store: Store, repository: Repository) -> None:
    """A poster dies with a status in its hands: after its lease another one posts it, and its late word is ignored."""
    repository.route(post("a"))
    (held,) = outbox.due_head(store, "dead", "github", lease=30)
    time_passes(store, 29)
    assert outbox.due_head(store, "other", "github") == []
    time_passes(store, 2)
    (again,) = outbox.due_head(store, "other", "github")
    assert again.id == held.id
    outbox.retry(store, held, "late", 600)
    outbox.dead(store, held, "late")
    outbox.sent(store, again)
    assert outbox.backlog(store) == 0


def test_a_clock_that_was_set_back_holds_no_letter(store: Store, repository: Repository) -> None:
    """A poster dies and the machine's clock is set back by an hour: the status is posted all the same."""
    repository.route(post("a"))
    assert outbox.due_head(store, "dead", "github")
    time_passes(store, -3600)
    assert states(outbox.due_head(store, "alive", "github")) == ["queued"]


def test_no_pause_is_longer_than_an_hour(store: Store, repository: Repository) -> None:
    """A forge asks us to stay away for a year: it is asked again after an hour."""
    repository.route(post("a"))
    for pause in (1e9, float("inf")):
        (letter,) = outbox.due_head(store, "poster", "github")
        quieting.quiet(store, "github", pause)
        outbox.retry(store, letter, "429", pause)
        time_passes(store, 3590)
        assert outbox.due_forges(store) == []
        time_passes(store, 11)
        assert outbox.due_forges(store) == ["github"]


def test_a_pause_that_is_no_number_is_none(store: Store, repository: Repository) -> None:
    """A forge's pause is below zero or nonsense: its letters go on at once."""
    repository.route(post("a"))
    for pause in (-1e9, float("nan")):
        (letter,) = outbox.due_head(store, "poster", "github")
        quieting.quiet(store, "github", pause)
        outbox.retry(store, letter, "429", pause)
        assert outbox.due_forges(store) == ["github"]


def test_after_a_jump_of_the_clock_nothing_is_held_for_longer_than_an_hour(
    store: Store, repository: Repository
) -> None:
    """The clock ran a day ahead and is set right: pauses written meanwhile do not last a day, and new ones count."""
    repository.route(post("a"))
    (letter,) = outbox.due_head(store, "poster", "github")
    quieting.quiet(store, "github", 60)
    outbox.retry(store, letter, "429", 60)
    time_passes(store, -86_400)
    (again,) = outbox.due_head(store, "poster", "github")
    quieting.quiet(store, "github", 60)
    outbox.retry(store, again, "429", 1)
    time_passes(store, 5)
    assert outbox.due_forges(store) == []


def test_a_forge_in_trouble_holds_its_own_letters_only(store: Store, repository: Repository) -> None:
    """GitHub limits us: what GitLab is to hear is due all the same."""
    repository.route(post("a"))
    with store.writing() as tx:
        announcing.announce_status(tx, "gitlab/acme/shop", "a", SHOWN)
    quieting.quiet(store, "github", 600)
    assert outbox.due_forges(store) == ["gitlab"]
    assert outbox.due_head(store, "poster", "github") == []
    assert [each.forge for each in outbox.due_head(store, "poster", "gitlab")] == ["gitlab"]


def test_after_a_long_outage_only_the_newest_state_is_posted(store: Store, repository: Repository) -> None:
    """The forge was down for an hour: each commit gets its last state, not all of those between."""
    ending.finish(store, repository.claim(repository.push("a")), State.SUCCEEDED, "healthy")
    only_statuses(store)
    (stuck,) = outbox.due_head(store, "poster", "github")
    outbox.retry(store, stuck, "connection refused", 100)
    repository.route(Reply(number=7, body="one"))
    repository.route(Reply(number=7, body="two"))
    time_passes(store, 61)
    assert [each.kind for each in repository.post_everything()] == ["reply", "reply"]
    time_passes(store, 40)
    assert states(repository.post_everything()) == ["succeeded"]
    assert outbox.backlog(store) == 0


def test_a_short_delay_leaves_nothing_out(store: Store, repository: Repository) -> None:
    """As long as nothing is late, the forge sees every state."""
    ending.finish(store, repository.claim(repository.push("a")), State.SUCCEEDED, "healthy")
    time_passes(store, 50)
    assert states(repository.post_everything()) == ["queued", "running", "succeeded"]


def test_a_letter_holds_only_what_can_be_sent(store: Store, repository: Repository) -> None:
    """A NUL or half a character in a comment that is quoted: the letter is one that a forge can be sent."""
    repository.route(Reply(number=7, body="you wrote: a\0b \ud83d"))
    (reply,) = (outbox.opened(each) for each in repository.post_everything())
    assert isinstance(reply, ReplyLetter)
    assert reply.body.encode() == "you wrote: a\ufffdb ?".encode()
