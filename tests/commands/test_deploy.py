"""`/deploy <environment>` and `pushboat deploy`: one command, whoever asks. Comments stand in tests/routing."""

from dataclasses import replace

import pytest

from pushboat.model.ask import AskVerdict, Source
from pushboat.model.state import Kind, Trigger
from pushboat.routing import Commit, Deploy, Reply
from pushboat.routing.answering import answer
from tests.routing.words import LIVE, SHA, STAGING, ask, asked, facts, limits


def test_the_operator_deploys_without_asking_the_forge_for_permission() -> None:
    """Whoever may write to the store decides already what runs, and nobody is answered in a conversation."""
    known = facts(LIVE, limits=limits(LIVE), commit=Commit(sha=SHA, ref="refs/heads/main"))
    decision = answer(ask("deploy", "live"), known)
    assert decision.acts == (
        Deploy(
            kind=Kind.DEPLOY,
            environment="live",
            ref="refs/heads/main",
            sha=SHA,
            author="olga on the command line",
            trigger=Trigger.COMMAND,
        ),
    )
    assert decision.sentence == "deploying 1a2b3c4 to live, as olga on the command line said"


@pytest.mark.proves("prune-guard")
def test_consent_to_a_large_prune_is_for_one_deployment_and_on_record() -> None:
    """What is said with `--prune` goes with that deployment, and the sentence in the audit says so."""
    known = facts(LIVE, limits=limits(LIVE), commit=Commit(sha=SHA, ref="refs/heads/main"))
    decision = answer(ask("deploy", "live", arguments={"prune": "yes"}), known)
    (act,) = decision.acts
    assert isinstance(act, Deploy)
    assert act.prune_many
    assert decision.answer
    assert decision.answer.reason == (
        "deploying 1a2b3c4 to live, and may delete most of what is there, as olga on the command line said"
    )


def test_an_environment_that_nobody_has_is_refused() -> None:
    """A typo is answered with what was probably meant."""
    decision = answer(ask("deploy", "stagging"), facts(limits=limits(STAGING)))
    assert decision.acts == ()
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.REFUSED
    assert decision.answer.reason == (
        "acme/shop has no environment `stagging`. Did you mean 'staging'? It has `staging`."
    )


def test_a_word_that_this_version_does_not_know_any_more_is_refused() -> None:
    """An ask that was stored by a newer version, before somebody went back to this one."""
    decision = answer(ask("frobnicate", "staging"), facts(limits=limits(STAGING)))
    assert decision.answer
    assert decision.answer.reason == "not yet supported: /deploy frobnicate"


@pytest.mark.parametrize(("wish", "refused"), [("warn", False), ("refuse", True)])
def test_a_pull_request_that_is_behind_its_base_says_so(wish: str, refused: bool) -> None:
    """My branch lacks what main got since: I am told that it would go from staging, or that it is not part of this."""
    known = asked(STAGING, behind="ma`in @all")
    operators = {"staging": replace(known.limits["staging"], require_up_to_date=wish)}
    wanted = ask("deploy", "staging", who="wendy", source=Source.COMMENT, number=7)
    decision = answer(wanted, replace(known, limits=operators))
    (told,) = (act.body for act in decision.acts if isinstance(act, Reply))
    assert decision.answer
    assert (decision.answer.verdict is AskVerdict.REFUSED) is refused
    assert any(isinstance(act, Deploy) for act in decision.acts) is not refused
    assert "#7 is behind `ma'in @all`: what came there since" in told
    assert "behind ma`in @all" in decision.sentence if not refused else "Update the branch first" in told


def test_a_pull_request_that_has_all_of_its_base_is_not_warned() -> None:
    """Nothing about it is said."""
    decision = answer(ask("deploy", "staging", who="wendy", source=Source.COMMENT, number=7), asked(STAGING))
    assert "behind" not in str(decision)
