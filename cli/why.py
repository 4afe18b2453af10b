"""`pushboat why KIND/NAME`: why an object is not healthy, in one sentence, and what shows it."""

from collections.abc import Iterator
from typing import Any

import click

from cli import configuration, output
from cli.output import AS_JSON
from cli.seeking import seek
from cli.there import everywhere
from pushboat.errors import ClusterRefused, Unavailable
from pushboat.model.health import Health
from pushboat.model.json_forms import log_form
from workers.cluster.examining import Examined, UnknownKind

FINE = (Health.HEALTHY, Health.UNVERIFIED)


class MayNotLook(Unavailable):
    """The account that is asked as may not read this, so nobody knows how it is doing."""


@click.command()
@click.argument("what", metavar="KIND/NAME")
@click.option("-n", "--namespace", default="", help="The object's namespace.  [default: those of the environments]")
@click.option("--cluster", default="", help="The cluster's name in pushboat.yaml, where that does not follow.")
@AS_JSON
@click.pass_context
def why(ctx: click.Context, what: str, namespace: str, cluster: str, *, as_json: bool) -> int:
    """Say why an object is not healthy, with its pods, events and last log lines.

    Without a namespace it is looked for in those that the environments of pushboat.yaml have. The cluster is asked as
    the service account of the environment that has the namespace. Exit code 0 when the object
    is Healthy or Unverified, 1 when it is not, 3 when that could not be found out.
    """
    kind, _, name = what.partition("/")
    if not kind or not name or "/" in name:
        raise click.UsageError("name the object as KIND/NAME, such as deployment/web")
    operator = configuration.load_for_reading(ctx)
    try:
        there = {} if namespace else everywhere(operator)
        found = seek(operator, there, kind, name, namespace=namespace, cluster=cluster)
    except UnknownKind as unknown:
        raise click.UsageError(unknown.summary) from unknown
    except ClusterRefused as refused:
        raise MayNotLook(refused.summary, refused.details) from refused
    if as_json:
        output.print_json(_form(found))
    else:
        for line in _lines(found):
            output.data(line)
    return 0 if found.finding.judgement.health in FINE else 1


def _form(found: Examined) -> dict[str, Any]:
    judgement = found.finding.judgement
    return {
        "ref": str(found.finding.ref),
        "health": str(judgement.health),
        "reason": judgement.reason,
        "conditions": list(found.conditions),
        "details": found.details,
        "logs": [log_form(each) for each in found.logs],
    }


def _lines(found: Examined) -> Iterator[str]:
    judgement = found.finding.judgement
    yield f"{output.look(str(judgement.health))}: {output.one_line(str(found.finding))}"
    _, _, evidence = found.details.partition("\n\n")
    if evidence:
        yield from ("", *evidence.splitlines())
    if found.conditions:
        yield from ("", "conditions:", *(f"  {output.one_line(each)}" for each in found.conditions))
    for log in found.logs:
        yield from ("", f"last lines of {output.one_line(log.heading)}:", *(f"  {line}" for line in log.lines))
