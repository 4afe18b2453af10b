"""What the comment on a pull request says, case by case."""

from dataclasses import replace

import pytest

from pushboat.model.changeset import Action, Change, Left, PlanWarning, Topic
from pushboat.model.deployment import Counts, Deployment, Lane
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import Status
from pushboat.reading import proposed, sticky
from pushboat.reading.proposed import Planned, Proposed
from pushboat.store.pull_requests import Known

HEAD, BASE, MERGED = "1a2b3c4" + "0" * 33, "5d6e7f8" + "0" * 33, "9f8e7d6" + "0" * 33
URL = "https://pushboat.example.com"
WEB = Ref("apps", "Deployment", "shop", "web")
CHANGE = Change(ref=WEB, action=Action.CONFIGURED, diff="--- live x\n+++ wanted x\n@@ spec.image @@\n-web:1\n+web:2\n")
RESTART = PlanWarning(topic=Topic.RESTARTS, sentence="Deployment/shop/web restarts its 2 pods: image changed")
ALARM = PlanWarning(topic=Topic.SCALED_TO_ZERO, sentence="Deployment/shop/web has no pods left")


def plan(environment: str, state: State = State.SUCCEEDED, number: int = 1, **more: object) -> Deployment:
    """A plan of the pull request's head."""
    lane = Lane(repository="github/acme/shop", environment=environment, number=7)
    values: dict[str, object] = {"base": "main", "base_sha": BASE, "kind": Kind.PLAN, **more}
    return Deployment(id=number, lane=lane, ref="topic", sha=HEAD, state=state, **values)  # type: ignore[arg-type]


def deployment(environment: str, state: State, number: int = 9, **more: object) -> Deployment:
    """A deployment from the pull request."""
    return replace(plan(environment, state, number, **more), kind=Kind.DEPLOY)


def changing(environment: str, *changes: Change, **counts: int) -> Planned:
    """A plan that changes something."""
    return Planned(plan=plan(environment, counts=Counts(**(counts or {"configured": 1}))), changes=changes or (CHANGE,))


def unaffected(environment: str) -> Planned:
    """A plan that changes nothing."""
    return Planned(plan=plan(environment, counts=Counts(unchanged=9)))


def text(*planned: Planned, **more: object) -> str:
    """What the comment says of these plans."""
    return sticky.write(Proposed(head=HEAD, planned=planned, **more), URL, 65_000).body  # type: ignore[arg-type]


def first(*planned: Planned, **more: object) -> str:
    """Its first line."""
    return text(*planned, **more).partition("\n")[0]


FAILED = Planned(plan=plan("qa", State.FAILED, reason="deploy/a.yaml:3: no such kind"))
RUNNING, QUEUED = Planned(plan=plan("qa", State.RUNNING)), Planned(plan=plan("qa", State.QUEUED))

