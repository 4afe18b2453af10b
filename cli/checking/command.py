"""`pushboat check`: what a commit of this work tree would be refused for, before there is one. No cluster is asked."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from cli import configuration, output
from cli.checking.looking import FETCHES_NOTHING, Looked, allowing_all, fetching, file_of, look
from cli.checking.snapshot import snapshot
from cli.output import AS_JSON
from pushboat.config.operator import Operator, Project
from pushboat.config.repository import FILE_NAME, RepositoryFile
from pushboat.errors import DeploymentFailed, InvalidRepositoryFile
from pushboat.model.wording import counted, near_miss, unbold

NO, COULD_NOT_FIND_OUT = 1, 3
FENCED = "not looked at: schemas, rights, and what the cluster has"
UNFENCED = f"{FENCED}; nor what the operator's file allows: that takes --repository"


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True), default=".")
@click.option("-e", "--environment", "only", multiple=True, metavar="NAME", help="Only this one; may be repeated.")
@click.option("--repository", default="", help="Check against what pushboat.yaml allows this one (<forge>/<path>).")
@click.option("--fetch", is_flag=True, help="Fetch what .pushboat.lock pins from outside of the repository.")
@AS_JSON
@click.pass_context
def check(ctx: click.Context, /, path: Path, only: tuple[str, ...], *, as_json: bool, **options: Any) -> int:
    """Check the repository around PATH as a commit of it would be: its .pushboat.yaml, and all that it renders.

    What git ignores is not looked at; what is not staged is. Nothing is staged or written. Exit code 0 when every
    environment renders, 1 when one would be refused, 3 when one could not be looked at here.
    """
    operator = configuration.load_for_reading(ctx) if options["repository"] else None
    project = _project(operator, options["repository"]) if operator else None
    with tempfile.TemporaryDirectory(prefix="pushboat-check-") as folder:
        scratch = Path(folder)
        made = snapshot(path, scratch)
        try:
            file = file_of(made)
            allowed = project or allowing_all(file)
            _demand(only, file)
            sources = operator.sources if operator else None
            supply = fetching(made, sources, scratch) if options["fetch"] else FETCHES_NOTHING
            found = list(_told(look(made, allowed, file, supply, scratch, only), quiet=as_json))
        except InvalidRepositoryFile as wrong:
            return _refused([str(mistake) for mistake in wrong.mistakes], as_json=as_json)
        except DeploymentFailed as wrong:
            return _refused([wrong.summary], as_json=as_json)
    if as_json:
        output.print_json({"items": [_form(each) for each in found], "mistakes": []})
    else:
        _sum_up(found, FENCED if operator else UNFENCED)
    return (
        NO if any(each.mistake for each in found) else COULD_NOT_FIND_OUT if any(each.unknown for each in found) else 0
    )


def _project(operator: Operator, repository: str) -> Project:
    spelled = operator.spelled(repository)
    if not spelled:
        hint = near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no repository {output.one_line(repository)}; {hint or 'none yet'}")
    return operator.projects[spelled]


def _demand(only: Sequence[str], file: RepositoryFile) -> None:
    for name in only:
        if name not in file.environments:
            hint = near_miss(name, file.environments)
            raise click.UsageError(f"{FILE_NAME} has no environment {output.one_line(name)}; {hint}")


def _told(found: Iterator[Looked], *, quiet: bool) -> Iterator[Looked]:
    """Say each as it is found: a large repository takes its time."""
    for each in found:
        if not quiet:
            for line in _lines(each):
                output.data(line)
        yield each


def _lines(each: Looked) -> Iterator[str]:
    name = output.one_line(each.environment)
    if each.mistake:
        yield f"{_mark('✗', 'red')} {name}: {output.one_line(each.mistake.summary)}"
        yield from (f"    {output.one_line(line)}" for line in unbold(each.mistake.details).splitlines())
    elif each.unknown:
        yield f"{_mark('?', 'magenta')} {name}: {output.one_line(each.unknown)}"
    else:
        yield f"{_mark('✔', 'green')} {name}: {counted(each.objects, 'object')} from {each.path} ({each.engine})"
    yield from (f"    {output.one_line(note)}" for note in each.notes)


def _mark(glyph: str, colour: str) -> str:
    return output.painted(glyph, colour, sys.stdout)


def _refused(mistakes: Sequence[str], *, as_json: bool) -> int:
    if as_json:
        output.print_json({"items": [], "mistakes": list(mistakes)})
        return NO
    for mistake in mistakes:
        output.data(f"{_mark('✗', 'red')} {output.one_line(mistake)}")
    output.say("nothing of this commit would be deployed")
    return NO


def _sum_up(found: Sequence[Looked], rest: str) -> None:
    wrong, unknown = sum(each.mistake is not None for each in found), sum(bool(each.unknown) for each in found)
    many = counted(len(found), "environment")
    if wrong:
        output.say(f"{wrong} of {many} would be refused")
    elif unknown:
        output.say(f"{unknown} of {many} could not be looked at here")
    else:
        output.say(f"{many}, no mistake found" if found else f"no environment of {FILE_NAME} has a path")
    output.say(rest)


def _form(each: Looked) -> dict[str, Any]:
    mistake = each.mistake
    return {
        "environment": each.environment,
        "path": each.path,
        "verdict": "refused" if mistake else "unknown" if each.unknown else "renders",
        "reason": mistake.summary if mistake else each.unknown,
        "details": unbold(mistake.details) if mistake else "",
        "objects": each.objects,
        "engine": each.engine,
        "notes": list(each.notes),
    }
