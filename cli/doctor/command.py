"""`pushboat doctor`: every check there is, from the file to the forges."""

from collections.abc import Iterator

import click

from cli import configuration, elsewhere
from cli.doctor import afar
from cli.doctor.charts import check_charts
from cli.doctor.clusters import check_clusters
from cli.doctor.decryption import check_decryption
from cli.doctor.disk import check_disk
from cli.doctor.drift import check_drift
from cli.doctor.environments import check_environments
from cli.doctor.forges import check_public_url, check_secrets_in_use
from cli.doctor.holds import check_holds
from cli.doctor.left_behind import check_left_behind
from cli.doctor.machine import check_machine, check_state
from cli.doctor.missed import check_missed
from cli.doctor.patterns import check_patterns
from cli.doctor.receivers import check_receivers
from cli.doctor.report import report
from cli.doctor.repositories import check_repositories
from cli.doctor.running import check_running
from cli.doctor.settings import check_deployers, check_pages, check_proxies, check_secrets
from cli.doctor.signers import check_signers
from cli.output import AS_JSON
from pushboat.errors import ConfigurationError
from workers.checks.forges import check_forges
from workers.checks.words import Line, failed, passed, skipped


@click.command()
@AS_JSON
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> int:
    """Check configuration, machine, processes, clusters and forges, and say how to fix what is wrong.

    With PUSHBOAT_URL: the way to that Pushboat, and what it finds of itself as far as the token sees.

    Exit code 1 when something is wrong, 3 when something could not be found out.
    """
    there = elsewhere.named()
    return report(afar.lines(there) if there else _lines(ctx), as_json=as_json)


def _lines(ctx: click.Context) -> Iterator[Line]:
    yield from check_machine()
    file = configuration.path(ctx)
    try:
        operator = configuration.load(ctx)
    except configuration.NoFile as error:
        yield failed("configuration", error.message, error.fix)
    except ConfigurationError as error:
        for mistake in error.mistakes:
            yield failed("configuration", str(mistake), f"edit {mistake.file}, line {mistake.line}")
    else:
        yield passed("configuration", f"{file} has no mistakes")
        yield from check_secrets(operator)
        yield from check_deployers(operator)
        yield from check_signers(operator)
        yield from check_decryption(operator)
        yield from check_pages(operator)
        yield from check_public_url(operator)
        yield from check_proxies(operator)
        yield from check_charts(operator)
        yield from check_state(operator)
        yield from check_disk(operator)
        yield from check_running(operator)
        yield from check_left_behind(operator)
        yield from check_holds(operator)
        yield from check_repositories(operator)
        yield from check_patterns(operator)
        yield from check_clusters(operator)
        yield from check_drift(operator)
        yield from check_forges(operator, list(operator.projects))
        yield from check_receivers(operator)
        yield from check_missed(operator, list(operator.projects))
        yield from check_environments(operator)
        yield from check_secrets_in_use(operator)
        return
    yield skipped("everything else", "needs a configuration without mistakes")
