"""`pushboat plan REPOSITORY ENVIRONMENT --here`: what a push of this work tree would change. Nothing is written."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from cli import configuration, output
from cli.changes import changed
from cli.checking.snapshot import snapshot
from cli.here.planning import Planned, planned
from cli.here.rendering import Files
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.config.operator import Operator
from pushboat.errors import NotYetSupported
from pushboat.model import wording
from pushboat.model.changeset import Action
from pushboat.model.deployment import Lane
from pushboat.model.json_forms import change_form
from workers.cluster.client.connection import connect
from workers.running.keys import known_key

NO = 1
_ELSEWHERE = "not yet supported on the command line without --here: comment `/deploy plan` on a pull request"


@click.command()
@click.argument("repository")
@click.argument("environment")
@click.option("--here", is_flag=True, help="Plan the files of a work tree as they are, committed or not.")
@click.option(
    "--checkout",
    type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True),
    default=".",
    show_default=True,
    help="With --here: the work tree.",
)
@AS_JSON
@click.pass_context
def plan(ctx: click.Context, repository: str, environment: str, *, here: bool, checkout: Path, as_json: bool) -> int:
    """Say what a push of this work tree would change in an environment, by the operator's file and rights of here.

    What git ignores is left out; what is not staged is in. The cluster tries each object and keeps nothing; nothing is
    committed, stored or told to anybody. Exit code 0 where a push would be accepted, 1 where it would be refused, 3
    when that could not be found out.
    """
    if not here:
        raise NotYetSupported(_ELSEWHERE)
    operator = configuration.load_for_reading(ctx)
    lane = _lane(operator, repository, environment)
    limits = operator.limits(lane.repository, environment)
    if limits is None:
        project = operator.projects[lane.repository].environments
        why = project.refusal(environment) or wording.near_miss(environment, project.written)
        raise click.UsageError(f"pushboat.yaml does not allow environment {output.one_line(environment)} here; {why}")
    with ExitStack() as open_until_the_end:
        store = open_until_the_end.enter_context(opened_store(operator))
        scratch = Path(open_until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="pushboat-plan-")))
        cluster = connect(operator.clusters[limits.cluster], limits.service_account, rules=operator.health)
        open_until_the_end.callback(cluster.close)
        files = Files(
            operator=operator,
            store=store,
            lane=lane,
            limits=limits,
            made=snapshot(checkout, scratch),
            cluster=cluster,
            scratch=scratch,
            key=operator.encryption_key or known_key(operator.state / "encryption-key"),
        )
        found = planned(files)
    if as_json:
        output.print_json(_form(found))
    else:
        _tell(found)
    return NO if found.refused else 0


def _lane(operator: Operator, repository: str, environment: str) -> Lane:
    spelled = operator.spelled(repository)
    if not spelled:
        hint = wording.near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no repository {output.one_line(repository)}; {hint or 'none yet'}")
    return Lane(repository=spelled, environment=environment)


def _form(found: Planned) -> dict[str, Any]:
    return {
        "verdict": "refused" if found.refused else "accepted",
        "sentence": found.sentence,
        "details": wording.unbold(found.details),
        "changes": [change_form(each) for each in found.changes.changes],
        "notes": list(found.lines),
    }


def _tell(found: Planned) -> None:
    for line in _lines(found):
        output.data(line)
    output.say(output.one_line(found.sentence), glyph="✗" if found.refused else "✔")
    if found.refused:
        output.say("a push of this would be refused; nothing was written")


def _lines(found: Planned) -> Iterator[str]:
    yield from changed(each for each in found.changes.changes if each.action is not Action.UNCHANGED)
    yield from (f"- {output.one_line(line)}" for line in found.lines)
    if found.details:
        yield from wording.unbold(found.details).splitlines()
