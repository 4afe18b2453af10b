"""Let the steps of a case happen: one function for each kind of step."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.corpus.meantime import Meantime, pause
from tests.corpus.scene import Scene
from tests.corpus.words import Branch, Kubectl, Meanwhile, Merge, Nothing, Operator, PullRequest, Push, Queue, Tags
from tests.fakes import moving
from tests.fakes.bare import Link
from tests.fakes.nouns import Happened


def take(scene: Scene, act: Any) -> None:
    """Let one step happen."""
    STEPS[type(act)](scene, act)


def _push(scene: Scene, act: Push) -> None:
    files = _tree(scene, act.folder)
    for name, words in act.fill.items():
        content = files[name]
        assert isinstance(content, bytes), name
        for word, letters in words.items():
            assert word.encode() in content, f"{name} does not hold the word {word}"
            content = content.replace(word.encode(), b"x" * letters)
        files[name] = content
    scene.about_to_push()
    scene.pushed(scene.stage.forge.push(scene.name, act.to, files, _message(scene, act.folder), replace=True))
    if act.meanwhile:
        scene.meantime = _meanwhile(scene, act.meanwhile)


def _meanwhile(scene: Scene, act: Meanwhile) -> Meantime:
    is_there = (lambda: bool(scene.objects.find(act.when))) if act.when else None
    after = act.after if act.when else act.after - scene.elapsed()
    return Meantime(is_there, after, lambda: scene.administrator.kubectl(act.command), act.when)


def _tags(scene: Scene, act: Tags) -> None:
    bare = scene.project.bare
    commits = {
        tag: bare.commit("main", _tree(scene, folder), _message(scene, folder), replace=True)
        for tag, folder in act.folders.items()
    }
    scene.about_to_push()
    scene.tags = commits
    scene.pushed(moving.push_tags(scene.stage.forge, scene.name, commits, act.delivered))


def _branch(scene: Scene, act: Branch) -> None:
    moving.begin_branch(scene.stage.forge, scene.name, act.name)


def _pull_request(scene: Scene, act: PullRequest) -> None:
    forge, pushed = scene.stage.forge, Happened()
    scene.about_to_push()
    if act.folder is not None:
        scene.branch = act.branch or f"change-{len(scene.project.pull_requests) + 1}"
        tip = scene.project.bare.resolve(f"refs/heads/{scene.branch if act.branch else act.base}")
        files, message = _tree(scene, act.folder), _message(scene, act.folder)
        pushed = forge.push(scene.name, scene.branch, files, message, parent=tip, replace=True)
    assert scene.branch, "there is no pull request before this one"
    proposed = forge.open_pull_request(scene.name, scene.branch, act.base)
    scene.pushed(Happened(sha=proposed.sha, sent=(*pushed.sent, *proposed.sent)))


def _merge(scene: Scene, act: Merge) -> None:
    scene.about_to_push()
    scene.pushed(scene.stage.forge.merge(scene.name, act.number))


def _queue(scene: Scene, act: Queue) -> None:
    scene.about_to_push()
    scene.pushed(moving.enqueue(scene.stage.forge, scene.name, act.number))


def _operator(scene: Scene, act: Operator) -> None:
    if act.rename:
        moving.rename(scene.stage.forge, scene.name, act.rename)
        scene.name = scene.repository = act.rename
    for name, keys in act.environments.items():
        if keys is None:
            scene.environments.pop(name, None)
        else:
            scene.environments[name] = {**scene.environments.get(name, {}), **keys}
    scene.stage.reconfigure(scene.case.name, scene.repository, scene.environments)


def _kubectl(scene: Scene, act: Kubectl) -> None:
    pause(act.after - scene.elapsed() if act.after else 0)
    for command in act.commands:
        scene.administrator.kubectl(command)
    pause(act.settle)


def _nothing(scene: Scene, act: Nothing) -> None:
    """Let nothing happen."""


def _tree(scene: Scene, folder: str) -> dict[str, Any]:
    """Read a folder as a work tree; from its second time on with a file outside of `deploy` that counts."""
    root = scene.case.folder / folder
    found: dict[str, Any] = {
        str(path.relative_to(root)): _content(path)
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }
    scene.folders[folder] += 1
    if scene.folders[folder] > 1:
        found["NOTES.md"] = f"The same folder for the {scene.folders[folder]}. time.\n"
    return found


def _content(path: Path) -> bytes | Link:
    return Link(str(path.readlink())) if path.is_symlink() else path.read_bytes()


def _message(scene: Scene, folder: str) -> str:
    return f"{scene.case.name}: {folder}"


STEPS: dict[type, Callable[[Scene, Any], None]] = {
    Push: _push,
    Tags: _tags,
    Branch: _branch,
    PullRequest: _pull_request,
    Merge: _merge,
    Queue: _queue,
    Operator: _operator,
    Kubectl: _kubectl,
    Nothing: _nothing,
}
"""Each kind of step, and how it happens."""
