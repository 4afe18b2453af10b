"""What containers said last stands in an answer where the operator lets it, and there it is text and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.errors import Unhealthy
from pushboat.model import container_log
from pushboat.model.container_log import LONGEST_LINE, MOST_LINES, ContainerLog, in_markdown
from pushboat.model.state import State
from pushboat.model.status import of
from pushboat.routing import outcomes
from tests.routing.words import deployed
from tests.spoofing.inert import EVIL, alive
from tests.spoofing.scene import STAGING, WRITER, on_stage
from workers.deploying.claimed import claimed

LOG = ContainerLog(pod="web-1", container="app", lines=("boom: no database", "``` @everyone", "/close"))


@pytest.mark.parametrize("evil", [*EVIL, "`````", "` `` ```` x"], ids=lambda evil: ascii(evil)[:30])
def test_no_line_leaves_its_block(evil: str) -> None:
    """However many backticks, quick actions or escapes a container prints: it stays one block, line by line."""
    said = in_markdown([replace(LOG, lines=(evil, f"{evil} {evil}")), replace(LOG, container="b", lines=(evil,))])
    assert alive(said) == []
    assert said.count("Last lines of pod web-1") == 2


def test_it_is_bounded() -> None:
    """As many containers as are kept, with the longest lines: the answer fits every forge."""
    lines = ("`" * LONGEST_LINE,) * MOST_LINES
    logs = container_log.read(container_log.written([replace(LOG, lines=lines)] * 50))
    assert len(in_markdown(logs)) < 65_536 / 2


def test_only_what_may_be_told_is_told() -> None:
    """Without the operator's word an outcome says why it failed, and no line of a log."""
    for may in (False, True):
        failed = deployed(3, state=State.FAILED, reason="it crashed", logs=(replace(LOG, in_comments=may),))
        assert ("boom" in outcomes.answer([(failed, of(failed))], ["deploying"])) is may


@pytest.mark.parametrize("may", [False, True])
@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_the_answer_to_a_command_shows_them(kind: str, may: bool, tmp_path: Path) -> None:
    """I deploy by a comment and it crashes: the answer says why, with the last lines where the operator allows it."""
    with on_stage(kind, tmp_path, {"staging": replace(STAGING, logs_in_comments=may)}) as scene:
        scene.comment(WRITER, "/deploy staging")
        (made,) = scene.deployed()
        with claimed(scene.tools, made.id) as work:
            assert work
            work.fail(Unhealthy("Deployment shop/web: app crashes", logs=container_log.written([LOG])))
        scene.work()
        (reply,) = scene.replies()
        assert "app crashes" in reply
        assert ("boom: no database" in reply) is may
        assert alive(reply.partition("[More about it]")[0]) == []
