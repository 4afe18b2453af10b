"""One comment that says how a pull request stands: written once, edited after, on every forge that has comments."""

import pytest

from pushboat.config.kinds import KINDS
from pushboat.errors import ForgeUnavailable
from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Counts, Deployment, Lane
from pushboat.model.letter import ROOM_FOR_MARKS, StickyLetter
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind, State
from pushboat.reading import sticky
from pushboat.reading.proposed import Planned, Proposed
from tests.forges.test_reviews import EDITS, Review, review  # noqa: F401 - a fixture

URL = "https://pushboat.example.com"
LONG = "@@ data @@\n" + "+ü🚢 `````\n" * 200
MARKER = "pushboat-sticky-0123456789abcdef"

# ruff: noqa: F811 - the fixture again


def say(of: Review, body: str, edition: int) -> None:
    """Let Pushboat's comment say this."""
    letter = StickyLetter(number=1, body=body, marker=MARKER, edition=edition)
    assert of.client.post(of.repository, letter, URL)


def told(of: Review) -> list[tuple[str, str]]:
    """Who says what in the conversation, by first lines."""
    return [(who, text.partition("\n")[0]) for who, text in of.forge.comments(of.repository, 1)]


def test_it_is_written_once_and_edited_after(review: Review) -> None:
    """Twenty things happen to my pull request, and one comment tells the last of them."""
    for edition in range(20):
        say(review, f"It is {edition}.", edition)
    assert told(review) == [(review.forge.bot, "It is 19.")]
    assert sum(each.method == "POST" for each in review.forge.requests) == 1


def test_one_whose_answer_got_lost_is_there_once(review: Review) -> None:
    """The forge stored it, or the edit of it, and answered 502."""
    review.forge.fail(502, method="POST", after=True)
    with pytest.raises(ForgeUnavailable):
        say(review, "Planning.", 1)
    say(review, "Planning.", 1)
    review.forge.fail(502, method=EDITS[review.forge.configured().kind], after=True)
    with pytest.raises(ForgeUnavailable):
        say(review, "Planned.", 2)
    say(review, "Planned.", 2)
    assert told(review) == [(review.forge.bot, "Planned.")]


def test_one_that_was_deleted_is_written_anew(review: Review) -> None:
    """Somebody deleted it; with the next news it is there again."""
    say(review, "Planning.", 1)
    review.forge.projects[review.repository].comments.clear()
    say(review, "Planned.", 2)
    assert told(review) == [(review.forge.bot, "Planned.")]


def test_it_is_found_in_a_long_conversation(review: Review) -> None:
    """Hundreds of comments later it is still the one that is edited."""
    say(review, "Planning.", 1)
    project = review.forge.projects[review.repository]
    for number in range(230):
        review.forge.write_comment(project, 1, "alice", f"comment {number}")
    say(review, "Planned.", 2)
    assert told(review)[0] == (review.forge.bot, "Planned.")
    assert len(told(review)) == 231


def test_nobody_elses_comment_is_touched(review: Review) -> None:
    """Mallory writes our marker first, and copies our comment to the letter: her words stay hers."""
    hidden = f"<!-- pushboat-edition-1 -->\n\n<!-- {MARKER} -->"
    review.forge.comment(review.repository, 1, "mallory", f"Nothing to see.\n\n{hidden}")
    review.forge.comment(review.repository, 1, "mallory", f"> <!-- {MARKER} -->\n\nwhat is this?")
    say(review, "Planning.", 2)
    say(review, "Planned.", 3)
    assert told(review) == [
        ("mallory", "Nothing to see."),
        ("mallory", f"> <!-- {MARKER} -->"),
        (review.forge.bot, "Planned."),
    ]


def test_what_is_posted_late_takes_nothing_back(review: Review) -> None:
    """A poster was frozen with an older text in its hands; the newer one stays."""
    say(review, "Planned.", 7)
    say(review, "Planning.", 6)
    assert told(review) == [(review.forge.bot, "Planned.")]


def test_the_answers_to_commands_are_others(review: Review) -> None:
    """An answer in the same conversation is a comment of its own, and stays one."""
    say(review, "Planned.", 1)
    review.reply("Deploying.")
    say(review, "Merged.", 2)
    review.reply("It runs.", path="/deployments/7")
    assert told(review) == [(review.forge.bot, "Merged."), (review.forge.bot, "It runs.")]


def test_the_longest_one_is_taken_as_it_is(review: Review) -> None:
    """A plan of many objects, in any script: the forge takes what is left of it, and nothing cuts it again."""
    changes = tuple(
        Change(ref=Ref("", "ConfigMap", "shop", f"a{number}"), action=Action.CREATED, diff=LONG)
        for number in range(900)
    )
    lane = Lane(repository="github/acme/shop", environment="staging", number=1)
    counts = Counts(created=900)
    plan = Deployment(id=1, kind=Kind.PLAN, lane=lane, ref="a", sha="a" * 40, state=State.SUCCEEDED, counts=counts)
    found = Proposed(head="a" * 40, planned=(Planned(plan=plan, changes=changes),))
    longest = KINDS[review.forge.configured().kind].longest_comment
    body = sticky.write(found, URL, longest - ROOM_FOR_MARKS).body
    say(review, body, 1_795_795_294_612)
    ((_, text),) = review.forge.comments(review.repository, 1)
    assert text.startswith(body)
    assert longest * 0.97 < len(text.encode()) <= longest
    assert "more did not fit: [the whole plan](https://pushboat.example.com/plans/1)" in text


def test_numbers_are_written_as_the_forge_writes_them(review: Review) -> None:
    """GitLab's merge requests have an exclamation mark, its issues the other; a diff stays as it is anywhere."""
    words = "It is already running: the commit of #7 (`as ann said in #9`)"
    body = f"{words}\n\n````\n+colour: #123\n```\n+ #124\n````\n\nSee #8."
    say(review, body, 1)
    ((_, posted),) = review.forge.comments(review.repository, 1)
    mark = "!" if review.forge.configured().kind == "gitlab" else "#"
    assert f"of {mark}7 (`as ann said in #9`)" in posted
    assert f"See {mark}8." in posted
    assert "+colour: #123\n```\n+ #124\n````" in posted
