"""The story: five pushes, each a real `git push` whose terminal shows what the pusher would see."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cli import output
from cli.lab.demo.stage import REPOSITORY, Stage, git
from pushboat.config.operator import ClusterAccess
from workers.cluster.client.connection import connect

GIVE_UP_AFTER = 120.0
BAD_TAG = "does-not-exist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One push as it went: what it was, what came of it, and how long push → end took, in seconds."""

    title: str
    state: str
    expected: str
    counts: dict[str, int]
    seconds: float
    reason: str

    @property
    def as_expected(self) -> bool:
        """Say whether the story went as it is told."""
        return self.state == self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One thing that happens to a repository: what to do in the working copy, and how the deployment must end."""

    title: str
    act: Callable[[Path], None]
    expected: str = "succeeded"


def play(stage: Stage) -> list[Push]:
    """Play all chapters, in order."""
    return [_push(stage, number, chapter) for number, chapter in enumerate(CHAPTERS, 1)]


def _push(stage: Stage, number: int, chapter: Chapter) -> Push:
    output.say("")
    output.say(f"{number}. {chapter.title}", glyph="►")
    chapter.act(stage.clone)
    sha = git(stage.clone, "rev-parse", "HEAD")
    started = time.monotonic()
    _git_push(stage.clone)
    row = _ended(stage, sha)
    took = time.monotonic() - started
    push = Push(
        title=chapter.title,
        state=row["state"],
        expected=chapter.expected,
        counts=row["objects"],
        seconds=took,
        reason=row["reason"],
    )
    output.say(f"{row['state']}{_remark(push)}, {took:.1f} s after the push", glyph="✔" if push.as_expected else "✗")
    if chapter.expected == "failed":
        _show_survivors(stage)
    return push


def _remark(push: Push) -> str:
    if not push.as_expected:
        return f", where {push.expected} was expected"
    return ", as it should" if push.expected == "failed" else ""


def _git_push(clone: Path) -> None:
    """Push, and let the terminal show what the hook says as it says it."""
    with subprocess.Popen(
        ["git", "push", "--set-upstream", "origin", "main"],
        cwd=clone,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as pushing:
        assert pushing.stderr is not None
        for line in pushing.stderr:
            print(f"    {line.rstrip()}", file=sys.stderr, flush=True)
    if pushing.returncode:
        raise click.ClickException("git push failed; its words stand above")


def _ended(stage: Stage, sha: str) -> dict[str, Any]:
    deadline = time.monotonic() + GIVE_UP_AFTER
    while time.monotonic() < deadline:
        rows = stage.get(f"/api/v1/deployments?repository={REPOSITORY}&sha={sha}")["items"]
        if rows and rows[0]["finished_at"]:
            return dict(rows[0])
        time.sleep(0.05)
    raise click.ClickException(f"the deployment of {sha[:7]} did not end within {GIVE_UP_AFTER:.0f} s")


def _show_survivors(stage: Stage) -> None:
    """Count the pods that still serve: a bad image must not have taken the old ones away."""
    cluster = connect(ClusterAccess(name="demo", kubeconfig=stage.kubeconfig))
    try:
        found = cluster.request("GET", f"/apis/apps/v1/namespaces/{stage.namespace}/deployments/web").data
    finally:
        cluster.close()
    available = found.get("status", {}).get("availableReplicas", 0)
    output.say(f"meanwhile {available} pods of the previous revision of Deployment/web keep running", glyph="◎")


def _commit(clone: Path, message: str) -> None:
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", message)


def _first(clone: Path) -> None:
    _commit(clone, "Put the shop into staging")


def _change_one(clone: Path) -> None:
    file = clone / "deploy" / "config.yaml"
    file.write_text(re.sub(r"(?m)^(  greeting: ).*$", r"\1Good evening", file.read_text()))
    _commit(clone, "Greet politely")


def _remove_one(clone: Path) -> None:
    git(clone, "rm", "--quiet", "deploy/network.yaml")
    _commit(clone, "Let the cluster decide who may call the shop")


def _bad_image(clone: Path) -> None:
    file = clone / "deploy" / "web.yaml"
    file.write_text(re.sub(r"(?m)^(\s+image: \S+):\S+$", rf"\1:{BAD_TAG}", file.read_text()))
    _commit(clone, "Use the image that is not built yet")


def _revert(clone: Path) -> None:
    git(clone, "revert", "--no-edit", "HEAD")


CHAPTERS = (
    Chapter(title="the first deployment", act=_first),
    Chapter(title="a change that touches one object", act=_change_one),
    Chapter(title="a removed manifest is pruned", act=_remove_one),
    Chapter(title="an image that does not exist", act=_bad_image, expected="failed"),
    Chapter(title="git revert brings it back", act=_revert),
)
