"""`pushboat recover --to-cluster | --from-cluster`: what is lost comes back from what is left."""

from typing import Any

import click

from cli import configuration, output
from cli.output import AS_JSON
from cli.recovering.from_cluster import from_cluster
from cli.recovering.manner import Manner
from cli.recovering.targets import Wish
from cli.recovering.to_cluster import to_cluster
from pushboat.config.durations import seconds
from pushboat.config.operator import Operator
from pushboat.model.wording import near_miss
from pushboat.routing.glass import BREAKING


def _duration(_context: click.Context, _parameter: click.Parameter, text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _reason(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    try:
        if text:
            BREAKING.read(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return text


@click.command()
@click.argument("repository", default="")
@click.option("--to-cluster", "to", is_flag=True, help="The cluster is lost: deploy the newest releases again.")
@click.option("--from-cluster", "from_", is_flag=True, help="The store is lost: rebuild it from the inventories.")
@click.option("--cluster", default="", metavar="NAME", help="Only what lies in this cluster.")
@click.option("--environment", "environments", multiple=True, metavar="NAME", help="Only environments of this name.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what it would do, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--break-glass", "glass", default="", metavar="REASON", callback=_reason, help=BREAKING.help)
@click.option("--anew", is_flag=True, help="With --from-cluster: also where the store knows of deployments.")
@click.option("--from-ref", "from_ref", is_flag=True, help="With --to-cluster: also what only `renders` still has.")
@click.option(
    "--timeout", default="60m", metavar="DURATION", show_default=True, callback=_duration, help="How long to follow it."
)
@AS_JSON
@click.pass_context
def recover(ctx: click.Context, /, repository: str, **given: Any) -> int:
    """Bring back what is lost: a cluster from the store, or the store from its clusters.

    With --to-cluster: each environment's newest release is deployed once more, as it is stored, and what it needs
    first. With --from-cluster: what each inventory in the clusters says becomes what this store knows. Exit code 0
    where all is back, 1 where something is not, and which is said, 3 when that could not be found out.
    """
    if given["to"] == given["from_"]:
        raise click.UsageError("say which is lost: --to-cluster brings a cluster back, --from-cluster the store")
    if given["from_"] and given["glass"]:
        raise click.UsageError("--break-glass goes with --to-cluster")
    if given["from_"] and given["from_ref"]:
        raise click.UsageError("--from-ref goes with --to-cluster")
    if given["to"] and given["anew"]:
        raise click.UsageError("--anew goes with --from-cluster")
    operator = configuration.load(ctx)
    wish = _wish(operator, repository, given)
    manner = Manner(
        dry=given["dry"],
        sure=given["yes"],
        as_json=given["as_json"],
        limit=given["timeout"],
        glass=given["glass"],
        anew=given["anew"],
        from_ref=given["from_ref"],
    )
    return (to_cluster if given["to"] else from_cluster)(operator, wish, manner)


def _wish(operator: Operator, repository: str, given: dict[str, Any]) -> Wish:
    """Read what is meant, and refuse what nobody has ever heard of: a slip must not recover nothing, and say done."""
    spelled = operator.spelled(repository) if repository else ""
    if repository and not spelled:
        hint = near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no repository {output.one_line(repository)}; {hint or 'none yet'}")
    if (cluster := given["cluster"]) and cluster not in operator.clusters:
        hint = near_miss(cluster, operator.clusters)
        raise click.UsageError(f"pushboat.yaml has no cluster {output.one_line(cluster)}; {hint or 'none yet'}")
    projects = [project for name, project in operator.projects.items() if spelled in ("", name)]
    for name in given["environments"]:
        meant = [limits for project in projects if (limits := project.environments.get(name))]
        if not meant:
            raise click.UsageError(f"pushboat.yaml has no environment {output.one_line(name)} there")
        if cluster and not any(limits.cluster == cluster for limits in meant):
            lies = ", ".join(sorted({limits.cluster for limits in meant}))
            raise click.UsageError(f"{output.one_line(name)} lies in cluster {lies}, and not in {cluster}")
    if cluster and not any(
        limits.cluster == cluster for each in projects for limits in each.environments.written.values()
    ):
        raise click.UsageError(f"nothing of {spelled or 'pushboat.yaml'} lies in cluster {cluster}")
    return Wish(repository=spelled or "", cluster=cluster, environments=frozenset(given["environments"]))
