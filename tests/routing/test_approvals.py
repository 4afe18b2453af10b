"""How many approvals are there, whose count, and what the hold says: pure."""

from dataclasses import replace

import pytest

from pushboat.config.project import Limits
from pushboat.model.approval import Approval
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.hold import Scope
from pushboat.model.standing import Standing
from pushboat.model.state import State
from pushboat.routing import Approve, Deploy, Facts, Unapprove, approving, holds, route
from pushboat.routing.permission import is_among
from tests.routing.words import SHA, STAGING, answered, asked, comment, deployed, environment, facts, push

STRICT = environment("staging", branch="main", approvals=2, approvers=("maintain", "dora", "@acme/ops"))
WHOM = "whoever has maintain permission, dora or a member of acme/ops"


def approval(who: str, **more: str) -> Approval:
    """Somebody's approval."""
    return Approval(who=who, sha=SHA, source=Source.COMMENT, **more)


def known(permission: str = "maintain", **more: object) -> Facts:
    """What is known about an approval on pull request 7."""
    limits = Limits(environment="staging", cluster="dev", namespaces=("a",), approvals=2, approvers=STRICT.approvers)
    return asked(STRICT, permission=permission, **{"limits": {"staging": limits}, **more})


def test_one_person_counts_once_and_those_behind_it_never() -> None:
    """Bob approves twice in two spellings; ann is behind the commit; carol took hers back: that is one approval."""
    every = [approval("bob"), approval("BOB"), approval("Ann"), approval("carol", ended=approving.TAKEN_BACK)]
    assert approving.that_count(every, {"ann"}) == [every[0]]


@pytest.mark.parametrize(
    ("needed", "given", "every", "said"),
    [
        (2, (), (), "2 approvals"),
        (1, (), (), "1 approval"),
        (2, ("bob",), (), "1 more approval (bob approved 1a2b3c4)"),
        (4, ("bob", "carol"), (), "2 more approvals (bob and carol approved 1a2b3c4)"),
        (1, (), ("dora",), "1 approval (dora may not approve any more)"),
        (2, ("bob",), ("dora",), "1 more approval (bob approved 1a2b3c4; dora may not approve any more)"),
        (2, ("bob",), ("bob",), "1 more approval (bob approved 1a2b3c4)"),
        (1, (), ("d\u202eora\n",), "1 approval (d\\u202eora\\u000a may not approve any more)"),
    ],
)
def test_what_is_missing_is_said(needed: int, given: tuple[str, ...], every: tuple[str, ...], said: str) -> None:
    """How many, who gave those that are there, whose fell away; nothing in a name is obeyed."""
    gone = [approval(who, ended=approving.MAY_NOT) for who in every]
    assert approving.missing(needed, [approval(who) for who in given], gone) == said


def test_a_push_waits_for_approvals() -> None:
    """The hold names who may give them and how; it ends on the terminal too."""
    (act,) = route(push(), facts(STRICT)).acts
    assert isinstance(act, Deploy)
    (hold,) = act.holds
    assert (hold.kind, hold.by, hold.subject, hold.sha) == ("approval", WHOM, "2", SHA)
    stored = replace(hold, scope=HERE)
    assert holds.sentence(stored) == "waits for 2 approvals: /deploy approve staging"
    assert holds.ends_by(stored) == "pushboat approve github/acme/shop staging --sha 1a2b3c4"
    assert holds.who_ends(stored) == f"{WHOM}, but for who is behind the commit or asked for it"


def test_where_nobody_comments_the_terminal_is_named() -> None:
    """Plain git has no comments: who waits is told what can be done there."""
    (act,) = route(push(), facts(STRICT, silent=True)).acts
    assert isinstance(act, Deploy)
    stored = replace(act.holds[0], scope=HERE)
    command = "pushboat approve github/acme/shop staging --sha 1a2b3c4"
    assert holds.sentence(stored) == f"waits for 2 approvals: {command}"
    assert holds.who_ends(stored) == "the operator, at the terminal"


