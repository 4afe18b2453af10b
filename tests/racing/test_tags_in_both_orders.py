"""Two versions are tagged at once: the newer one runs, whichever delivery comes first, on every forge."""

from pathlib import Path

import pytest

from pushboat.model.state import State
from tests.racing.running import begin, end
from tests.spoofing.scene import SHOP, on_stage
from tests.written import config_map

FILE = "environments: {staging: {tag: 'v*', path: deploy}}\n"


@pytest.mark.parametrize("beside", [False, True], ids=["on one line", "side by side"])
@pytest.mark.parametrize("order", [("v1.9", "v1.10"), ("v1.10", "v1.9")], ids="-".join)
@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_the_newer_version_runs(kind: str, order: tuple[str, str], beside: bool, tmp_path: Path) -> None:
    """v1.10 is newer than v1.9: by what contains what, and where neither contains the other, by its number."""
    with on_stage(kind, tmp_path) as scene:
        main = scene.project.bare.resolve("refs/heads/main")
        commits, parent = {}, main
        for tag in ("v1.9", "v1.10"):
            files = {".pushboat.yaml": FILE, "deploy/a.yaml": config_map("a", of=tag)}
            commits[tag] = scene.forge.push(SHOP, f"line-{tag}", files, parent=parent, deliver=False).sha
            parent = main if beside else commits[tag]
        for tag in order:
            scene.told(scene.forge.tag(SHOP, tag, commits[tag]))
        states = {each.sha: each.state for each in scene.deployed()}
        assert states == {commits["v1.9"]: State.SUPERSEDED, commits["v1.10"]: State.QUEUED}
        end(scene, begin(scene))
        shown = [text for _, _, text, _ in scene.forge.statuses(SHOP, commits["v1.9"], "pushboat/staging")]
        assert shown[-1] == (
            f"replaced by {commits['v1.10'][:7]}" if beside else f"runs as part of {commits['v1.10'][:7]}"
        )
