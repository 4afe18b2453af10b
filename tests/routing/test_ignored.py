"""Where an event alone says that nothing follows, the answer to its delivery says why."""

import pytest

from pushboat.events import Event, EventKind
from pushboat.routing import ignored
from tests.routing.words import comment, pull_request, push, read

IGNORED = {
    "a ping": (Event(kind=EventKind.PING), "ping: the webhook reaches Pushboat; the next push will be routed"),
    "another kind": (
        Event(kind=EventKind.OTHER, title="star"),
        "star is not followed: Pushboat acts on pushes, pull requests and comments on them",
    ),
    "a merge group": (Event(kind=EventKind.MERGE_GROUP), "not yet supported: merge group; nothing was done"),
    "a rerun": (Event(kind=EventKind.RERUN), "not yet supported: rerun; nothing was done"),
    "another's rerun": (
        Event(kind=EventKind.RERUN, sha="1" * 40, title="ci/tests"),
        "ci/tests is somebody else's check",
    ),
    "a deleted branch": (push(sha="0" * 40), "main was deleted: nothing deploys, and what runs keeps running"),
    "talk": (comment("thanks!"), "the comment's first line is no /deploy command"),
    "a bot": (
        comment("/deploy a", bot=True, author="renovate[bot]"),
        "renovate[bot] is a bot: commands are taken from people only",
    ),
    "an edit": (
        comment("/deploy a", action="edited"),
        "commands count when a comment is written, not when it is edited or deleted: write a new comment",
    ),
    "an issue": (
        comment("/deploy a", comment_on="issue"),
        "/deploy works on pull and merge requests (/deploy approve on commits too), and this comment stands elsewhere",
    ),
}


@pytest.mark.parametrize("case", IGNORED)
def test_an_event_that_leads_to_nothing_says_why(case: str) -> None:
    """The forge's delivery log shows the sentence."""
    event, sentence = IGNORED[case]
    assert ignored(event, read(event), operator_knows_repository=True) == sentence


@pytest.mark.parametrize(
    "event",
    [push(), push("refs/tags/v1"), pull_request(), pull_request("merged", merged_sha="1" * 40), comment("/deploy a"),
     comment("/deploy"), comment("/deploy plan")],
)  # fmt: skip
def test_an_event_that_may_lead_to_something_is_not_ignored(event: Event) -> None:
    """Pushes, pull requests and commands, also those that will be refused, are decided later."""
    assert ignored(event, read(event), operator_knows_repository=True) == ""


def test_an_unknown_repository_is_told_how_to_become_known() -> None:
    """A hook of a repository that nobody configured names the file and the key; a ping is welcome all the same."""
    assert ignored(push(), operator_knows_repository=False) == (
        "acme/shop is not in the operator's file: add it under projects in pushboat.yaml, or remove this webhook"
    )
    assert ignored(Event(kind=EventKind.PING), operator_knows_repository=False).startswith("ping:")


def test_hostile_names_neither_break_the_line_nor_make_it_long() -> None:
    """What a payload says is shown as printable text."""
    hostile = push("refs/heads/a\nFAKE \u202e" + "x" * 1000, sha="0" * 40, repository="y" * 1000)
    for known in (True, False):
        sentence = ignored(hostile, operator_knows_repository=known)
        assert sentence.isprintable()
        assert len(sentence) <= 300
