"""`pushboat sources lock`: write .pushboat.lock, so that everybody renders the same charts from outside."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from cli import output
from cli.sources.asked import Asked, asked_of
from cli.sources.resolving import resolve
from pushboat.config import locked, repository
from pushboat.config.locked import LOCK_NAME
from pushboat.config.repository import FILE_NAME
from pushboat.errors import InvalidRepositoryFile
from pushboat.model.outside import Locked, Outside
from pushboat.model.wording import counted

Lock = Mapping[Outside, Locked]


@click.group()
def sources() -> None:
    """Pin what renders fetch from outside of the repository."""


@sources.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True), default=".")
@click.option("--upgrade", multiple=True, metavar="NAME", help="Look again for this chart; `all` for every one.")
@click.option("--check", is_flag=True, help="Write nothing: exit 1 where the file is not as it should be.")
@output.AS_JSON
def lock(path: Path, upgrade: tuple[str, ...], *, check: bool, as_json: bool) -> int:
    """Write the .pushboat.lock of the work tree at PATH.

    What is locked already stays at its version until its range changes, or `--upgrade` names it.
    """
    asked = asked_of(path, _places(path))
    for each in asked:
        if each.wrong:
            output.say(f"{each.place}: {each.wrong}", glyph="✗")
    if any(each.wrong for each in asked):
        return 1
    before = _read(path / LOCK_NAME)
    if check:
        return _checked(asked, before)
    after = {each.outside: each for each in _pinned(asked, before, upgrade)}
    text = locked.written(after.values())
    if after or (path / LOCK_NAME).exists():
        (path / LOCK_NAME).write_text(text)
    if as_json:
        output.print_json([_json(each) for each in after.values()])
    else:
        _tell(before, after)
    return 0


def _places(root: Path) -> list[str]:
    """List the environments' paths; of a work tree without our file, all of it."""
    file = root / FILE_NAME
    if not file.is_file():
        return ["."]
    said = repository.parse(file.read_bytes()).environments.values()
    return sorted({str(each.said.get("path") or ".") for each in said})


def _read(file: Path) -> Lock:
    """Read what is locked; a file that is none is written anew."""
    try:
        return locked.parse(file.read_bytes()) if file.is_file() else {}
    except InvalidRepositoryFile as error:
        output.say(f"{error.summary}: locking everything anew", glyph="!")
        return {}


def _checked(asked: tuple[Asked, ...], before: Lock) -> int:
    missing = [each for each in asked if each.outside not in before]
    for each in missing:
        output.say(f"{each.place}: {each.outside} is not locked: run `pushboat sources lock`", glyph="✗")
    unused = set(before) - {each.outside for each in asked}
    for outside in sorted(unused):
        output.say(f"{LOCK_NAME}: nothing asks for {outside} any more: run `pushboat sources lock`", glyph="✗")
    return 1 if missing or unused else 0


def _pinned(asked: tuple[Asked, ...], before: Lock, upgrade: tuple[str, ...]) -> Iterator[Locked]:
    for outside in sorted({each.outside for each in asked if each.outside}):
        again = "all" in upgrade or outside.name in upgrade
        if outside in before and not again:
            yield before[outside]
            continue
        output.say(f"looking for {outside} …")
        yield resolve(outside)


def _tell(before: Lock, after: Lock) -> None:
    for outside, each in after.items():
        was = before.get(outside)
        change = "unchanged" if was == each else f"was {was.version}" if was else "new"
        output.data(f"{outside.name or outside.address} {each.version} {each.digest[:19]}… ({change})")
    for outside in sorted(set(before) - set(after)):
        output.data(f"{outside.name or outside.address} left")
    many = counted(len(after), "source")
    output.say(f"{many} in {LOCK_NAME}: commit it, and let your operator list {_addresses(after)}" if after else many)


def _addresses(lock: Lock) -> str:
    return ", ".join(sorted({each.address for each in lock}))


def _json(each: Locked) -> dict[str, str]:
    outside = each.outside
    said = {"kind": outside.kind, "address": outside.address, "name": outside.name, "asked": outside.asked}
    return {**said, "version": each.version, "at": each.at, "digest": each.digest}
