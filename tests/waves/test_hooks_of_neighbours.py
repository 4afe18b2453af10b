"""Environments that share a namespace may have hooks of one name: each runs its own, and none is torn in half."""

import threading
from dataclasses import replace

import pytest
import yaml

from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from tests.store.repository import NAME, deploy
from tests.until import PATIENCE, until
from tests.waves.conftest import Body, Yard, config_map, job

HOOK = "argocd.argoproj.io/hook"


@pytest.mark.proves("hooks-shared")
def test_a_hook_moves_to_another_environment(yard: Yard) -> None:
    """What it left in the namespace is a record, and in nobody's way."""
    with_a_neighbour(yard)
    migrate = job("migrate", {HOOK: "PreSync"})
    assert push(yard, "staging", [migrate, config_map("a")]).state is State.SUCCEEDED
    ended = push(yard, "prod", [migrate, config_map("b")])
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.runs("migrate", 2) == 2
    assert push(yard, "staging", [migrate, config_map("a", v="2")]).state is State.SUCCEEDED
    assert yard.runs("migrate", 3) == 3


@pytest.mark.proves("hooks-shared")
def test_a_hook_that_runs_is_let_run(yard: Yard) -> None:
    """Another environment's migration of that name goes on to its end; mine waits for it and says so."""
    with_a_neighbour(yard)
    slow = job("migrate", {HOOK: "PreSync"}, does={"completes-after": "10m"})
    first = routed(yard, "staging", [slow, config_map("a")])
    workers = [threading.Thread(target=yard.carry_out, args=(first,))]
    workers[0].start()
    until(lambda: yard.runs("migrate") or None, what="the hook to run")
    second = routed(yard, "prod", [job("migrate", {HOOK: "PreSync"}), config_map("b")])
    workers.append(threading.Thread(target=yard.carry_out, args=(second,)))
    workers[1].start()
    waits = f"waiting for Job/{yard.namespace}/migrate, which {NAME}:staging runs"
    until(lambda: waits in yard.said(second), what="the second to wait for the first")
    yard.finish("migrate")
    for worker in workers:
        worker.join(PATIENCE)
    assert yard.repository.row(first).state is State.SUCCEEDED
    assert yard.repository.row(second).state is State.SUCCEEDED, yard.repository.row(second).reason
    assert yard.runs("migrate", 2) == 2


def with_a_neighbour(yard: Yard) -> None:
    """Let there be a second environment in the same namespace."""
    project = yard.tools.operator.projects[NAME]
    both = {name: replace(project.environments["staging"], environment=name) for name in ("staging", "prod")}
    projects = {NAME: replace(project, environments=Allowed(both))}
    yard.tools = replace(yard.tools, operator=replace(yard.tools.operator, projects=projects))


def routed(yard: Yard, environment: str, bodies: list[Body]) -> Deployment:
    """Commit these objects as the whole folder of one environment; the other one's stays."""
    yard.commits += 1
    known = {name: {"branch": "main", "path": name, "wait": yard.wait} for name in ("staging", "prod")}
    files = {
        ".pushboat.yaml": yaml.safe_dump({"environments": known}),
        f"{environment}/all.yaml": yaml.safe_dump_all(bodies, sort_keys=False),
        "README.md": str(yard.commits),
    }
    sha = yard.github.push("acme/shop", "main", files, deliver=False).sha
    return yard.repository.route(deploy(sha, environment))[0]


def push(yard: Yard, environment: str, bodies: list[Body]) -> Deployment:
    """Commit them and carry the deployment out."""
    return yard.carry_out(routed(yard, environment, bodies))
