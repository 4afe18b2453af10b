"""A token ends while something is deployed: an App gets another one, what the operator must renew waits for it."""

from pathlib import Path

import pytest

from pushboat.config.operator import App
from tests.fakes.app_key import key_pair
from tests.fakes.github import FakeGitHub
from tests.racing.running import begin, end
from tests.spoofing.scene import SHOP, WRITER, Scene, on_stage
from tests.store.repository import time_passes
from tests.written import config_map


def test_the_tokens_of_an_app_end_all_the_time(tmp_path: Path) -> None:
    """GitHub takes the App's token back between any two steps: push, command, status and answer get there."""
    private, public = key_pair()
    with on_stage("github", tmp_path, token="", app=App(id=1, private_key=private), key=public) as scene:
        assert isinstance(scene.forge, FakeGitHub)
        scene.forge.app_tokens.clear()
        scene.told(scene.forge.push(SHOP, "main", {"deploy/a.yaml": config_map("a", of="main")}))
        pushed = begin(scene)
        scene.forge.app_tokens.clear()
        end(scene, pushed)
        assert scene.forge.runs(SHOP, pushed.deployment.sha, "pushboat/staging")[-1].state == "success"
        scene.forge.app_tokens.clear()
        scene.comment(WRITER, "/deploy staging")
        claim = begin(scene)
        scene.forge.app_tokens.clear()
        end(scene, claim)
        assert scene.forge.runs(SHOP, scene.head, "pushboat/staging")[-1].state == "success"
        replies = [text for author, text in scene.forge.comments(SHOP, scene.number) if author == "pushboat-app[bot]"]
        assert [each for each in replies if f"`staging` runs `{scene.head[:7]}`" in each]


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_a_token_that_the_operator_renews_costs_nothing(kind: str, tmp_path: Path) -> None:
    """The token ends while I wait: statuses and the answer are there once there is a valid one again."""
    with on_stage(kind, tmp_path) as scene:
        scene.comment(WRITER, "/deploy staging")
        claim = begin(scene)
        valid, scene.forge.token = scene.forge.token, "another one than Pushboat's"
        end(scene, claim)
        delivery = scene.forge.comment(SHOP, scene.number, WRITER, "/deploy status").response
        assert delivery.status_code == 202
        scene.work()
        scene.forge.token = valid
        time_passes(scene.tools.store, 3600)
        scene.work()
        scene.work()
        assert scene.forge.statuses(SHOP, scene.head, "pushboat/staging")[-1][1] == "success"
        assert [each for each in scene.replies() if f"`staging` runs `{scene.head[:7]}`" in each]
        assert answered(scene)


def answered(scene: Scene) -> bool:
    """Say whether the question that came in between was answered too."""
    return any("staging: runs [" in each for each in scene.replies())
