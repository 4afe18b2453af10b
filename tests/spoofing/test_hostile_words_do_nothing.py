"""Names, reasons and messages of others stand in our replies and statuses: there they ping, link and break nothing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pushboat.config.environment import Environment
from pushboat.errors import CheckoutFailed, ForgeRefused, Mistake
from pushboat.forges.conversation import is_marked, marked
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import State
from pushboat.model.status import of
from pushboat.routing import Decision, Leave, Post, PullRequest, Reply, outcomes, route, unreadable
from tests.routing.words import (
    SHA,
    STAGING,
    answered,
    asked,
    comment,
    deployed,
    environment,
    facts,
    pull_request,
    push,
)
from tests.spoofing.inert import EVIL, alive, obeyed

SCOPE = Scope(repository="github/acme/shop", environment="staging")


def said_in_comments(evil: str) -> Iterator[tuple[str, Decision]]:
    """Let somebody put words into everything that an answer tells of."""
    mistakes = (Mistake(file=evil, line=1, column=1, message=evil),)
    hold = Hold(kind="pause", scope=SCOPE, by=evil, reason=evil)
    pin = Hold(kind="pin", scope=SCOPE, by=evil, reason=evil, subject="release 1 (1a2b3c4)")
    strange = Environment(
        name="staging", cluster="dev", namespaces=("a",), namespace="a", path=".", branch=evil, deployers=("write",)
    )
    tagged = Environment(
        name="qa", cluster="dev", namespaces=("a",), namespace="a", path=".", tag=evil, deployers=("write",)
    )
    failed = deployed(3, state=State.FAILED, reason=evil)
    standing = Standing(environment="staging", latest=failed, holds=(hold,), drift=evil)
    yield "deploy behind", answered(comment("/deploy staging"), asked(STAGING, behind=evil))
    yield "deploy with mistakes", answered(comment("/deploy staging"), asked(STAGING, mistakes=mistakes))
    yield "plan with mistakes", answered(comment("/deploy plan"), asked(STAGING, mistakes=mistakes))
    yield "plan of nothing", answered(comment("/deploy plan"), replace(asked(STAGING), pull_request=_into(evil)))
    yield "plan elsewhere", answered(comment("/deploy plan staging"), asked(STAGING, strange, tagged))
    yield "plan of one", answered(comment("/deploy plan staging"), asked(tagged, STAGING, strange))
    into = replace(asked(strange, tagged), pull_request=_into(evil))
    yield "plan into evil", answered(comment("/deploy plan qa"), into)
    yield "status", answered(comment("/deploy status"), asked(STAGING, standings=(standing,)))
    yield "unlock", answered(comment(f"/deploy unlock staging {evil}"), asked(STAGING, holds=(hold, pin)))
    yield "unlock nothing", answered(comment("/deploy unlock staging"), asked(STAGING, holds=(hold,)))
    yield "cancel nothing", answered(comment("/deploy cancel staging"), asked(STAGING, standings=(standing,)))
    yield "rollback to nothing", answered(comment("/deploy rollback staging"), asked(STAGING))
    yield "rollback to evil", answered(comment(f"/deploy rollback staging {evil}"), asked(STAGING))
    yield "an environment", answered(comment(f"/deploy {evil}"), asked(STAGING))
    yield "an environment's plan", answered(comment(f"/deploy plan {evil}"), asked(STAGING))
    yield "something more", answered(comment(f"/deploy staging {evil}"), asked(STAGING))
    yield "who may not", answered(comment("/deploy staging", author=evil), asked(STAGING, permission=evil))
    yield "who may", answered(comment("/deploy staging"), asked(environment("staging", deployers=(evil,))))
    yield "our own account", answered(comment("/deploy staging", author=evil), asked(STAGING, own_account="do so"))
    for failure in (CheckoutFailed(evil, evil), ForgeRefused(f"github answered 422 ({evil})")):
        yield "what failed", unreadable(comment("/deploy staging"), failure, State.ERRORED)


def _into(branch: str) -> PullRequest:
    return PullRequest(number=7, head_sha=SHA, head_ref=branch, base_ref=branch, fork=False, open=True)


@pytest.mark.parametrize("evil", EVIL, ids=[ascii(each)[:40] for each in EVIL])
def test_answers_to_commands_obey_nothing(evil: str) -> None:
    """Whatever a branch, a file, a reason or a user is called: no answer mentions, links, renders or runs it."""
    for what, decision in said_in_comments(evil):
        for act in decision.acts:
            if isinstance(act, Reply):
                assert alive(act.body) == [], f"{what}: {act.body}"
        assert obeyed(decision.sentence) == [], what


@pytest.mark.parametrize("evil", EVIL, ids=[ascii(each)[:40] for each in EVIL])
def test_outcomes_obey_nothing(evil: str) -> None:
    """What pods, objects, images and commit messages say of a deployment stands in code, on one line."""
    for state in State:
        failed = deployed(3, state=state, reason=evil, aftermath=evil, successor_sha=SHA)
        said = outcomes.answer([(failed, of(failed))], [evil])
        assert alive(said) == [], said
        assert obeyed(of(failed).description) == []


@pytest.mark.parametrize("evil", EVIL, ids=[ascii(each)[:40] for each in EVIL])
def test_statuses_obey_nothing(evil: str) -> None:
    """Pushes and pull requests of such branches and tags have statuses of plain words."""
    strange = environment("staging", branch=evil)
    mistakes = (Mistake(file=evil, line=1, column=1, message=evil),)
    events = [
        push(f"refs/heads/{evil}"),
        push(f"refs/tags/{evil}"),
        pull_request(ref=evil, base_ref=evil),
        pull_request("merged", merged_sha=SHA, ref=evil, base_ref=evil),
        pull_request(fork=None, author=evil),
    ]
    for event in events:
        for known in (facts(STAGING), facts(strange), facts(mistakes=mistakes, named=("staging",)), facts()):
            decision = route(event, known)
            assert obeyed(decision.sentence) == []
            shown = [act.description for act in decision.acts if isinstance(act, Post | Leave)]
            assert [each for each in shown if obeyed(each)] == []


LINE = "- staging: failed: `@evil <img> ![evil](x)`"
BLOCK = "Last lines of pod web-1:\n\n````text\n@evil ``` @evil\n /close\n````"
BODIES = {"lines": "\n".join([LINE] * 40), "blocks": "\n\n".join([BLOCK] * 20), "one": LINE * 40}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_cut_lets_words_out(body: str) -> None:
    """However long an answer is and wherever the forge's limit falls: what was code stays code."""
    for longest in range(700, 1_500, 3):
        said = marked(body, "pushboat-1", longest, "[More about it](http://pushboat.example/deliveries/1)")
        assert len(said) <= longest
        assert alive(said) == [], said
        assert is_marked(said, "pushboat-1")
