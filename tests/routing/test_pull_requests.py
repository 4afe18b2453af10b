"""A pull request is planned for what its merge would change; the merge deploys."""

from dataclasses import replace
from typing import Any

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.footprint import Footprint, Stand
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Deploy, Post, Withdraw, route
from pushboat.routing.merge_queue import number_of
from tests.routing.words import ALL, LIVE, MERGED, MISTAKES, QA, SHA, STAGING, environment, facts, pull_request

SUMMARY = "pushboat/plan"


def summary(state: State, description: str) -> Post:
    """Make the status that sums up all plans of the head."""
    return Post(sha=SHA, context=SUMMARY, state=state, description=description, ref="refs/heads/fix", number=7)


@pytest.mark.parametrize("action", ["opened", "updated", "reopened", "ready", "retargeted"])
def test_a_pull_request_is_planned_for_each_environment_of_its_base(action: str) -> None:
    """The head gets a plan per affected environment, every time it is asked, and one status for all of them."""
    decision = route(pull_request(action), facts(*ALL))
    plans = [
        Deploy(
            kind=Kind.PLAN,
            environment=name,
            ref="refs/heads/fix",
            sha=SHA,
            author="alice",
            trigger=Trigger.PULL_REQUEST,
            number=7,
            once=False,
            base="main",
        )
        for name in ("qa", "staging")
    ]
    assert list(decision.acts) == [summary(State.QUEUED, "planning qa and staging"), *plans]
    assert decision.sentence == "#7: planning qa and staging at 1a2b3c4"


def test_a_pull_request_that_affects_nothing_is_green() -> None:
    """A branch rule may require `pushboat/plan` on every pull request."""
    decision = route(pull_request(base_ref="docs"), facts(*ALL))
    said = "nothing is affected: no environment follows docs"
    assert list(decision.acts) == [replace(summary(State.SUCCEEDED, said), base="docs")]
    assert decision.sentence == f"#7: {said}"


@pytest.mark.parametrize("fork", [True, None])
def test_a_forks_pull_request_runs_nothing(fork: bool | None) -> None:
    """Its status is final and says what to do; what is not known to be ours counts as a fork."""
    decision = route(pull_request(fork=fork), facts(*ALL))
    said = "from a fork, so nothing of it is planned by itself; someone with write access can comment /deploy plan"
    assert list(decision.acts) == [summary(State.FAILED, said)]
    assert "comes from a fork" in decision.sentence


def test_mistakes_in_the_file_turn_the_plan_red() -> None:
    """The required status fails with file and line instead of waiting for ever."""
    decision = route(pull_request(), facts(mistakes=MISTAKES, named=("staging",)))
    assert decision.details == "\n".join(str(one) for one in MISTAKES)
    contexts = [act.context for act in decision.acts if isinstance(act, Post) and act.state is State.FAILED]
    assert contexts == ["pushboat", SUMMARY, "pushboat/plan/staging"]
    assert decision.sentence.startswith("#7: nothing planned: .pushboat.yaml:3:5: unknown key 'namespcae'")


def test_a_merge_deploys_the_merged_commit_once() -> None:
    """It is the same deployment as that of the push which comes with it."""
    decision = route(pull_request("merged", merged_sha=MERGED, fork=True), facts(STAGING, LIVE))
    assert list(decision.acts) == [
        Deploy(
            kind=Kind.DEPLOY,
            environment="staging",
            ref="refs/heads/main",
            sha=MERGED,
            author="alice",
            trigger=Trigger.MERGE,
            once=True,
        ),
        Withdraw(number=7, merged=True),
    ]
    assert decision.sentence == "deploying 9f8e7d6 to staging"


NOTHING = {
    "draft": ({}, "#7 is a draft now; its plan stays as it is"),
    "edited": ({}, "#7 changed in words only: its plan stays as it is"),
}


@pytest.mark.parametrize("action", NOTHING)
def test_what_changes_no_commit_does_nothing(action: str) -> None:
    """Closing, drafting and rewording say so and run nothing."""
    fields, sentence = NOTHING[action]
    decision = route(pull_request(action, **fields), facts(QA))
    assert (decision.acts, decision.sentence) == ((), sentence)


ENDED = {
    "closed": ({}, Withdraw(number=7), "#7 was closed without a merge: nothing to deploy"),
    "merged": (
        {"merged_sha": ""},
        Withdraw(number=7, merged=True),
        "#7 was merged; the push that comes with it deploys",
    ),
}


@pytest.mark.parametrize("action", ENDED)
def test_what_ends_a_pull_request_lets_it_ask_no_more(action: str) -> None:
    """Its statuses wait for nobody from then on."""
    fields, act, sentence = ENDED[action]
    decision = route(pull_request(action, **fields), facts(QA))
    assert (decision.acts, decision.sentence) == ((act,), sentence)


LATE = {
    "closed": ({"closed": True}, "#7 is closed by now: nothing of it is planned"),
    "moved on": ({"head": MERGED}, "#7 has moved on from 1a2b3c4 to 9f8e7d6: nothing of it is planned"),
}


