"""Pull and merge requests, comments and permissions: the same on every forge that has them."""

from dataclasses import dataclass

import pytest

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.protocol import Client
from pushboat.forges.table import client_of
from pushboat.model.letter import ReplyLetter
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab

MARKER = "pushboat:deployment-7"
ALL_ROLES = ("admin", "maintain", "write", "triage", "read", "none")
EDITS = {"github": "PATCH", "gitlab": "PUT", "gitea": "PATCH"}
ROLES = {"github": ALL_ROLES, "gitlab": ALL_ROLES, "gitea": ("admin", "write", "read", "none")}


@dataclass(frozen=True)
class Review:
    """A forge with an open pull request, number 1, from `feature`."""

    forge: FakeGitHub | FakeGitLab | FakeGitea
    client: Client
    repository: str

    def reply(self, body: str, marker: str = MARKER, path: str = "") -> None:
        """Answer in the conversation."""
        letter = ReplyLetter(number=1, body=body, marker=marker, path=path)
        assert self.client.post(self.repository, letter, "https://pushboat.example.com")


@pytest.fixture(params=["github", "gitlab", "gitea"])
def review(request: pytest.FixtureRequest) -> Review:
    """Each forge that has pull requests."""
    forge = request.getfixturevalue(request.param)
    name = next(iter(forge.projects))
    forge.push(name, "feature", {"b": "1"})
    forge.open_pull_request(name, "feature")
    return Review(forge=forge, client=client_of(forge.configured()), repository=name)


def test_a_pull_request_is_read_as_it_stands_now(review: Review) -> None:
    """The head moves with each push, and a merge shows."""
    updated = review.forge.update_pull_request(review.repository, 1, {"b": "2"})

    pull = review.client.pull_request(review.repository, 1)
    assert (pull.head_sha, pull.head_ref, pull.base_ref) == (updated.sha, "feature", "main")
    assert (pull.open, pull.merged, pull.fork) == (True, False, False)

    review.forge.merge(review.repository, 1, "squash")
    pull = review.client.pull_request(review.repository, 1)
    assert (pull.open, pull.merged) == (False, True)


def test_words_of_an_account_that_is_gone_hold_no_answer_up(
    github: FakeGitHub, gitlab: FakeGitLab, gitea: FakeGitea
) -> None:
    """Somebody commented and has left the forge, which names nobody then: who asks after that is answered."""
    for forge in (github, gitlab, gitea):
        name = next(iter(forge.projects))
        forge.push(name, "feature", {"b": "1"})
        forge.open_pull_request(name, "feature")
        forge.comment(name, 1, "", "words of long ago")
        review = Review(forge=forge, client=client_of(forge.configured()), repository=name)
        review.reply("Deploying.")
        review.reply("It runs.", path="/deployments/1")
        said = [body for _, body in forge.comments(name, 1)]
        assert len(said) == 2
        assert said[1].startswith("It runs.")


def test_a_fork_is_recognised(review: Review) -> None:
    """A branch of somebody else's copy is not one of ours, whatever it is called."""
    first = review.forge.projects[review.repository].bare
    shop = review.repository.rpartition("/")[2]
    fork = review.forge.create_repository(f"mallory/{shop}")
    fork.bare.fetch(first, "main", "refs/heads/main")
    fork.bare.commit("main", {"evil": "1"}, "Mine")
    opened = review.forge.open_pull_request(review.repository, "main", fork=True, author="mallory")

    pull = review.client.pull_request(review.repository, opened.number)

    assert (pull.fork, pull.head_sha) == (True, fork.bare.resolve("refs/heads/main"))


def test_a_comment_is_written_once(review: Review) -> None:
    """However often the reporter tries, people read it once; another answer is another comment."""
    for _ in range(3):
        review.reply("Deployed.")
    review.reply("Deployed.", f"{MARKER}0")

    texts = [text for _, text in review.forge.comments(review.repository, 1)]
    assert texts == [f"Deployed.\n\n<!-- {MARKER} -->", f"Deployed.\n\n<!-- {MARKER}0 -->"]


def test_an_answer_that_got_lost_is_not_written_twice(review: Review) -> None:
    """The forge stored the comment and then answered 502: we look before we write again."""
    review.forge.fail(502, method="POST", after=True)

    with pytest.raises(ForgeUnavailable):
        review.reply("Deployed.")
    review.reply("Deployed.")

    assert len(review.forge.comments(review.repository, 1)) == 1


