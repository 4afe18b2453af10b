"""Notices in the store: written with what they tell, handed out once, and counted apart from what forges wait for."""

from dataclasses import replace

from pushboat.model.notice import EVERYBODY, AddressedLetter, News, NoticeLetter
from pushboat.model.state import State
from pushboat.store import backlogs, ending, noticing, outbox
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, time_passes


def test_a_notice_is_handed_out_once_and_told_in_order(store: Store) -> None:
    """Two reporters have the same notice in hand, one of them too late: each receiver has one letter, in its order."""
    store = replace(store, notices=True)
    repository = Repository(store)
    for number, state in enumerate((State.FAILED, State.SUCCEEDED)):
        ending.finish(store, repository.claim(repository.push(f"{number}" * 40)), state, "said")
    repository.post_everything()
    assert (backlogs.read(store).letters.number, backlogs.read(store).notices.number) == (0, 2)

    (late,) = outbox.due_head(store, "frozen", EVERYBODY, lease=30.0)
    time_passes(store, 31)
    (first,) = outbox.due_head(store, "quick", EVERYBODY, lease=30.0)
    letter = outbox.opened(first)
    assert isinstance(letter, NoticeLetter)
    assert letter.notice.news is News.FAILED
    for envelope in (first, late, first):
        noticing.hand_out(store, envelope, letter.notice, ("mail", "slack"))
    (second,) = outbox.due_head(store, "quick", EVERYBODY)
    last = outbox.opened(second)
    assert isinstance(last, NoticeLetter)
    noticing.hand_out(store, second, last.notice, ("mail",))
    assert outbox.due_head(store, "quick", EVERYBODY) == []
    assert outbox.due_forges(store) == ["@mail", "@slack"]

    told = []
    while taken := outbox.due_head(store, "quick", "@mail"):
        (one,) = taken
        addressed = outbox.opened(one)
        assert isinstance(addressed, AddressedLetter)
        told.append((addressed.receiver, addressed.notice.news, addressed.notice.id))
        outbox.sent(store, one)
    assert told == [("mail", News.FAILED, letter.notice.id), ("mail", News.RECOVERED, last.notice.id)]
    mail, slack = noticing.heard(store, "mail", 60.0), noticing.heard(store, "slack", 60.0)
    assert (mail.waiting, mail.since, slack.waiting, slack.last) == (0, None, 1, None)
    assert mail.last
    assert slack.since
    (given_up,) = outbox.due_head(store, "quick", "@slack")
    outbox.dead(store, given_up, "slack answered 400")
    slack = noticing.heard(store, "slack", 60.0)
    assert (slack.waiting, slack.given_up, slack.refusal) == (0, 1, "slack answered 400")
    time_passes(store, 61)
    assert noticing.heard(store, "slack", 60.0).given_up == 0
