"""A commit or a file that is refused: said where people look, whatever brought it."""

import pytest

from pushboat.errors import CheckoutFailed
from pushboat.events import Event, EventKind
from pushboat.model.state import State
from pushboat.routing import Post, Reply, unreadable

SHA, MERGED = "a" * 40, "b" * 40
WHY = CheckoutFailed(".pushboat.yaml is a symbolic link (to /etc/passwd): commit the file itself")


def event(kind: EventKind, **more: object) -> Event:
    return Event(kind=kind, repository="acme/shop", sha=SHA, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "posts"),
    [
        (event(EventKind.PUSH, ref="refs/heads/main"), [("pushboat", SHA, "refs/heads/main")]),
        (
            event(EventKind.PULL_REQUEST, action="opened", ref="topic", base_ref="main", number=7),
            [("pushboat", SHA, "refs/heads/topic"), ("pushboat/plan", SHA, "refs/heads/topic")],
        ),
        (
            event(EventKind.PULL_REQUEST, action="merged", ref="topic", base_ref="main", number=7, merged_sha=MERGED),
            [("pushboat", MERGED, "refs/heads/main")],
        ),
    ],
    ids=["push", "pull request", "merge"],
)
def test_the_commit_is_red(what: Event, posts: list[tuple[str, str, str]]) -> None:
    """The commit that would have been deployed or planned says why it is not, also where a branch rule waits for it."""
    decision = unreadable(what, WHY)
    found = [act for act in decision.acts if isinstance(act, Post)]
    assert [(act.context, act.sha, act.ref) for act in found] == posts
    assert {(act.state, act.description) for act in found} == {(State.FAILED, WHY.summary)}
    assert decision.sentence == f"nothing deployed: {WHY.summary}"


def test_who_asked_gets_a_reply() -> None:
    """I said /deploy on such a commit: the answer stands below my comment."""
    decision = unreadable(event(EventKind.COMMENT, action="created", number=7), WHY)
    assert decision.acts == (Reply(number=7, body=f"Nothing deployed: `{WHY.summary}`"),)
