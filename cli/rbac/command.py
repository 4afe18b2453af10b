"""`pushboat rbac REPOSITORY ENVIRONMENT`: print the least rights that it needs, to be granted with kubectl."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from cli import configuration, output
from cli.known_environments import everywhere
from cli.rbac.kinds import asking, of_what_runs, of_work_tree, with_more
from cli.rbac.writing import Subject, Wanted, headed, manifests
from pushboat.config.operator import Limits, Operator
from pushboat.model.deployment import Lane
from pushboat.model.wording import listed, near_miss
from workers.cluster.inventory.words import Owner, name_for
from workers.cluster.rights import needs

PUSHBOAT = "pushboat/pushboat"
"""The account that deploy/kustomize gives it."""
COULD_NOT_FIND_OUT = 3


@click.command()
@click.argument("repository", default="")
@click.argument("environment", default="")
@click.option("--all", "everything", is_flag=True, help="Print those of every environment of one cluster.")
@click.option("--cluster", default="", help="With --all: which one.")
@click.option("--here", is_flag=True, help="For the kinds that a work tree renders.")
@click.option(
    "--checkout",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    show_default=True,
    help="With --here: the work tree.",
)
@click.option("--kind", "kinds", multiple=True, metavar="KIND[.GROUP]", help="For this kind too.")
@click.option(
    "--account",
    default=PUSHBOAT,
    show_default=True,
    metavar="NAMESPACE/NAME",
    help="Pushboat's own account at the cluster; a user where there is no slash in it.",
)
@click.pass_context
def rbac(ctx: click.Context, /, repository: str, environment: str, **options: Any) -> int:
    """Print the least rights that an environment needs at its cluster, as manifests for `kubectl apply -f -`.

    They are for the kinds of the release that runs there, or of a work tree with --here; where nothing was deployed
    yet, for those that most people have. Nothing is granted, and the cluster is asked only how it calls kinds that
    are not of Kubernetes itself.
    """
    operator = configuration.load_for_reading(ctx)
    chosen = _chosen(operator, repository, environment, options)
    unknown = list[str]()
    first = True
    for lane, limits in chosen:
        for text in _written(operator, lane, limits, options, unknown):
            output.data(text.rstrip() if first else f"---\n{text.rstrip()}")
            first = False
    if unknown:
        what = listed(sorted({*unknown}))
        output.say(f"{what}: how the cluster calls it is not known here; name it in a rule of your own", glyph="!")
    return COULD_NOT_FIND_OUT if unknown else 0


def _chosen(
    operator: Operator, repository: str, environment: str, options: Mapping[str, Any]
) -> Sequence[tuple[Lane, Limits]]:
    if options["everything"]:
        if repository:
            raise click.UsageError("--all stands for every environment: name none beside it")
        return _all(operator, options)
    if not repository or not environment:
        raise click.UsageError("name REPOSITORY and ENVIRONMENT, or say --all")
    spelled = operator.spelled(repository)
    limits = operator.limits(spelled, environment) if spelled else None
    if limits is None:
        known = operator.projects[spelled].environments.written if spelled else operator.projects
        what = f"environment {output.one_line(environment)} of {output.one_line(repository)}"
        hint = near_miss(environment if spelled else repository, known)
        raise click.UsageError(f"pushboat.yaml has no {what}; {hint or 'none yet'}")
    return [(Lane(repository=spelled, environment=environment), limits)]


def _all(operator: Operator, options: Mapping[str, Any]) -> Sequence[tuple[Lane, Limits]]:
    if options["here"]:
        raise click.UsageError("--here is about one environment: name it")
    wanted = options["cluster"]
    if not wanted and len(operator.clusters) > 1:
        raise click.UsageError(f"name one of the clusters {listed(operator.clusters)} with --cluster")
    if wanted and wanted not in operator.clusters:
        raise click.UsageError(f"pushboat.yaml has no cluster {output.one_line(wanted)}")
    name = wanted or next(iter(operator.clusters))
    return [
        (Lane(repository=repository, environment=limits.environment), limits)
        for repository, environments in everywhere(operator).items()
        for limits in environments.values()
        if limits.cluster == name
    ]


def _written(
    operator: Operator, lane: Lane, limits: Limits, options: Mapping[str, Any], unknown: list[str]
) -> Iterator[str]:
    with asking(operator, limits.cluster) as find:
        if options["here"]:
            known = of_work_tree(operator, lane, limits, options["checkout"], find)
        else:
            known = of_what_runs(operator, lane, limits, find)
        known = with_more(known, options["kinds"], limits, find)
    unknown += known.kinds.unknown
    if known.kinds.refused:
        what = f"{lane.repository} {lane.environment} may not have {listed(known.kinds.refused)}"
        output.say(f"{what}: pushboat.yaml does not allow it, so no rights are printed for it", glyph="!")
    wanted = Wanted(
        name=name_for(Owner(repository=lane.repository, environment=lane.environment)),
        needs=needs(lane.repository, limits, known.kinds.found),
        pushboat=Subject(name=options["account"]),
        speaks_as=Subject(name=limits.service_account) if limits.service_account else None,
        creates=limits.namespaces if limits.create_namespaces else (),
    )
    place = f"{lane.repository} {lane.environment}"
    yield headed(place, limits.cluster, [each.kind for each in known.kinds.found], known.source)
    yield from manifests(wanted)
