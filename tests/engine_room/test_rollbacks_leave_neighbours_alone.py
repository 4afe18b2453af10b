"""Another environment writes to the same namespace: a rollback takes away nothing that is that one's."""

import shutil
from dataclasses import replace

from pushboat.config.operator import Limits, Project
from pushboat.config.project import Allowed
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import Kind, State
from pushboat.routing.decision import Deploy
from pushboat.store import ending
from tests.engine_room.rollback_stage import Stage, stage
from tests.store.repository import NAME, deploy
from tests.written import config_map
from workers.tools import Tools

__all__ = ["stage"]


def test_a_neighbour_in_the_namespace_is_not_asked_at_the_forge(stage: Stage) -> None:
    """Another environment may write to the same namespace: what leaves with a rollback leaves, with the forge away."""
    stage.tools = with_beside(stage)
    stage.release(config_map("a"))
    stage.release(config_map("a"), config_map("b"))
    shutil.rmtree(stage.tools.git_caches)
    back = stage.back(1)
    assert (back.state, back.counts.deleted) == (State.SUCCEEDED, 1), back.reason
    (tried,) = stage.repository.route(deploy("f" * 40, "beside"))
    assert tried.state is State.QUEUED
    stage.release(config_map("a"), config_map("b"))
    shutil.rmtree(stage.tools.git_caches)
    kept = stage.back(1)
    assert (kept.state, kept.counts.deleted) == (State.SUCCEEDED, 0), kept.reason
    assert "environment beside may have it" in kept.reason


def test_a_neighbour_that_was_destroyed_keeps_nothing(stage: Stage) -> None:
    """What its last release held is wanted by nobody any more: a rollback takes it away."""
    stage.tools = with_beside(stage)
    stage.release(config_map("a"))
    wanted = Render(contents={Ref("", "ConfigMap", stage.namespace, "b"): "digest"}, packed=b"packed")
    through(stage, deploy("b", "beside"), wanted)
    stage.release(config_map("a"), config_map("b"))
    kept = stage.back(1)
    assert (kept.state, kept.counts.deleted) == (State.SUCCEEDED, 0), kept.reason
    assert "environment beside has it and takes it over" in kept.reason
    through(stage, deploy("b", "beside", kind=Kind.REMOVAL))
    stage.release(config_map("a"), config_map("b"))
    back = stage.back(1)
    assert (back.state, back.counts.deleted) == (State.SUCCEEDED, 1), back.reason


def through(stage: Stage, act: Deploy, render: Render | None = None) -> None:
    """Let another environment's deployment get through."""
    (made,) = stage.repository.route(act)
    ending.finish(stage.tools.store, stage.repository.claim(made), State.SUCCEEDED, "fine", render=render)


def with_beside(stage: Stage) -> Tools:
    """Let another environment write to the same namespace."""
    beside = Limits(environment="beside", cluster="dev", namespaces=(stage.namespace,))
    limits = {**stage.tools.operator.projects[NAME].environments.listed, "beside": beside}
    projects = {NAME: Project(repository=NAME, environments=Allowed(limits))}
    return replace(stage.tools, operator=replace(stage.tools.operator, projects=projects))
