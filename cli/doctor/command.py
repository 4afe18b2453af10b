"""`pushboat doctor`: every check there is, from the file to the forges."""

from collections.abc import Callable, Generator, Iterable, Iterator

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
from cli.doctor.letters import check_letters
from cli.doctor.machine import check_machine, check_state
from cli.doctor.missed import check_missed
from cli.doctor.patterns import check_patterns
from cli.doctor.readers import check_readers
from cli.doctor.receivers import check_receivers
from cli.doctor.report import coded, report
from cli.doctor.repositories import check_repositories
from cli.doctor.running import check_running
from cli.doctor.settings import check_deployers, check_pages, check_proxies, check_secrets
from cli.doctor.signers import check_signers
from cli.doctor.traces import check_traces
from cli.output import AS_JSON
from pushboat.config.operator import Operator
from pushboat.errors import ConfigurationError, StoreDamaged
from pushboat.store.database.moving import StoreMoved
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


CHECKS: tuple[tuple[str, Callable[[Operator], Iterable[Line]]], ...] = (
    ("doctor-secrets", check_secrets),
    ("doctor-readers", check_readers),
    ("doctor-deployers", check_deployers),
    ("doctor-signers", check_signers),
    ("doctor-decryption", check_decryption),
    ("doctor-pages", check_pages),
    ("doctor-public-url", check_public_url),
    ("doctor-proxies", check_proxies),
    ("doctor-charts", check_charts),
    ("doctor-state", check_state),
    ("doctor-disk", check_disk),
    ("doctor-running", check_running),
    ("doctor-left-behind", check_left_behind),
    ("doctor-holds", check_holds),
    ("doctor-repositories", check_repositories),
    ("doctor-patterns", check_patterns),
    ("doctor-clusters", check_clusters),
    ("doctor-drift", check_drift),
    ("doctor-forges", lambda operator: check_forges(operator, list(operator.projects))),
    ("doctor-letters", check_letters),
    ("doctor-receivers", check_receivers),
    ("doctor-traces", check_traces),
    ("doctor-missed", lambda operator: check_missed(operator, list(operator.projects))),
    ("doctor-environments", check_environments),
    ("doctor-secrets-in-use", check_secrets_in_use),
)
"""What needs a configuration without mistakes, in this order, each with the code that explains it."""


def _lines(ctx: click.Context) -> Iterator[Line]:
    yield from coded("doctor-machine", check_machine())
    configured = yield from _of_configuration(ctx)
    if configured is None:
        yield skipped("everything else", "needs a configuration without mistakes")
        return
    told = False
    for code, check in CHECKS:
        try:
            yield from coded(code, check(configured))
        except (StoreDamaged, StoreMoved) as error:  # what needs no store is looked at all the same
            if not told:
                yield from coded("doctor-running", [failed("store", error.summary, _way_back(error))])
            told = True


def _way_back(error: StoreDamaged | StoreMoved) -> str:
    """Name the command that leads on from a store that nobody may use."""
    if isinstance(error, StoreMoved):
        return "pushboat db reopen  # or: name the new one under `store` in pushboat.yaml, and start Pushboat again"
    return "pushboat explain store-damaged"


def _of_configuration(ctx: click.Context) -> Generator[Line, None, Operator | None]:
    """Say what is wrong with the operator's file, and give it where nothing is."""
    code, file = "doctor-configuration", configuration.path(ctx)
    try:
        operator = configuration.load(ctx)
    except configuration.NoFile as error:
        yield from coded(code, [failed("configuration", error.message, error.fix)])
    except ConfigurationError as error:
        for mistake in error.mistakes:
            line = failed("configuration", str(mistake), f"edit {mistake.file}, line {mistake.line}")
            yield from coded(code, [line])
    else:
        yield from coded(code, [passed("configuration", f"{file} has no mistakes")])
        return operator
    return None
