"""`pushboat open`: the page of the dashboard, of an environment or of a deployment, in the browser."""

import sys
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

import click

from cli import configuration, elsewhere, output
from cli.elsewhere import Elsewhere, Json, NotThere
from cli.numbering import NoSuchDeployment, Number, deployment_of, number_there
from cli.opening import opened_store
from cli.reading import environments
from pushboat.errors import PushboatError
from pushboat.model.wording import some

DEPLOYMENT = Number("deployment", "pushboat history")


class NoPage(PushboatError):
    """What is named as the page's address is none that a browser should be given."""


@click.command("open")
@click.argument("what", metavar="[ID|REPOSITORY]", default="")
@click.argument("environment", default="")
@click.option("--browser/--no-browser", default=True, help="Open it on a terminal, or only print it.")
@click.pass_context
def open_(ctx: click.Context, what: str, environment: str, *, browser: bool) -> None:
    """Open the dashboard, or the page of a repository, an environment, or a deployment by its number.

    The address is printed, too.
    """
    there = elsewhere.named()
    base = there.url if there else configuration.load_for_reading(ctx).public_url.rstrip("/")
    if not what:
        address = f"{base}/"
    elif "/" in what:
        address = f"{base}{_place(environments(ctx, there, what).items, environment)}"
    else:
        number = DEPLOYMENT.convert(what, None, ctx)
        address = _of_deployment(ctx, there, number, base)
    if urlsplit(address).scheme not in ("http", "https"):
        raise NoPage(f"{output.one_line(address)} is no address of a page")
    output.data(output.one_line(address))
    if browser and sys.stdout.isatty():
        click.launch(address)


def _place(rows: Sequence[Json], environment: str) -> str:
    """Give the path of a repository's page, or of one of its environments."""
    repository = rows[0]["repository"] if rows else ""
    if not environment:
        return f"/?repository={quote(repository)}"
    names = [row["environment"] for row in rows]
    if environment not in names:
        listed = ", ".join(some(sorted(names))) or "none yet"
        raise click.UsageError(f"there is no environment {output.one_line(environment)}; there are: {listed}")
    return f"/environments/{quote(repository)}/{quote(environment, safe='')}"


def _of_deployment(ctx: click.Context, there: Elsewhere | None, number: int, base: str) -> str:
    if there is None:
        with opened_store(configuration.load_for_reading(ctx)) as store:
            return f"{base}{deployment_of(store, number).path}"
    found = number_there(there, number)
    try:
        kind = there.get(f"deployments/{found}").form["kind"]
    except NotThere as gone:
        raise NoSuchDeployment(f"{gone.summary}; `pushboat history` lists those there are") from gone
    return f"{base}/{'plans' if kind == 'plan' else 'deployments'}/{found}"