def test_an_answer_becomes_the_outcome(review: Review) -> None:
    """What I asked for has ended: the answer that I have says so now, in its place, with a link, and once."""
    review.reply("Deploying.")
    review.forge.comment(review.repository, 1, "alice", "thanks")
    review.reply("staging runs 1a2b3c4.", path="/deployments/7")
    before = len(review.forge.requests)
    review.reply("staging runs 1a2b3c4.", path="/deployments/7")

    (_, told), (_, thanks) = review.forge.comments(review.repository, 1)
    link = "[More about it](https://pushboat.example.com/deployments/7)"
    assert told == f"staging runs 1a2b3c4.\n\n{link}\n\n<!-- {MARKER} -->"
    assert thanks == "thanks"
    assert {each.method for each in review.forge.requests[before:]} == {"GET"}


def test_a_first_word_that_comes_late_takes_nothing_back(review: Review) -> None:
    """Somebody who posts was frozen before "Deploying" left, and another one has told the outcome since."""
    review.reply("It runs.", path="/deployments/7")
    review.reply("Deploying.")
    ((_, told),) = review.forge.comments(review.repository, 1)
    assert told.startswith("It runs.")


def test_an_edit_whose_answer_got_lost_is_made_once_more(review: Review) -> None:
    """The forge changed the comment and then answered 502: one comment, with what came last."""
    review.reply("Deploying.")
    review.forge.fail(502, method=EDITS[review.forge.configured().kind], after=True)
    with pytest.raises(ForgeUnavailable):
        review.reply("It runs.", path="/deployments/7")
    review.reply("It runs.", path="/deployments/7")
    ((_, told),) = review.forge.comments(review.repository, 1)
    assert told.startswith("It runs.")


def test_an_answer_that_was_deleted_is_written_anew(review: Review) -> None:
    """Somebody deleted our answer: the outcome is told all the same."""
    review.reply("Deploying.")
    review.forge.projects[review.repository].comments.clear()
    review.reply("It runs.", path="/deployments/7")
    ((_, told),) = review.forge.comments(review.repository, 1)
    assert told.startswith("It runs.")


def test_a_copy_of_our_comment_is_never_edited(review: Review) -> None:
    """Mallory copies our comment with its marker to the letter: her words stay hers, and ours change."""
    review.reply("Deploying.")
    (_, ours) = review.forge.comments(review.repository, 1)[0]
    review.forge.comment(review.repository, 1, "mallory", ours)
    review.reply("It runs.", path="/deployments/7")
    told = review.forge.comments(review.repository, 1)
    assert [(author, text.partition("\n")[0]) for author, text in told] == [
        (review.forge.bot, "It runs."),
        ("mallory", "Deploying."),
    ]


def test_a_quote_of_our_comment_is_not_our_comment(review: Review) -> None:
    """Whoever quotes the hidden marker does not silence us."""
    review.forge.comment(review.repository, 1, "mallory", f"> <!-- {MARKER} -->\n\nwhat is this?")

    review.reply("Deployed.")

    assert len(review.forge.comments(review.repository, 1)) == 2


def test_a_comment_far_down_a_long_conversation_is_found(review: Review) -> None:
    """The newest page is looked at, not the oldest."""
    project = review.forge.projects[review.repository]
    for number in range(230):
        review.forge.write_comment(project, 1, "alice", f"comment {number}")
    for _ in range(2):
        review.reply("Deployed.")

    assert len(review.forge.comments(review.repository, 1)) == 231


def test_a_comment_too_long_for_the_forge_is_cut(review: Review) -> None:
    """The beginning arrives, the cut is said, and the marker stays."""
    review.reply("ü🚢" * 600_000)

    _, text = review.forge.comments(review.repository, 1)[-1]
    assert "cut here" in text
    assert text.endswith(f"<!-- {MARKER} -->")


def test_a_permission_is_what_the_forge_says(review: Review) -> None:
    """Every role that the forge has, by its name."""
    review.forge.user_id("bob")
    for role in ROLES[review.forge.configured().kind]:
        review.forge.projects[review.repository].permissions["bob"] = role

        assert review.client.permission(review.repository, "bob") == role


def test_a_stranger_may_nothing(review: Review) -> None:
    """Also one whose name tries to be a path."""
    assert review.client.permission(review.repository, "nobody") == "none"
    assert review.client.permission(review.repository, "../alice?x=#") == "none"


def test_a_pull_request_that_is_not_there_is_refused(review: Review) -> None:
    """With a sentence that names it."""
    with pytest.raises(ForgeRefused, match="99"):
        review.client.pull_request(review.repository, 99)
