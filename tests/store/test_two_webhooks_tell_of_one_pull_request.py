"""A repository's webhook and its organisation's tell of the same news of a pull request: they are planned once."""

from dataclasses import replace

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.delivery import Accepted
from pushboat.store import deliveries
from pushboat.store.database.engine import Store

OPENED = Event(
    kind=EventKind.PULL_REQUEST,
    action="opened",
    repository="acme/shop",
    ref="fix",
    base_ref="main",
    sha="a" * 40,
    number=7,
    fork=False,
    author="ann",
)
UPDATED = replace(OPENED, action="updated", before=OPENED.sha, sha="b" * 40)


def told(store: Store, name: str, event: Event) -> Accepted:
    """Let one webhook tell of it."""
    return deliveries.accept(store, "github", name, event)


@pytest.mark.parametrize("news", [OPENED, UPDATED], ids=lambda news: news.action)
def test_the_second_one_is_ignored_with_the_first_ones_number(store: Store, news: Event) -> None:
    """Both come, and the second one once more: one of them is routed, the others say which."""
    first = told(store, "repository's", news)
    assert not first.ignored
    second = told(store, "organisation's", news)
    assert second.ignored == f"delivery {first.id} told of this news already, by another webhook: it acts once"
    assert told(store, "organisation's", news).duplicate
    assert told(store, "repository's", news).duplicate


@pytest.mark.parametrize(
    "between",
    [
        replace(UPDATED, sha="c" * 40),
        replace(OPENED, action="updated", base_ref="next"),
        replace(OPENED, action="closed"),
        replace(OPENED, action="reopened"),
    ],
    ids=["moved on", "another base", "closed", "reopened"],
)
def test_the_same_again_after_something_else_is_news(store: Store, between: Event) -> None:
    """It was pushed back, or its base was put back: that is planned, though it was told in the same words before."""
    again = replace(OPENED, action="updated")
    told(store, "one", again)
    told(store, "between", between)
    assert not told(store, "two", again).ignored


def test_others_of_the_same_commit_are_others(store: Store) -> None:
    """Two pull requests propose one commit: each is planned."""
    told(store, "seven", OPENED)
    assert not told(store, "eight", replace(OPENED, number=8)).ignored