HERE = Scope(repository="github/acme/shop", environment="staging", deployment=1)


def test_a_push_of_nobody_known_needs_one_more() -> None:
    """Who pushed what a look found is not known, and may be one of those who approve."""
    (act,) = route(push(author="", found="missed"), facts(STRICT)).acts
    assert isinstance(act, Deploy)
    assert [hold.subject for hold in act.holds] == ["3"]


def test_the_larger_number_counts() -> None:
    """The commit's file may ask for more than the operator, and what has no file still needs the operator's."""
    limits = Limits(environment="staging", cluster="dev", namespaces=("a",), approvals=1)
    assert approving.wanted(STRICT, limits) == 2
    assert approving.wanted(STAGING, limits) == 1
    assert approving.wanted(None, limits) == 1


def test_an_approval_says_what_is_missing_still() -> None:
    """The first of two; nothing waits there yet, and how that is asked for is said."""
    decision = answered(comment("/deploy approve staging", author="bob"), known())
    assert decision.acts[0] == Approve(
        environment="staging", sha=SHA, who="bob", source=Source.COMMENT, number=7, whom=WHOM
    )
    assert decision.sentence == "bob approved 1a2b3c4 for staging: 1 more approval is needed"
    waits = (Standing(environment="staging", unfinished=(deployed(1, state=State.QUEUED, author="ann"),)),)
    second = answered(
        comment("/deploy approve staging", author="bob"), known(approvals=(approval("carol"),), standings=waits)
    )
    assert second.sentence == "bob approved 1a2b3c4 for staging: that is enough"


REFUSED = {
    "of who opened it": ({"behind_it": {"bob": "opened #7"}}, "bob opened #7, so somebody else must approve `1a2b3c4`"),
    "of who asked for it": (
        {"standings": (Standing(environment="staging", unfinished=(deployed(1, state=State.QUEUED, author="Bob"),)),)},
        "bob asked for the deployment",
    ),
    "of who may not": ({"permission": "write"}, "bob may not approve staging: that needs maintain permission"),
    "a second one": ({"approvals": (approval("BOB"),)}, "bob has approved `1a2b3c4` for staging already"),
    "of a fork": ({"fork": True}, "#7 comes from a fork"),
    "of a closed one": ({"open": False}, "#7 is closed"),
    "of what has moved": ({"moved": "https://x"}, "moved on since you saw it"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_approval_is_refused(case: str) -> None:
    """Nothing is noted, and whoever tried is told why."""
    more, said = REFUSED[case]
    decision = answered(comment("/deploy approve staging", author="bob"), known(**more))
    assert not any(isinstance(act, Approve) for act in decision.acts)
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.REFUSED
    assert said in decision.answer.reason


def test_nothing_to_approve_is_said() -> None:
    """An environment that asks for no approvals gets none."""
    decision = answered(comment("/deploy approve staging"), asked(STAGING))
    assert decision.answer
    assert "staging asks for no approvals" in decision.answer.reason


def test_who_gave_it_takes_it_back() -> None:
    """Nobody else's, and only what is there."""
    theirs = answered(comment("/deploy unapprove staging", author="bob"), known(approvals=(approval("carol"),)))
    assert theirs.answer
    assert "there is nothing to take back" in theirs.answer.reason
    mine = answered(comment("/deploy unapprove staging", author="bob"), known(approvals=(approval("Bob"),)))
    assert mine.acts[0] == Unapprove(environment="staging", sha=SHA, who="bob", whom=WHOM)


def test_teams_count_beside_levels_and_names() -> None:
    """A team that the forge knows me in; a user who is called like a team is in none."""
    assert is_among("eve", "read", STRICT.approvers, {"@acme/ops"})
    assert not is_among("@acme/ops", "read", STRICT.approvers)
    assert is_among("dora", "none", STRICT.approvers)
