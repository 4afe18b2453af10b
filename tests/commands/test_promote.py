"""`/deploy promote staging live` brings on what runs in staging, and nothing that is not what was tried there."""

import re
from dataclasses import replace
from typing import Any

import pytest

from pushboat.model.ask import AskVerdict, Source
from pushboat.model.deployment import Lane, Promoted
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.unmerged import Unmerged
from pushboat.routing import Commit, Decision, Deploy, Facts, LiftHold, Reply, grammar
from pushboat.routing.answering import answer
from pushboat.routing.command import table
from pushboat.routing.followed import Back
from pushboat.routing.nearest import suggestion
from tests.routing.words import LIVE, SHA, STAGING, ask, comment, deployed, environment, facts, limits, read

OLD = "0" * 40
NOON = 1_790_164_800.0
RUNS = deployed(12, release=12, finished_at=NOON)
HERE = Scope(repository="github/acme/shop", environment="live")
LATER = {"at": NOON + 60}


def of(**more: Any) -> Standing:
    """How staging stands, where release 12 runs."""
    return Standing(**{"environment": "staging", "runs": RUNS, "latest": RUNS, **more})


def there(**more: Any) -> Standing:
    """How the other environment stands."""
    lane = Lane(repository="github/acme/shop", environment="live")
    runs = deployed(5, sha=more.pop("sha", OLD), release=3, lane=lane)
    return Standing(**{"environment": "live", "runs": runs, "latest": runs, **more})


def known(*stand: Standing, **more: Any) -> Facts:
    """What the worker found out: the commit is the one that runs in staging."""
    values = {"limits": limits(STAGING, LIVE), "standings": stand or (of(), there())}
    commit = Commit(sha=SHA, ref="refs/heads/main")
    return replace(facts(STAGING, LIVE, commit=commit, **values), **more)


def promote(known_: Facts, **more: Any) -> Any:
    """Decide about the operator's wish."""
    given = {"from": "staging", **more.pop("arguments", {})}
    return answer(ask("promote", "live", arguments=given, **{**LATER, **more}), known_)


def test_the_release_that_runs_is_deployed_and_named() -> None:
    """Its commit and its ref, by an ordinary deployment that remembers where it comes from."""
    decision = promote(known())
    (act,) = decision.acts
    assert act == Deploy(
        kind=Kind.DEPLOY,
        environment="live",
        ref="refs/heads/main",
        sha=SHA,
        author="olga on the command line",
        trigger=Trigger.PROMOTION,
        promoted=Promoted(environment="staging", release=12),
    )
    assert decision.sentence == "promoting 1a2b3c4, staging release 12, to live, as olga on the command line said"


def test_a_comment_is_answered_with_what_comes_of_it() -> None:
    """The reply names release and commit, and says what the next push does."""
    said = read(comment("/deploy promote staging live --prune"))
    assert said
    assert (said.environment, said.arguments) == ("live", {"from": "staging", "prune": "yes"})
    act, reply = answer(replace(said, **LATER), known(permission="admin")).acts
    assert isinstance(act, Deploy)
    assert isinstance(reply, Reply)
    assert act.prune_many
    assert reply.body.startswith(
        "Promoting `1a2b3c4`, staging release 12, to live, which may delete most of what is there."
    )
    assert reply.body.endswith("It still follows its ref: the next tag like `v[0-9]*` is deployed as always.")
    alone = environment("live", deployers=("admin",))
    loose = known(permission="admin", limits=limits(STAGING, alone), environments={"staging": STAGING, "live": alone})
    reply = answer(replace(said, **LATER), loose).acts[1]
    assert "It follows no ref, so it stays at that until somebody deploys something else." in reply.body


def test_an_older_commit_goes_back_and_says_so() -> None:
    """What runs in live is newer: nobody is kept from it, and everybody reads it."""
    decision = promote(known(back=Back(sha=OLD, commits=2)))
    assert isinstance(decision.acts[0], Deploy)
    assert "goes back from 0000000 to 1a2b3c4, 2 commits behind; the next push" in decision.sentence


def test_what_runs_there_already_is_not_deployed_again() -> None:
    """Asked twice, done once; unless something else is on its way, or it is not whole."""
    decision = promote(known(of(), there(sha=SHA)))
    assert decision.acts == ()
    assert decision.answer
    assert (decision.answer.verdict, decision.sentence) == (
        AskVerdict.DONE,
        "1a2b3c4, staging release 12, is already running in live, as release 3",
    )
    for more in ({"unfinished": (deployed(9, state=State.QUEUED),)}, {"drift": "1 object"}, {"halfway": deployed(8)}):
        assert len(promote(known(of(), there(sha=SHA, **more))).acts) == 1
    found = there(sha=SHA)
    assert found.runs
    found = replace(found, runs=replace(found.runs, trigger=Trigger.RECOVERY))
    assert len(promote(known(of(), found)).acts) == 1, "a cluster may say anything of what runs there"


