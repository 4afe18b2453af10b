"""What pods, tools and strangers say passes through us into statuses and comments: there it is shown, never obeyed."""

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.forge_answer import Reviewed
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State
from pushboat.model.status import of
from pushboat.routing import Reply
from pushboat.routing.reviews import review
from tests.routing.words import SHA, STAGING, answered, asked, comment, deployed, facts, limits

HOSTILE = "failed: \x1b]0;owned\x07 \u202egnp.exe @acme/all ![x](https://evil.example/x) `</code>` <img src=x>\n/merge"


def test_a_status_obeys_nothing() -> None:
    """A pod's last words cannot write on the terminal of whoever reads the notes of a commit."""
    lane = Lane(repository="github/acme/shop", environment="staging")
    failed = Deployment(id=1, kind=Kind.DEPLOY, lane=lane, ref="", sha=SHA, state=State.FAILED, reason=HOSTILE)
    said = of(failed).description
    assert said.isprintable()
    assert said.startswith(r"failed: \u001b]0;owned\u0007 \u202egnp.exe")


@pytest.mark.parametrize("reason", [HOSTILE, "x" * 100_000])
def test_status_mentions_and_links_nothing(reason: str) -> None:
    """`/deploy status` shows reasons in code, one line each: no mention, image or quick action is ours."""
    failed = deployed(3, state=State.FAILED, reason=reason)
    standing = Standing(environment="staging", latest=failed)
    (act,) = answered(comment("/deploy status"), asked(STAGING, standings=(standing,))).acts
    assert isinstance(act, Reply)
    (line,) = act.body.split("\n")
    assert line.startswith("- staging: nothing runs yet; tried last: [`1a2b3c4`](/deployments/3), failed: `")
    assert line.endswith("`")
    assert line.count("`") == 4
    assert len(line) < 400


@pytest.mark.parametrize("reason", [HOSTILE, "x" * 100_000])
@pytest.mark.parametrize("of", ["a lock", "a pod"])
def test_a_workflow_is_refused_in_code(of: str, reason: str) -> None:
    """Why somebody locked staging, or why it failed, is shown below a workflow's run: nobody is called from there."""
    scope = Scope(repository="github/acme/shop", environment="staging")
    lock = Hold(kind="lock", scope=scope, by="ann", reason=reason)
    failed = Standing(environment="staging", latest=deployed(3, state=State.FAILED, reason=reason))
    known = facts(limits=limits(STAGING), holds=(lock,) if of == "a lock" else (), standings=(failed,))
    (act,) = review(Event(kind=EventKind.REVIEW, environment="staging", run=7), known).acts
    assert isinstance(act, Reviewed)
    assert not act.approved
    before, said, after = act.comment.split("`")
    assert before in ("staging is held: ", "staging is not well since deployment 3: ")
    assert said.isprintable()
    assert after == ": run the job again once that has ended"
