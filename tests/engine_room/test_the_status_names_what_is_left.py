"""A green status says what is not as git has it."""

from pushboat.model.changeset import Action, Change, ChangeSet, Left
from pushboat.model.manifest import Ref
from workers.deploying import summaries

HEALTHY = summaries.Healthy(seconds=2.0, findings=())


def change(name: str, *left: str) -> Change:
    return Change(ref=Ref("apps", "Deployment", "shop", name), action=Action.UNCHANGED, left=tuple(map(Left, left)))


def test_nothing_left_is_no_news() -> None:
    """Where everything is as git has it, the status says counts and health only."""
    assert summaries.deployed(ChangeSet((change("web"),)), HEALTHY) == "1 object: 1 unchanged; healthy in 2.0 s"


def test_a_field_that_is_left_is_named() -> None:
    """I see in the status which field of which object somebody else sets."""
    said = summaries.deployed(ChangeSet((change("web", "spec.replicas"), change("db"))), HEALTHY)
    assert said == "2 objects: 2 unchanged; healthy in 2.0 s; left alone: spec.replicas of Deployment/web"


def test_many_are_counted() -> None:
    """The first is named and the others counted; a long name leaves room for the rest of the sentence."""
    said = summaries.deployed(ChangeSet((change("web", "a" * 200, "b"), change("db", "c"))), HEALTHY)
    assert said.endswith("… and 2 more")
    assert len(said) <= 140