@pytest.mark.parametrize("case", LATE)
def test_news_of_yesterday_plan_nothing(case: str) -> None:
    """I replay an old delivery of my pull request: it does not ask about a commit that is not its head any more."""
    fields, sentence = LATE[case]
    decision = route(pull_request(), facts(QA, **fields))
    assert (decision.acts, decision.sentence) == ((), sentence)


QUEUED = "refs/heads/gh-readonly-queue/main/pr-7-" + "ab" * 20


def merge_group(action: str = "checks_requested", **fields: Any) -> Event:
    """Make an event of GitHub's merge queue, about the commit that it made for pull request 7."""
    values = {"action": action, "repository": "acme/shop", "ref": QUEUED, "base_ref": "main", "sha": SHA}
    return Event(kind=EventKind.MERGE_GROUP, **{**values, **fields})


def test_a_merge_queues_head_is_planned_for_its_branch() -> None:
    """My branch rule requires `pushboat/plan`: the queue gets it for the commit that it made, beside #7's own."""
    decision = route(merge_group(), facts(*ALL))
    posted, *plans = decision.acts
    assert posted == Post(
        sha=SHA, context=SUMMARY, state=State.QUEUED, description="planning qa and staging", ref=QUEUED, number=-7
    )
    assert [(act.environment, act.number, act.base, act.ref) for act in plans if isinstance(act, Deploy)] == [
        ("qa", -7, "main", QUEUED),
        ("staging", -7, "main", QUEUED),
    ]


def test_a_merge_queues_head_always_gets_its_answer() -> None:
    """What affects nothing is green, what has mistakes is red, and a group that is gone waits for nobody."""
    (green,) = route(merge_group(base_ref="docs"), facts(*ALL)).acts
    assert isinstance(green, Post)
    assert (green.context, green.state, green.number) == (SUMMARY, State.SUCCEEDED, -7)
    red = route(merge_group(), facts(mistakes=MISTAKES, named=("staging",))).acts
    assert {(act.state, act.number) for act in red if isinstance(act, Post)} == {(State.FAILED, -7)}
    assert route(merge_group("destroyed"), facts()).acts == (Withdraw(number=-7, merged=True, sha=SHA),)


def test_groups_that_name_no_pull_request_are_told_apart() -> None:
    """The queue's branch is GitHub's to name; whatever it is called, two heads do not answer for each other."""
    numbers = {number_of(merge_group(ref=f"refs/heads/x/{name}", sha=sha)) for name, sha in (("a", SHA), ("b", MERGED))}
    assert len(numbers) == 2
    assert all(number < -(10**9) for number in numbers)


def test_a_merge_with_mistakes_or_followers_elsewhere_says_so() -> None:
    """A merge that deploys nothing is as clear as a push that does not."""
    merged = pull_request("merged", merged_sha=MERGED)
    assert route(merged, facts(LIVE)).sentence == (
        "nothing deployed: no environment follows main (live follows tags v[0-9]*)"
    )
    red = route(merged, facts(mistakes=MISTAKES, named=("qa",)))
    assert [(act.sha, act.context) for act in red.acts if isinstance(act, Post)] == [
        (MERGED, "pushboat"),
        (MERGED, "pushboat/qa"),
    ]


def stand(name: str) -> Stand:
    """An environment that the merge leaves as it is."""
    return Stand(environment=name, last=1, last_sha=MERGED, origin=1, sha=MERGED, footprint=Footprint())


def test_what_the_merge_leaves_as_it_is_is_not_planned_and_says_so() -> None:
    """I see at once which environments my pull request has nothing to do with, and only the others are planned."""
    decision = route(pull_request(), facts(*ALL, untouched={"qa": stand("qa")}))
    assert [act.environment for act in decision.acts if isinstance(act, Deploy)] == ["staging"]
    posts = {act.context: (act.state, act.description) for act in decision.acts if isinstance(act, Post)}
    assert posts == {
        SUMMARY: (State.QUEUED, "planning staging; 1 environment unchanged"),
        f"{SUMMARY}/qa": (State.SUCCEEDED, "not planned: unchanged, same tree as 9f8e7d6"),
    }
    decision = route(pull_request(), facts(*ALL, untouched={"qa": stand("qa"), "staging": stand("staging")}))
    assert not [act for act in decision.acts if isinstance(act, Deploy)]
    (whole, *others) = [act for act in decision.acts if isinstance(act, Post)]
    assert (whole.state, whole.description) == (State.SUCCEEDED, "changes nothing; 2 environments unchanged")
    assert [act.context for act in others] == [f"{SUMMARY}/qa", f"{SUMMARY}/staging"]


def test_of_many_one_line_says_it() -> None:
    """A pull request in a monorepo does not get two thousand statuses."""
    many = [environment(f"e{number:03}", branch="main") for number in range(40)]
    same = {one.name: stand(one.name) for one in many[1:]}
    decision = route(pull_request(), facts(*many, untouched=same))
    (whole,) = [act for act in decision.acts if isinstance(act, Post)]
    assert whole.description == "planning e000; 39 environments unchanged"
