"""Eyes on the comment that commands: the same on every forge that has pull requests."""

import pytest

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.model.letter import ReactionLetter
from tests.forges.test_reviews import Review, review  # noqa: F401 - a fixture

URL = "https://pushboat.example.com"


def react(of: Review, comment: int) -> None:
    """Let Pushboat show that it has read a comment."""
    assert of.client.post(of.repository, ReactionLetter(number=1, comment=comment), URL)


def reactions(of: Review) -> list[list[tuple[str, str]]]:
    """What stands below each comment."""
    return [comment.reactions for comment in of.forge.projects[of.repository].comments]


def test_eyes_stand_below_the_comment_once(review: Review) -> None:  # noqa: F811
    """However often the reporter tries, and below no other comment."""
    review.forge.comment(review.repository, 1, "alice", "nice")
    told = review.forge.comment(review.repository, 1, "alice", "/deploy staging").comment_id
    for _ in range(2):
        react(review, told)

    assert reactions(review) == [[], [(review.forge.bot, "eyes")]]


def test_a_reaction_whose_answer_got_lost_stands_once(review: Review) -> None:  # noqa: F811
    """The forge stored it and answered 502."""
    told = review.forge.comment(review.repository, 1, "alice", "/deploy staging").comment_id
    review.forge.fail(502, method="POST", after=True)
    with pytest.raises(ForgeUnavailable):
        react(review, told)
    react(review, told)

    assert reactions(review) == [[(review.forge.bot, "eyes")]]


def test_a_comment_that_is_gone_is_not_asked_for_for_ever(review: Review) -> None:  # noqa: F811
    """Its writer took it back: nothing is left to react to, which is nobody's trouble."""
    react(review, 4711)
    assert reactions(review) == []


def test_a_repository_that_the_token_may_not_see_is_told(review: Review) -> None:  # noqa: F811
    """It looks the same as a comment that is gone, and is the operator's business."""
    told = review.forge.comment(review.repository, 1, "alice", "/deploy staging").comment_id
    review.forge.fail(404, times=9)
    with pytest.raises(ForgeRefused, match="operator"):
        react(review, told)