TWO_OF_THREE = (changing("dev"), changing("prod"), unaffected("qa"))
SIX = tuple(changing(f"e{number}") for number in range(6))


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        ((changing("qa", created=3, deleted=1),), "Merging deploys to qa: 3 to create, 0 to change, 1 to delete"),
        (TWO_OF_THREE, "Merging deploys to dev and prod: 0 to create, 2 to change, 0 to delete"),
        ((unaffected("staging"), unaffected("qa")), "Merging changes nothing in staging and qa"),
        ((changing("staging"), FAILED), "Merging would fail in qa"),
        ((changing("staging"), RUNNING), "Planning what merging would do to qa"),
        ((changing("staging"), QUEUED), "The plan for qa waits for its turn"),
        (SIX, "Merging deploys to e0, e1, e2 and 3 others: 0 to create, 6 to change, 0 to delete"),
    ],
)  # fmt: skip
def test_the_first_line_says_it_all(planned: tuple[Planned, ...], said: str) -> None:
    """What a mail or a notification shows of it is the answer, in a sentence."""
    assert first(*planned) == f"**{said}.**"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Closed: nothing more of it is planned"),
        ({"merged": MERGED}, "Merged as 9f8e7d6"),
        ({"merged": MERGED, "brought": (deployment("qa", State.RUNNING),)}, "Merged: 9f8e7d6 is being deployed to qa"),
        ({"merged": MERGED, "brought": (deployment("staging", State.SUCCEEDED),)}, "Merged: 9f8e7d6 runs in staging"),
        (
            {"merged": MERGED, "brought": (deployment("qa", State.FAILED, 11), deployment("staging", State.SUCCEEDED))},
            "Merged: 9f8e7d6 could not be deployed to qa",
        ),
        (
            {"merged": MERGED, "brought": (deployment("qa", State.SUCCEEDED, 11), deployment("qa", State.FAILED))},
            "Merged: 9f8e7d6 runs in qa",
        ),
    ],
)  # fmt: skip
def test_the_last_word_is_what_became_of_it(more: dict[str, object], said: str) -> None:
    """Merged or closed: it says so, and what the merge did, and invites nobody to try it any more."""
    told = text(changing("staging"), closed=True, **more)
    assert told.partition("\n")[0] == f"**{said}.**"
    assert "comment `" not in told


def test_a_fork_reads_the_way_on() -> None:
    """Nothing of it was planned; what helps stands there, whatever else."""
    why = "from a fork, so nothing of it is planned by itself; someone with write access can comment /deploy plan"
    told = Status(context="pushboat/plan", state=State.FAILED, description=why, path="/")
    assert first(answer=told) == f"**Nothing is planned yet: `{why}`.**"
    assert "1a2b3c4" in text(answer=told)


def test_a_row_has_numbers_restarts_and_a_link() -> None:
    """Two columns fit on a phone; what is worth more words stands below."""
    change = replace(CHANGE, warnings=(RESTART, ALARM))
    told = text(changing("staging", change), FAILED)
    address = f"[staging]({URL}/plans/1)"
    assert f"| {address} | 1 to change; 1 workload restarts; 1 warning |" in told
    assert f"- staging: **warning**: `{ALARM.sentence}`\n- staging: `{RESTART.sentence}`" in told
    assert f"| [qa]({URL}/plans/1) | would fail |" in told
    assert "- qa: **failed**: `deploy/a.yaml:3: no such kind`" in told


def test_conflicts_and_refusals_say_why() -> None:
    """Whose a field is, and what the cluster would not take."""
    left = replace(CHANGE, left=(Left("spec.replicas", "the autoscaler web"),), notes=("spec.x: taken from kubectl",))
    refused = Change(ref=replace(WEB, name="db"), action=Action.REFUSED, why="spec.selector cannot change")
    told = text(changing("staging", left, refused))
    assert "- **refused** `Deployment/shop/db`: `spec.selector cannot change`" in told
    assert (
        "- `spec.x: taken from kubectl`\n- `spec.replicas is left as it is, it belongs to the autoscaler web`" in told
    )


def test_what_is_not_affected_takes_one_line() -> None:
    """No row, no fold: they are named."""
    told = text(changing("staging"), unaffected("qa"), unaffected("prod"))
    assert "\nNo change in qa and prod.\n" in told
    assert told.count("<details>") == 1


def test_it_suggests_no_environment_where_there_are_several() -> None:
    """Nobody deploys to production because a comment named it first."""
    assert "comment `/deploy staging`." in text(changing("staging"))
    assert "comment `/deploy` and an environment's name." in text(changing("production"), changing("staging"))


def test_it_suggests_nothing_that_is_refused() -> None:
    """A fork's commits are planned, and nobody can deploy them from here."""
    assert "To try it" not in text(changing("staging"), fork=True)


def test_it_says_of_which_commit_it_is() -> None:
    """And against which one it was planned; that alone is no news."""
    said = sticky.write(Proposed(head=HEAD, planned=(changing("staging"),)), URL, 65_000)
    assert said.body.endswith("Planned `1a2b3c4` against `main` at `5d6e7f8`.")
    assert said.body.endswith(said.currency)