def test_a_rollbacks_pin_goes_and_a_pull_requests_stays() -> None:
    """Whoever names what is to run wants that; but nothing on the forge pushes a pull request aside."""
    pin = Hold(kind="pin", scope=HERE, by="ann", subject="release 2 (2222222)")
    decision = promote(known(holds=(pin,)))
    assert decision.acts[0] == LiftHold(kind="pin", scope=HERE, subject="release 2 (2222222)")
    assert "it was pinned to release 2 (2222222) by ann" in decision.sentence
    mine = Hold(kind="unmerged", scope=HERE, by="ann", subject="#7", pull_request=7, sha=OLD)
    told = promote(known(holds=(mine,), permission="admin"), source=Source.COMMENT, number=7, who="ann")
    assert "/deploy unlock live" in refusal(told)


def refusal(decision: Decision) -> str:
    """Give the sentence by which an ask was refused; nothing is deployed then."""
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.REFUSED
    assert not any(isinstance(act, Deploy) for act in decision.acts)
    return decision.answer.reason


REFUSED: dict[str, tuple[Facts, str]] = {
    "nothing runs": (known(Standing(environment="staging"), there()), "Nothing runs in staging that could be promoted"),
    "destroyed": (known(Standing(environment="staging", destroyed=True), there()), "Nothing runs in staging"),
    "a pull request's commit": (
        known(of(unmerged=Unmerged(pull_request=7, sha=SHA, since=NOON)), there()),
        "staging runs an unmerged commit, 1a2b3c4 of #7, since .*: only what is merged is promoted",
    ),
    "failed": (
        known(of(latest=deployed(13, sha=OLD, state=State.FAILED)), there()),
        "The newest deployment to staging, of `0000000`, failed: mend that or roll it back",
    ),
    "halfway": (
        known(of(halfway=deployed(13, sha=OLD, state=State.CANCELLED)), there()),
        "staging was left halfway by `0000000`",
    ),
    "drifted": (
        known(of(drift="2 objects changed"), there()),
        r"staging is not as it was brought \(`2 objects changed`\)",
    ),
    "being changed": (
        known(of(unfinished=(deployed(13, sha=OLD, state=State.RUNNING),)), there()),
        "staging is being changed, by `0000000`: ask again once that has ended",
    ),
    "only found": (
        known(of(runs=replace(RUNS, trigger=Trigger.RECOVERY)), there()),
        "That `1a2b3c4` runs in staging was only found in its cluster, and nobody here has seen it healthy: deploy",
    ),
    "moved on": (
        known(of(runs=replace(RUNS, finished_at=NOON + 90)), there()),
        "staging has moved on since you asked: `1a2b3c4` runs there now",
    ),
    "not in its file": (known(environments={"staging": STAGING}), "1a2b3c4 does not say where live lies"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_only_what_was_tried_is_promoted(case: str) -> None:
    """Each is refused with what to do; nothing is deployed."""
    given, sentence = REFUSED[case]
    assert re.search(sentence, refusal(promote(given)))


def test_what_only_waits_in_staging_keeps_nobody() -> None:
    """A commit that has not begun there changes nothing about what runs."""
    assert promote(known(of(unfinished=(deployed(13, sha=OLD, state=State.QUEUED),)), there())).acts


def test_both_environments_must_be_known_and_two() -> None:
    """Slips of the tongue lead nowhere."""
    unknown = refusal(promote(known(), arguments={"from": "qa"}))
    assert "has no environment `qa` to promote from. It has `live` and `staging`" in unknown
    assert "What runs in live runs there already" in refusal(promote(known(), arguments={"from": "live"}))


def test_who_may_deploy_there_may_promote() -> None:
    """It is the second environment's deployers who are asked for."""
    told = refusal(promote(known(permission="write"), source=Source.COMMENT, number=7, who="ann"))
    assert "Ask someone who may to comment `/deploy promote staging live`" in told


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["promote", "stagin", "live"], "/deploy promote staging live"),
        (["promote", "live", "stagin"], "/deploy promote live staging"),
        (["promote", "staging", "to", "live"], "/deploy promote staging live"),
        (["promote", "to", "live", "from", "staging"], "/deploy promote staging live"),
        (["promote", "live", "from", "staging"], "/deploy promote staging live"),
        (["promote", "into", "live", "staging"], "/deploy promote staging live"),
        (["promote", "from", "staging", "to", "live"], "/deploy promote staging live"),
        (["promote", "to", "live", "to", "staging"], ""),
        (["promote", "from", "live", "from", "staging"], ""),
        (["promote", "live"], ""),
        (["promote", "staging", "staging"], ""),
    ],
)
def test_a_half_right_one_keeps_its_order(said: list[str], meant: str) -> None:
    """A suggestion that turned the two around would bring production's commit to staging."""
    assert suggestion(said, ("staging", "live")) == meant


def test_one_environment_is_not_enough() -> None:
    """The grammar is said back."""
    said = grammar.parse("/deploy promote staging", ("staging", "live"))
    assert said
    assert said.refusal.startswith("`/deploy promote` needs to know where: `/deploy promote <from> <to>`.")
    assert table()["promote"].names == ("from", "environment")
