"""The dispatcher writes what pull requests' comments say, and one that it cannot write keeps no other waiting."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Counts
from pushboat.model.letter import StickyLetter
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.routing import Post
from pushboat.store import ending, looks, outbox, stickies
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, plan, time_passes
from workers import commenting
from workers.tools import Tools

WEB = Change(ref=Ref("apps", "Deployment", "shop", "web"), action=Action.CREATED, diff="+++ wanted\n@@ new @@\n+a: 1\n")
FORK = Post(sha="f", context="pushboat/plan", state=State.FAILED, description="from a fork", number=9)


def planned(repository: Repository, number: int = 7) -> None:
    """A pull request whose plan creates an object."""
    (made,) = repository.route(plan("a", number=number))
    counts = Counts(created=1)
    ending.finish(
        repository.store, repository.claim(made), State.SUCCEEDED, "1 to create", counts=counts, changes=[WEB]
    )


def letters(store: Store) -> list[StickyLetter]:
    """The comments that are on their way."""
    taken = [outbox.opened(each) for each in outbox.due_head(store, "poster", "github")]
    return [each for each in taken if isinstance(each, StickyLetter)]


def comment(tools: Tools) -> int:
    """Wait until news had time to be more, then let the dispatcher look."""
    time_passes(tools.store, stickies.SPACING)
    return commenting.comment(tools.operator, tools.store)


def test_a_plan_is_commented_once(tools: Tools, repository: Repository) -> None:
    """With what it changes; looking again writes nothing."""
    planned(repository)
    assert comment(tools) == 1
    assert comment(tools) == 0
    (letter,) = letters(tools.store)
    assert letter.number == 7
    assert letter.body.startswith("**Merging deploys to staging: 1 to create, 0 to change, 0 to delete.**")
    assert "+a: 1" in letter.body


def test_a_plan_that_changes_nothing_writes_to_nobody(tools: Tools, repository: Repository) -> None:
    """Unless there is a comment already, which then says so."""
    (made,) = repository.route(plan("a"))
    ending.finish(tools.store, repository.claim(made), State.SUCCEEDED, "0 to create")
    assert comment(tools) == 0
    planned(repository)
    assert comment(tools) == 1
    (made,) = repository.route(plan("b"))
    ending.finish(tools.store, repository.claim(made), State.SUCCEEDED, "0 to create")
    assert comment(tools) == 1
    with tools.store.reading() as tx:
        last = tx.scalar(sa.text("SELECT payload FROM outbox WHERE kind = 'sticky' ORDER BY id DESC LIMIT 1"))
    assert "Merging changes nothing in staging" in last


def test_one_that_cannot_be_written_keeps_no_other_waiting(tools: Tools, repository: Repository) -> None:
    """What is stored of its plan is damaged: the next one is written, and this one once it can be."""
    planned(repository)
    with tools.store.writing() as tx:
        kept = tx.scalar(sa.text("SELECT changes FROM change_set"))
        tx.change(sa.text("UPDATE change_set SET changes = 'no JSON'"))
    repository.route(FORK)
    assert comment(tools) == 1
    assert [each.number for each in letters(tools.store)] == [9]
    with tools.store.writing() as tx:
        tx.change(sa.text("UPDATE change_set SET changes = :kept"), kept=kept)
    assert comment(tools) == 0
    time_passes(tools.store, commenting.AFTER_A_BUG)
    assert comment(tools) == 1


def test_where_a_forge_has_no_comments_nothing_is_written(tools: Tools, repository: Repository) -> None:
    """Plain git has none, and one that left the operator's file is not spoken to."""
    planned(repository)
    time_passes(tools.store, stickies.SPACING)
    assert commenting.comment(replace(tools.operator, forges={}), tools.store) == 0
    assert comment(tools) == 0, "nobody looks again for ever"


def test_a_dispatcher_with_an_older_file_leaves_a_comment_to_the_one_that_knows(
    tools: Tools, repository: Repository
) -> None:
    """My project is new in the file: who has not read so may neither swallow its comment nor overhear `never`."""
    looks.schedule(tools.store, tools.operator.projects)
    older = replace(tools.operator, projects={})
    planned(repository)
    time_passes(tools.store, stickies.SPACING)
    assert commenting.comment(older, tools.store) == 0
    assert commenting.comment(replace(older, forges={}), tools.store) == 0
    assert comment(tools) == 1


def saying(tools: Tools, word: str) -> Tools:
    """Let the operator say which pull requests get a comment."""
    projects = {name: replace(each, comment=word) for name, each in tools.operator.projects.items()}
    return replace(tools, operator=replace(tools.operator, projects=projects))


GREEN = Post(
    sha="a",
    context="pushboat/plan",
    state=State.SUCCEEDED,
    description="nothing is affected: no environment follows docs",
    number=9,
)


@pytest.mark.parametrize(("word", "who"), [("always", [7, 8, 9]), ("changes", [7]), ("never", [])])
def test_the_operator_says_which_pull_requests_get_a_comment(
    tools: Tools, repository: Repository, word: str, who: list[int]
) -> None:
    """One that changes something, one that changes nothing, and one that no environment is about."""
    tools = saying(tools, word)
    planned(repository)
    (made,) = repository.route(plan("b", number=8), replace(GREEN, sha="b", state=State.QUEUED, number=8))
    assert comment(tools) == (7 in who), "it is not known yet what the other one changes"
    ending.finish(tools.store, repository.claim(made), State.SUCCEEDED, "no change")
    repository.route(GREEN)
    while comment(tools):
        pass
    with tools.store.reading() as tx:
        sent = [row["number"] for row in tx.rows(sa.text("SELECT number FROM sticky ORDER BY number"))]
    assert sent == who
    if word == "always":
        (last,) = [letter for letter in every_letter(tools.store) if letter.number == 9]
        assert last.body.startswith("**Merging deploys nothing: `nothing is affected: no environment follows docs`.**")


def every_letter(store: Store) -> list[StickyLetter]:
    """All comments that are on their way, of each conversation."""
    found = [outbox.opened(each) for each in Repository(store).post_everything()]
    return [each for each in found if isinstance(each, StickyLetter)]


def test_a_comment_that_stands_is_kept_true(tools: Tools, repository: Repository) -> None:
    """The operator wants none any more: the one that is there does not go on telling of yesterday."""
    planned(repository)
    assert comment(tools) == 1
    (made,) = repository.route(plan("b"))
    ending.finish(tools.store, repository.claim(made), State.SUCCEEDED, "0 to create")
    assert comment(saying(tools, "never")) == 1