def test_what_was_tried_is_listed_newest_first() -> None:
    """From the newest to the oldest, with its end and its page."""
    tried = (deployment("staging", State.SUCCEEDED, 12, reason="3 objects"), deployment("staging", State.FAILED, 11))
    told = text(changing("staging"), tried=tried)
    lines = [line for line in told.splitlines() if line.startswith("- [staging]")]
    assert lines == [
        f"- [staging]({URL}/deployments/12) `1a2b3c4` succeeded: `3 objects`",
        f"- [staging]({URL}/deployments/11) `1a2b3c4` failed",
    ]
    assert "<summary>2 deployments from here</summary>" in told


def test_nobody_is_written_to_for_nothing() -> None:
    """No change, or a plan that only runs: the status says it."""
    assert not Proposed(head=HEAD, planned=(unaffected("staging"), RUNNING)).newsworthy
    assert Proposed(head=HEAD, planned=(FAILED,)).newsworthy
    assert Proposed(head=HEAD, planned=(changing("staging"),)).newsworthy
    assert Proposed(head=HEAD, tried=(deployment("staging", State.QUEUED),)).newsworthy
    nothing = Status(context="pushboat/plan", state=State.SUCCEEDED, description="nothing is affected", path="/")
    assert not Proposed(head=HEAD, answer=nothing).newsworthy


def test_a_plan_that_is_made_again_shows_at_its_end() -> None:
    """My base moved: until it is planned again I read what was planned before."""
    before = plan("staging", State.SUCCEEDED, 1)
    again = plan("staging", State.RUNNING, 2, trigger=Trigger.MOVED)
    context = "pushboat/plan/staging"
    known = Known(head=HEAD, planned={context: 2}, plans=(again, before))
    assert proposed.shown(known) == [before]
    ended = replace(again, state=State.FAILED)
    assert proposed.shown(replace(known, plans=(ended, before))) == [ended]
    asked = replace(again, trigger=Trigger.PULL_REQUEST)
    assert proposed.shown(replace(known, plans=(asked, before))) == [asked]


def test_what_is_closed_keeps_its_last_plans() -> None:
    """Nobody asks about it any more; the last plan of each environment still stands there."""
    plans = (
        plan("staging", State.SUPERSEDED, 4),
        plan("staging", number=3),
        plan("qa", number=2),
        plan("qa", number=1),
    )
    assert [each.id for each in proposed.shown(Known(head=HEAD, closed=True, plans=plans))] == [2, 3]


def test_what_holds_an_environment_is_one_line_for_each() -> None:
    """Locked, with somebody in line, and frozen: whoever reads the pull request knows before merging."""
    held = ("locked by `ann` @all", "cy is next in line to lock it", "frozen", "paused by ben")
    waits = "what merging brings waits for that"
    told = text(replace(changing("dev"), held=held), replace(unaffected("qa"), held=("frozen",)), changing("prod"))
    assert [line for line in told.splitlines() if "held back" in line] == [
        f"- dev: **held back**: `locked by 'ann' @all`; `cy is next in line to lock it`; `frozen` and 1 more; {waits}",
        f"- qa: **held back**: `frozen`; {waits}",
    ]
    assert "held back" not in text(replace(changing("dev"), held=held), closed=True)


def test_what_is_pinned_to_another_one_is_said() -> None:
    """#8 runs on staging: my plan is against that, and would delete what is only #8's, which merging does not do."""
    pinned = "pinned to pull request #8 (1234567) by `bob @all, until it is merged, closed or unlocked"
    said = (
        f"- **held back**: `{pinned.replace('`', chr(39))}`; what merging brings waits for that, and is compared with "
        "what is pinned here"
    )
    assert said in text(replace(changing("staging"), pinned=pinned)).splitlines()
    assert "held back" not in text(changing("staging"))
