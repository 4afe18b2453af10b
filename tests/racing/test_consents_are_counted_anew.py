"""What waits for approvals while the operator's file or a team changes: it waits for what is asked for now."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import deployments, looks
from tests.spoofing.scene import SHOP, STAGING, Scene, on_stage
from tests.written import config_map
from workers.catching_up.story import look
from workers.deploying.story import deploy

APPROVE, TEAM = "/deploy approve staging", "acme/ops"
FREE = "waits for a free worker"


@pytest.fixture
def many_eyes(tmp_path: Path) -> Iterator[Scene]:
    """Two of acme/ops, or whoever may administrate, must approve what comes to staging."""
    limits = replace(STAGING, approvals=2, approvers=("admin", f"@{TEAM}"))
    with on_stage("github", tmp_path / "stage", {"staging": limits}) as scene:
        scene.project.permissions |= {"bob": "admin", "carol": "write", "alice": "admin"}
        for user in ("bob", "carol"):
            scene.forge.user_id(user)
        scene.forge.teams[TEAM] = {"carol"}
        looks.schedule(scene.tools.store, scene.tools.operator.projects)
        yield scene


def pushed(scene: Scene) -> Deployment:
    """Let alice push to main, and bob approve it."""
    happened = scene.forge.push(SHOP, "main", {"deploy/a.yaml": config_map("a", of="main")})
    scene.told(happened)
    scene.told(scene.forge.comment_on_commit(SHOP, happened.sha, "bob", APPROVE))
    return now(scene)


def now(scene: Scene) -> Deployment:
    """Look at the newest deployment as it stands now."""
    found = deployments.find(scene.tools.store, scene.deployed()[0].id)
    assert found
    return found


def asking_for(scene: Scene, approvals: int) -> None:
    """Change the operator's file, and look at the repository as every process does that begins with it."""
    project = scene.tools.operator.projects[scene.repository]
    limits = {"staging": replace(project.environments["staging"], approvals=approvals)}
    projects = {scene.repository: replace(project, environments=Allowed(limits))}
    scene.tools = replace(scene.tools, operator=replace(scene.tools.operator, projects=projects))
    look(scene.tools, scene.repository)


def test_what_waits_follows_the_operators_file(many_eyes: Scene) -> None:
    """One less is enough, one more is said at once, and none at all lets go; each time my commit says so."""
    made = pushed(many_eyes)
    ends = f"(bob approved {made.sha[:7]}): /deploy approve staging"
    assert made.waits == f"waits for 1 more approval {ends}"
    asking_for(many_eyes, 3)
    assert now(many_eyes).waits == f"waits for 2 more approvals {ends}"
    asking_for(many_eyes, 1)
    assert now(many_eyes).waits == FREE
    many_eyes.work()
    assert many_eyes.forge.statuses(SHOP, made.sha, "pushboat/staging")[-1][2] == FREE
    asking_for(many_eyes, 2)
    assert now(many_eyes).waits == f"waits for 1 more approval {ends}"
    asking_for(many_eyes, 0)
    assert now(many_eyes).waits == FREE


def test_who_is_back_in_the_team_counts_again(many_eyes: Scene) -> None:
    """Carol is taken out of the team by mistake: my deployment goes back, and goes on once she is in it again."""
    made = pushed(many_eyes)
    many_eyes.told(many_eyes.forge.comment_on_commit(SHOP, made.sha, "carol", APPROVE))
    many_eyes.forge.teams[TEAM].clear()
    deploy(many_eyes.tools, made.id)
    gone = now(many_eyes)
    assert (gone.state, gone.begun) == (State.QUEUED, False)
    assert "carol may not approve any more" in gone.waits
    look(many_eyes.tools, many_eyes.repository)
    assert now(many_eyes).waits == gone.waits, "she is not back yet"
    many_eyes.forge.teams[TEAM].add("carol")
    look(many_eyes.tools, many_eyes.repository)
    assert now(many_eyes).waits == FREE
