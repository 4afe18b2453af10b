"""`pushboat why KIND/NAME`: why an object is not healthy, in one sentence, and what shows it."""

from dataclasses import replace

import click

from cli import configuration, elsewhere, output, telling
from cli.known_environments import everywhere
from cli.output import AS_JSON
from cli.telling import asked
from pushboat.model.question import Told
from workers.questions.why import told_of
from workers.questions.why import why as why_
from workers.questions.words import Unclear


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
    if there := elsewhere.named():
        named = {"object": what, "namespace": namespace, "cluster": cluster}
        arguments = {name: value for name, value in named.items() if value}
        return _tell(asked(there, {"word": "why", "arguments": arguments}), as_json=as_json)
    operator = configuration.load_for_reading(ctx)
    places = {} if namespace else everywhere(operator)
    try:
        found = why_(operator, places, what, namespace=namespace, cluster=cluster)
    except Unclear as unclear:
        raise click.UsageError(unclear.summary) from unclear
    return _tell(told_of(found), as_json=as_json)


def _tell(told: Told, *, as_json: bool) -> int:
    """Print it, its health with the shape that it has everywhere."""
    first, *more = told.lines or ("",)
    health, colon, rest = first.partition(":")
    looked = f"{output.look(health)}{colon}{rest}"
    return telling.tell(replace(told, lines=(looked, *more) if told.lines else ()), as_json=as_json)
