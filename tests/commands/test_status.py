"""`/deploy status` says what runs, which is not always what was tried last."""

from dataclasses import replace
from typing import Any

from pushboat.model.container_log import ContainerLog
from pushboat.model.deployment import Held
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import State
from pushboat.model.unmerged import unmerged
from pushboat.routing import Reply
from pushboat.routing.holds import in_words
from tests.routing.words import LIVE, MERGED, QA, STAGING, answered, asked, comment, deployed, limits


def told(*standings: Standing, **more: Any) -> list[str]:
    """Ask, and give the reply's lines."""
    known = asked(STAGING, QA, LIVE, standings=standings, public_url="https://boat.example/", **more)
    (act,) = answered(comment("/deploy status", author="rita"), known).acts
    assert isinstance(act, Reply)
    return act.body.split("\n")


def test_what_runs_and_what_was_tried_last_are_told_apart() -> None:
    """A rollout that failed leaves the older commit running: I am told both, with links."""
    runs = deployed(1, finished_at=1_700_000_000.0)
    failed = deployed(2, MERGED, State.FAILED, reason="Deployment/a/web: image pull failed")
    assert told(
        Standing(environment="staging", runs=runs, latest=runs),
        Standing(environment="qa", runs=runs, latest=failed),
        Standing(environment="live"),
        permission="none",
    ) == [
        "- staging: runs [`1a2b3c4`](https://boat.example/deployments/1) since 2023-11-14 22:13 UTC",
        (
            "- qa: runs [`1a2b3c4`](https://boat.example/deployments/1) since 2023-11-14 22:13 UTC; tried last: "
            "[`9f8e7d6`](https://boat.example/deployments/2), failed: `Deployment/a/web: image pull failed`"
        ),
        "- live: nothing was deployed here yet",
    ]


def test_what_is_on_its_way_is_told_too() -> None:
    """A deployment that runs now is what was tried last."""
    (line,) = told(Standing(environment="staging", latest=deployed(2, state=State.RUNNING)))
    assert line == (
        "- staging: nothing runs yet; tried last: [`1a2b3c4`](https://boat.example/deployments/2), running: `deploying`"
    )


def test_what_is_held_says_so_though_nothing_waits() -> None:
    """Staging is paused and qa held by a rule of tomorrow: I read who, since when and why before I push in vain."""
    scope = Scope(repository="github/acme/shop", environment="staging")
    pause = Hold(kind="pause", scope=scope, by="ann", reason="see @all", since=1_700_000_000.0)
    freeze = Hold(kind="tide", scope=Scope(), by="the calendar")
    staging, live = told(
        Standing(environment="staging", runs=deployed(1, finished_at=1_700_000_000.0), holds=(pause, freeze)),
        Standing(environment="live", holds=(freeze,)),
    )
    assert staging.partition("UTC; ")[2] == (
        "`paused by ann since 2023-11-14 22:13 UTC: see @all` (ended by `the operator, at the terminal`, with "
        "`pushboat resume github/acme/shop staging`); `held back (tide) by the calendar`"
    )
    assert live == "- live: nothing was deployed here yet; `held back (tide) by the calendar`"


def test_what_a_comment_can_end_is_ended_here() -> None:
    """Staging is pinned: the word that lets it go is one that I can say where I read it."""
    scope = Scope(repository="github/acme/shop", environment="staging")
    pin = Hold(kind="pin", scope=scope, by="ann", subject="release 1", since=1_700_000_000.0)
    unmerged_pin = Hold(kind="unmerged", scope=scope, by="ann", sha="1a2b3c4d", pull_request=8, since=1_700_000_000.0)
    for hold in (pin, unmerged_pin):
        (line,) = told(Standing(environment="staging", holds=(hold,)))
        assert line.endswith(", with `/deploy unlock staging`)"), line
        assert "` (ended by `whoever may deploy there" in line


def test_each_thing_that_a_push_waits_for_is_said_once_with_who_ends_it() -> None:
    """My push waits until qa is healthy, and for ann's lock, as a release does not: I read both, in that order."""
    scope = Scope(repository="github/acme/shop", environment="staging")
    lock = Hold(kind="lock", scope=scope, by="ann", since=1_700_000_000.0, id=3)
    need = Held(sentence="waits until qa is healthy at 1a2b3c4", who="whoever brings 1a2b3c4 to qa", id=4)
    pushed = deployed(2, MERGED, State.QUEUED, waits="both", holds=(need, in_words(lock)))
    (line,) = told(Standing(environment="staging", latest=pushed, holds=(lock,)))
    assert line.partition("queued; ")[2] == (
        "`waits until qa is healthy at 1a2b3c4` (ended by `whoever brings 1a2b3c4 to qa`); `locked by ann since "
        "2023-11-14 22:13 UTC` (ended by `ann, or whoever may deploy there`, with `/deploy unlock staging`)"
    )


def test_what_runs_before_its_merge_says_so() -> None:
    """Staging runs a commit that is not in main yet: I read whose, and since when."""
    runs = deployed(1, finished_at=1_700_000_000.0, pull_request=8)
    (line,) = told(Standing(environment="staging", runs=runs, latest=runs, unmerged=unmerged(runs, None)))
    assert line.endswith("UTC; runs an unmerged commit, 1a2b3c4 of #8, since 2023-11-14 22:13 UTC")
    assert unmerged(runs, "") is None
    assert unmerged(deployed(2), None) is None
    assert unmerged(None, None) is None


def test_what_follows_tags_has_no_merge_before_its_tag() -> None:
    """Live follows tags, and #8 went into main: until a tag of its own brings it, that is said."""
    runs = deployed(1, finished_at=1_700_000_000.0, pull_request=8, follows="refs/tags/v*")
    mark = unmerged(runs, "main")
    assert mark
    assert (
        mark.sentence == "runs 1a2b3c4 of #8, merged into main and not into a tag like v*, since 2023-11-14 22:13 UTC"
    )
    assert mark.way_on == "Push a tag like v* that has it first."
    assert unmerged(deployed(2, pull_request=8, follows="refs/heads/main"), "main") is None


def test_what_containers_said_is_told_only_where_the_operator_lets_comments_tell_it() -> None:
    """A comment is read by many: container lines stand in it where the operator says so, inert, and nowhere else."""
    log = ContainerLog(pod="web-1", container="app", lines=("boom", "``` @everyone"))
    failed = deployed(2, MERGED, State.FAILED, reason="Deployment/a/web: crashed", logs=(log,))
    standing = Standing(environment="staging", latest=failed)
    allowed = replace(limits(STAGING)["staging"], logs_in_comments=True)
    assert "boom" not in "\n".join(told(standing))
    assert told(standing, limits={"staging": allowed})[1:] == [
        "",
        "Last lines of pod web-1, container app:",
        "",
        "````text",
        "boom",
        "``` @everyone",
        "````",
    ]


def test_drift_is_told_and_does_nothing_in_the_reply() -> None:
    """What people wrote in the cluster mentions nobody and links nowhere."""
    runs = deployed(1, finished_at=1_700_000_000.0)
    drift = 'drift: ConfigMap a: data.v is "@all `x` [y](http://z)" instead of "1", since 2023-11-14 22:13 UTC'
    (line,) = told(Standing(environment="staging", runs=runs, latest=runs, drift=drift))
    assert line.endswith(f"since 2023-11-14 22:13 UTC; `{drift.replace('`', chr(39))}`")
