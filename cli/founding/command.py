"""`pushboat init`: look through the work tree, write what is not there yet, and say what the operator adds."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import click

from cli import configuration, output
from cli.founding.leaving_out import with_exclude
from cli.founding.looking import Found, look
from cli.founding.naming import cluster_of, repository_of
from cli.founding.writing import operators_lines, repository_file
from cli.worktree import folders_below
from pushboat.config import repository as repositorys_file
from pushboat.config.operator import Operator
from pushboat.config.repository import FILE_NAME
from pushboat.errors import InvalidRepositoryFile
from pushboat.model.wording import counted, listed

DEFAULT_BRANCHES = ("main", "master")
GIT_SECONDS = 10


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True), default=".")
@click.pass_context
def init(ctx: click.Context, path: Path) -> int:
    """Write a .pushboat.yaml for the repository at PATH from what is in it, and print the operator's lines.

    A file that is there is left as it is: what it lacks is printed.
    """
    top = _git(path, "rev-parse", "--show-toplevel")
    if _git(path, "rev-parse", "--is-bare-repository") == "true":
        raise click.UsageError(f"{path} is a bare repository, without files: name a clone of it")
    if not top:
        raise click.UsageError(f"{path} is in no git repository: run `git init` there first, or name another PATH")
    root = Path(top)
    found = with_exclude(root, look(root))
    if not found:
        output.say(f"no kustomization, no chart and no manifests under {root}: nothing to deploy yet", glyph="✗")
        return 1
    operator = _operator(ctx)
    file, branch = root / FILE_NAME, _branch(root)
    if file.is_symlink() or (file.exists() and not file.is_file()):
        output.say(f"{file} is a link or a folder, and Pushboat reads a file there: remove it", glyph="✗")
        return 1
    code = _add(file, found, branch) if file.exists() else _write(file, found, branch)
    if code is not None:
        _tell_operator(found, operator, _git(root, "remote", "get-url", "origin"), root)
    return 1 if code is None else code


def _operator(ctx: click.Context) -> Operator | None:
    """Read the operator's file where one was named or is here: what it calls forge and cluster is printed."""
    named = ctx.find_root().obj is not None
    return configuration.load_for_reading(ctx) if named or configuration.path(ctx).exists() else None


def _tell_operator(found: Sequence[Found], operator: Operator | None, origin: str, root: Path) -> None:
    repository = repository_of(operator, origin, root)
    project = operator.projects.get(repository) if operator else None
    lacking = [each for each in found if project is None or each.name not in project.environments]
    if not lacking:
        output.say(f"pushboat.yaml has {repository} with all of it", glyph="✔")
        return
    there = bool(operator and operator.projects)
    place = "below `projects` of pushboat.yaml" if there else "to pushboat.yaml"
    output.say(f"next: the operator adds this {place}, with names of forge and cluster that it has:")
    output.data(operators_lines(lacking, repository, cluster_of(operator), beside_others=there).rstrip())


def _write(file: Path, found: Sequence[Found], branch: str) -> int:
    text = repository_file(found, branch)
    repositorys_file.parse(text)
    file.write_text(text)
    names = listed(each.name for each in found)
    output.say(f"{file} has {counted(len(found), 'environment')}: {names}", glyph="✔")
    output.say("next: read it, then commit it")
    return 0


def _add(file: Path, found: Sequence[Found], branch: str) -> int | None:
    """Say what a file lacks, or what is wrong with it (None: so wrong that nothing else helps)."""
    try:
        read = repositorys_file.parse(file.read_bytes(), str(file))
        there = repositorys_file.expanded(read, folders_below(file.parent)).environments
    except InvalidRepositoryFile as invalid:
        output.say(f"{file} is there, and has mistakes: it is left as it is", glyph="✗")
        for mistake in invalid.mistakes:
            output.say(f"  {mistake}")
        return None
    paths = {str(definition.said.get("path", "")) for definition in there.values()}
    if gone := sorted(path for path in paths if path and not (file.parent / path).exists()):
        output.say(f"{file} is there, and names what is not: {listed(gone)}: correct the path, or create it", glyph="✗")
        return None
    missing: tuple[Found, ...] = tuple(each for each in found if each.name not in there and each.path not in paths)
    if not missing:
        output.say(f"{file} is there, and has everything that was found", glyph="✔")
        return 0
    output.say(f"{file} is there, and is left as it is; it could have this too:", glyph="!")
    output.data(repository_file(missing, branch).rstrip())
    return 1


def _branch(root: Path) -> str:
    """Give the main branch as the remote says, or by its usual names, or else the one that is checked out."""
    told = _git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD").removeprefix("origin/")
    there = _git(root, "for-each-ref", "--format=%(refname:lstrip=-1)", "refs/heads", "refs/remotes").split()
    usual = next((name for name in DEFAULT_BRANCHES if name in there), "")
    return told or usual or _git(root, "symbolic-ref", "--short", "HEAD") or DEFAULT_BRANCHES[0]


def _git(folder: Path, *words: str) -> str:
    """Ask git, and get nothing where it does not know."""
    done = subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=GIT_SECONDS, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""
