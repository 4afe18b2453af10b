"""Read a case.yaml into words. What the format does not know is refused: a misspelt promise would hold for ever."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.promises import read_promise
from tests.corpus.refusing import NotUnderstood, a_duration, a_mapping, a_text, known, texts
from tests.corpus.words import (
    Act,
    Branch,
    Case,
    Kubectl,
    Meanwhile,
    Merge,
    Nothing,
    Operator,
    PullRequest,
    Push,
    Queue,
    Step,
    Tags,
)

Json = Mapping[str, Any]


def read_case(folder: Path) -> Case:
    """Read the case in a folder.

    Raises NotUnderstood, which names the place.
    """
    data = a_mapping(yaml.safe_load((folder / "case.yaml").read_text()), "case.yaml")
    known(data, "case.yaml", "about", "forge", "repository", "forge_says", "operator", "steps")
    repository = data.get("repository", f"acme/{folder.name}")
    forge = data.get("forge", "any")
    if forge not in ("any", "github"):
        raise NotUnderstood(f"forge: {forge!r} is neither any nor github")
    if not isinstance(data.get("steps"), list) or not data["steps"]:
        raise NotUnderstood("steps: there is none")
    return Case(
        folder=folder,
        about=a_text(data.get("about"), "about"),
        forge=forge,
        repository=repository,
        forge_says=data.get("forge_says", repository),
        environments={"staging": {}, **a_mapping(data.get("operator", {}), "operator")},
        steps=tuple(_step(folder, number, each) for number, each in enumerate(data["steps"], 1)),
    )


def _step(folder: Path, number: int, data: Any) -> Step:
    data = a_mapping(data, f"step {number}")
    kind = next((kind for kind in _STEPS if kind in data), "")
    beside, read = _STEPS[kind] if kind else ((), _nothing)
    place = f"step {number} ({kind}: {data[kind]})" if kind else f"step {number}"
    known(data, place, "then", *((kind, *beside) if kind else ()))
    if not kind and "then" not in data:
        raise NotUnderstood(f"{place}: nothing happens, and nothing must hold")
    act = read(data, place)
    for each in _folders(act):
        if not (folder / each).is_dir():
            raise NotUnderstood(f"{place}: there is no folder {each}")
    then = read_promise(data["then"], f"{place}: then") if "then" in data else None
    return Step(place=place, act=act, then=then)


def _folders(act: Act) -> tuple[str, ...]:
    if isinstance(act, Tags):
        return tuple(act.folders.values())
    folder = act.folder if isinstance(act, Push | PullRequest) else None
    return (folder,) if folder is not None else ()


def _push(data: Json, place: str) -> Push:
    fill = a_mapping(data.get("fill", {}), f"{place}: fill")
    for file, words in fill.items():
        if not all(isinstance(many, int) for many in a_mapping(words, f"{place}: fill: {file}").values()):
            raise NotUnderstood(f"{place}: fill: {file}: how many letters?")
    meanwhile = _meanwhile(data["meanwhile"], f"{place}: meanwhile") if "meanwhile" in data else None
    return Push(folder=str(data["push"]), to=data.get("to", "main"), fill=fill, meanwhile=meanwhile)


def _meanwhile(data: Any, place: str) -> Meanwhile:
    data = a_mapping(data, place)
    known(data, place, "when", "after", "kubectl")
    return Meanwhile(
        command=a_text(data.get("kubectl"), f"{place}: kubectl"),
        after=a_duration(data.get("after", "0s"), f"{place}: after"),
        when=data.get("when", ""),
    )


def _tags(data: Json, place: str) -> Tags:
    folders = {str(tag): str(folder) for tag, folder in a_mapping(data["tags"], place).items()}
    delivered = texts(data.get("delivered", list(folders)), f"{place}: delivered")
    if sorted(delivered) != sorted(folders):
        raise NotUnderstood(f"{place}: delivered: each tag is delivered once")
    return Tags(folders=folders, delivered=delivered)


def _branch(data: Json, place: str) -> Branch:
    return Branch(name=a_text(data["branch"], place))


def _pull_request(data: Json, place: str) -> PullRequest:
    folder = None if data["pull_request"] == "same" else str(data["pull_request"])
    return PullRequest(folder=folder, base=data.get("base", "main"), branch=data.get("branch", ""))


def _merge(data: Json, place: str) -> Merge:
    return Merge(number=_number(data["merge"], place))


def _queue(data: Json, place: str) -> Queue:
    return Queue(number=_number(data["queue"], place))


def _operator(data: Json, place: str) -> Operator:
    environments = a_mapping(data.get("operator", {}), f"{place}: operator")
    for name, keys in environments.items():
        if keys is not None:
            a_mapping(keys, f"{place}: operator: {name}")
    return Operator(environments=environments, rename=str(data.get("rename", "")))


def _kubectl(data: Json, place: str) -> Kubectl:
    commands = data["kubectl"]
    return Kubectl(
        commands=texts([commands] if isinstance(commands, str) else commands, place),
        after=a_duration(data.get("after", "0s"), f"{place}: after"),
        settle=a_duration(data.get("settle", "0s"), f"{place}: settle"),
    )


def _nothing(data: Json, place: str) -> Nothing:
    return Nothing()


def _number(value: Any, place: str) -> int:
    if not re.fullmatch(r"[1-9]\d*", str(value)):
        raise NotUnderstood(f"{place}: which pull request, counted from 1?")
    return int(value)


_STEPS: dict[str, tuple[tuple[str, ...], Callable[[Json, str], Act]]] = {
    "push": (("to", "fill", "meanwhile"), _push),
    "tags": (("delivered",), _tags),
    "pull_request": (("base", "branch"), _pull_request),
    "branch": ((), _branch),
    "merge": ((), _merge),
    "queue": ((), _queue),
    "rename": (("operator",), _operator),
    "operator": ((), _operator),
    "kubectl": (("after", "settle"), _kubectl),
}
"""Each step's key, the keys that may stand beside it, and how it is read; a key that is both comes later."""
