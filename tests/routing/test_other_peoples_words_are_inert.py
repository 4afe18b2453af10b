"""What pods, tools and strangers say passes through us into statuses and comments: there it is shown, never obeyed."""

import pytest

from pushboat.model.deployment import Deployment, Lane
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State
from pushboat.model.status import of
from pushboat.routing import Reply
from tests.routing.words import SHA, STAGING, answered, asked, comment, deployed

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
