"""`pushboat init`: look through the work tree, write what is not there yet, and say what the operator adds."""

import re
import subprocess
from pathlib import Path

import click

from cli import output
from cli.founding.looking import Findings, Found, look
from cli.founding.writing import operators_lines, repository_file
from pushboat.config import repository as repositorys_file
from pushboat.config.repository import FILE_NAME
from pushboat.errors import InvalidRepositoryFile
from pushboat.model.wording import counted, listed

DEFAULT_BRANCH, UNKNOWN_FORGE, SOME_CLUSTER = "main", "github", "dev"
GIT_SECONDS = 10
_ORIGIN = re.compile(
    r"^(?:[a-z+]+://(?:[^/@]*@)?|(?:[^/@:]+@)?)(?P<host>[^/:]+)(?::\d+)?[/:](?P<path>.+?)(?:\.git)?/*$"
)


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True), default=".")
def init(path: Path) -> int:
    """Write a .pushboat.yaml for the repository at PATH from what is in it, and print the operator's lines.

    A file that is there is left as it is: what it lacks is printed.
    """
    top = _git(path, "rev-parse", "--show-toplevel")
    if _git(path, "rev-parse", "--is-bare-repository") == "true":
        raise click.UsageError(f"{path} is a bare repository, without files: name a clone of it")
    if not top:
        raise click.UsageError(f"{path} is in no git repository: run `git init` there first, or name another PATH")
    root = Path(top)
    findings = look(root)
    for chart in findings.charts:
        output.say(
            f"{chart} is a Helm chart, which this version does not deploy: render it into the repository", glyph="!"
        )
    if not findings.found:
        output.say(f"no kustomization and no manifests under {root}: nothing to deploy yet", glyph="✗")
        return 1
    file, branch = root / FILE_NAME, _branch(root)
    code = _add(file, findings, branch) if file.exists() else _write(file, findings, branch)
    output.say("next: the operator adds this to pushboat.yaml, with one of its clusters and its name of the forge:")
    output.data(operators_lines(findings.found, _name_of(root), SOME_CLUSTER).rstrip())
    return code


def _write(file: Path, findings: Findings, branch: str) -> int:
    text = repository_file(findings.found, branch)
    repositorys_file.parse(text)
    file.write_text(text)
    names = listed(each.name for each in findings.found)
    output.say(f"{file} has {counted(len(findings.found), 'environment')}: {names}", glyph="✔")
    output.say("next: read it, then commit it")
    return 0


def _add(file: Path, findings: Findings, branch: str) -> int:
    try:
        there = repositorys_file.parse(file.read_bytes(), str(file)).environments
    except InvalidRepositoryFile as invalid:
        output.say(f"{file} is there, and has mistakes: it is left as it is", glyph="✗")
        for mistake in invalid.mistakes:
            output.say(f"  {mistake}")
        return 1
    paths = {definition.said.get("path") for definition in there.values()}
    missing: tuple[Found, ...] = tuple(
        each for each in findings.found if each.name not in there and each.path not in paths
    )
    if not missing:
        output.say(f"{file} is there, and has everything that was found", glyph="✔")
        return 0
    output.say(f"{file} is there, and is left as it is; it could have this too:", glyph="!")
    output.data(repository_file(missing, branch).rstrip())
    return 1


def _branch(root: Path) -> str:
    """Give the remote's main branch, or else the one that is checked out."""
    told = _git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD").removeprefix("origin/")
    return told or _git(root, "symbolic-ref", "--short", "HEAD") or DEFAULT_BRANCH


def _name_of(root: Path) -> str:
    """Name the repository as the operator's file would, where the forge is called by its kind."""
    origin = _ORIGIN.match(_git(root, "remote", "get-url", "origin"))
    if origin is None:
        return f"{UNKNOWN_FORGE}/{root.name}"
    host = origin["host"].lower()
    forge = next((kind for kind in ("github", "gitlab", "gitea", "forgejo") if kind in host), UNKNOWN_FORGE)
    return f"{forge}/{origin['path'].strip('/')}"


def _git(folder: Path, *words: str) -> str:
    """Ask git, and get nothing where it does not know."""
    done = subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=GIT_SECONDS, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""
