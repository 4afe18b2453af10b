"""`/deploy plan` shows what merging would do, of a fork too, once somebody who may write has looked at it."""

from dataclasses import replace

import pytest

from pushboat.model.ask import AskVerdict
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Commit, Deploy, Post, Reply, answering
from tests.routing.words import ALL, LIVE, MERGED, QA, SHA, STAGING, answered, ask, asked, comment, facts

SUMMARY = "pushboat/plan"


def planned(*environments: str) -> list[Deploy]:
    """The plans of these environments, as Wendy asked for them."""
    return [
        Deploy(
            kind=Kind.PLAN,
            environment=name,
            ref="refs/heads/fix",
            sha=SHA,
            author="wendy",
            trigger=Trigger.COMMENT,
            number=7,
            base="main",
        )
        for name in environments
    ]


def whole(state: State, description: str) -> Post:
    """The one answer for all of them."""
    return Post(sha=SHA, context=SUMMARY, state=state, description=description, ref="refs/heads/fix", number=7)


@pytest.mark.parametrize("fork", [True, False])
def test_a_writers_word_plans_every_environment_of_the_base(fork: bool) -> None:
    """I have looked at a stranger's commits, and want to see what merging them would do."""
    decision = answered(comment("/deploy plan", author="wendy"), asked(*ALL, fork=fork))
    *acts, said = decision.acts
    assert acts == [whole(State.QUEUED, "planning qa and staging"), *planned("qa", "staging")]
    assert isinstance(said, Reply)
    assert said.body.startswith("Planning qa and staging at `1a2b3c4`.")
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.DONE


def test_one_environment_alone_is_planned_again_where_the_others_have_their_answers() -> None:
    """Of the others a plan must be there, or the one answer would be too good; a fork's are all made."""
    event = comment("/deploy plan staging", author="wendy")
    (qa,), staging = planned("qa"), planned("staging")
    made = [act for act in answered(event, asked(*ALL)).acts if not isinstance(act, Reply)]
    assert made == [replace(qa, once=True), *staging]
    of_a_fork = answered(event, asked(*ALL, fork=True)).acts
    assert [act for act in of_a_fork if isinstance(act, Deploy)] == planned("qa", "staging")


def test_what_affects_nothing_is_green() -> None:
    """The branch rule requires an answer, and there is one, for a fork as well."""
    green, said = answered(comment("/deploy plan"), asked(LIVE, fork=True)).acts
    assert green == replace(whole(State.SUCCEEDED, "nothing is affected: no environment follows main"), base="main")
    assert isinstance(said, Reply)


REFUSED = {
    "a reader": (
        "/deploy plan",
        asked(QA, permission="read", fork=True),
        (
            "alice may not plan #7: that needs write permission on acme/shop, and alice has read. "
            "Ask someone who may to comment `/deploy plan`."
        ),
    ),
    "a triager, who may deploy qa": (
        "/deploy plan qa",
        asked(QA, permission="triage"),
        (
            "alice may not plan #7: that needs write permission on acme/shop, and alice has triage. "
            "Ask someone who may to comment `/deploy plan`."
        ),
    ),
    "an unknown environment": (
        "/deploy plan stagin",
        asked(STAGING),
        "acme/shop has no environment `stagin`. Did you mean `/deploy plan staging`? It has `staging`.",
    ),
    "an environment of another ref": (
        "/deploy plan live",
        asked(STAGING, LIVE),
        "Merging #7 into `main` deploys nothing to live (`live follows tags v[0-9]*, staging follows main`).",
    ),
    "a head that moved": (
        "/deploy plan",
        asked(QA, commit=Commit(sha=MERGED, ref="refs/heads/fix"), fork=True),
        (
            "#7 has moved on since you saw it, from `9f8e7d6` to `1a2b3c4`: "
            "look at what changed and comment `/deploy plan` again."
        ),
    ),
    "a closed one": ("/deploy plan", asked(QA, open=False), "#7 is closed: reopen it to plan it."),
    "a merged one": (
        "/deploy plan",
        asked(QA, open=False, merged=True),
        "#7 is merged already: there is nothing left to plan.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_is_missing(case: str) -> None:
    """Nothing of a stranger's runs on the word of somebody who may not write, nor what nobody has seen."""
    text, known, sentence = REFUSED[case]
    (said,) = answered(comment(text), known).acts
    assert isinstance(said, Reply)
    assert said.body == sentence


def test_the_command_line_says_where_to_ask() -> None:
    """There it is not yet supported, and I am told so."""
    decision = answering.answer(ask("plan", "qa"), facts(QA))
    assert decision.acts == ()
    assert "not yet supported on the command line" in decision.sentence
