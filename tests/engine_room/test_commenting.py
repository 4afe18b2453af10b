"""The dispatcher writes what pull requests' comments say, and one that it cannot write keeps no other waiting."""

from dataclasses import replace

import sqlalchemy as sa

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Counts
from pushboat.model.letter import StickyLetter
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.routing import Post
from pushboat.store import ending, outbox, stickies
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
