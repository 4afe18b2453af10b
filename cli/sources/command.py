"""`pushboat sources lock`: write .pushboat.lock, so that everybody renders the same from outside."""

from collections.abc import Mapping
from pathlib import Path

import click

from cli import output
from cli.sources.asked import Asked
from cli.sources.bases import resolve_base, resolve_file
from cli.sources.reaching import Reached, reach
from cli.sources.resolving import resolve
from cli.worktree import folders_below
from pushboat.config import locked, repository
from pushboat.config.locked import LOCK_NAME
from pushboat.config.repository import FILE_NAME
from pushboat.errors import InvalidRepositoryFile
from pushboat.model.outside import BASE, CHART, Locked, Outside
from pushboat.model.wording import counted

Lock = Mapping[Outside, Locked]


@click.group()
def sources() -> None:
    """Pin what renders fetch from outside of the repository."""


@sources.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True), default=".")
@click.option("--upgrade", multiple=True, metavar="NAME", help="Look again for this one; `all` for every one.")
@click.option("--check", is_flag=True, help="Write nothing: exit 1 where the file is not as it should be.")
@output.AS_JSON
def lock(path: Path, upgrade: tuple[str, ...], *, check: bool, as_json: bool) -> int:
    """Write the .pushboat.lock of the work tree at PATH.

    What is locked already stays at its version until its range changes, or `--upgrade` names it.
    """
    before = _read(path / LOCK_NAME)
    reached = reach(path, _places(path), lambda asked: _pinned(asked, before, upgrade, check=check))
    for each in reached.wrong:
        output.say(f"{each.place}: {each.wrong}", glyph="✗")
    if reached.wrong:
        return 1
    if check:
        return _checked(reached, before)
    after = reached.lock
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
    said = repository.expanded(repository.parse(file.read_bytes()), folders_below(root)).environments.values()
    return sorted({str(each.said.get("path") or ".") for each in said})


def _read(file: Path) -> Lock:
    """Read what is locked; a file that is none is written anew."""
    try:
        return locked.parse(file.read_bytes()) if file.is_file() else {}
    except InvalidRepositoryFile as error:
        output.say(f"{error.summary}: locking everything anew", glyph="!")
        return {}


def _checked(reached: Reached, before: Lock) -> int:
    for each in reached.missing:
        output.say(f"{each.place}: {each.outside} is not locked: run `pushboat sources lock`", glyph="✗")
    unused = set(before) - set(reached.lock)
    for outside in sorted(unused):
        output.say(f"{LOCK_NAME}: nothing asks for {outside} any more: run `pushboat sources lock`", glyph="✗")
    return 1 if reached.missing or unused else 0


def _pinned(asked: Asked, before: Lock, upgrade: tuple[str, ...], *, check: bool) -> Locked | None:
    """Give what is locked already, or look for it; nothing is looked for where the file is only checked."""
    outside = asked.outside
    assert outside is not None, "who asks for nothing is told before"
    again = "all" in upgrade or outside.name in upgrade or outside.address in upgrade
    if outside in before and (check or not again):
        return before[outside]
    if check:
        return None
    output.say(f"looking for {outside} …")
    if outside.kind == CHART:
        return resolve(outside)
    return resolve_base(outside, asked.url) if outside.kind == BASE else resolve_file(outside)


def _tell(before: Lock, after: Lock) -> None:
    for outside, each in after.items():
        was = before.get(outside)
        change = "unchanged" if was == each else f"was {was.version or was.digest[:19]}" if was else "new"
        shown = " ".join(part for part in (outside.name or outside.address, outside.asked, each.version) if part)
        output.data(f"{shown} {each.digest[:19]}… ({change})")
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
