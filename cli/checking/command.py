"""`pushboat check`: what a commit of this work tree would be refused for, before there is one. No cluster is asked."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from cli import output
from cli.checking import sarif, telling
from cli.checking.fence import NONE, Fence
from cli.checking.given import given
from cli.checking.knowing import Knowing, of_kubernetes
from cli.checking.looking import FETCHES_NOTHING, Against, Looked, Supply, allowing_all, file_of, look
from cli.checking.snapshot import Snapshot, base_of, snapshot
from cli.output import AS_JSON
from pushboat.config.repository import FILE_NAME, RepositoryFile
from pushboat.config.sources import Source
from pushboat.errors import ClusterRefused, ClusterUnavailable, DeploymentFailed, InvalidRepositoryFile
from pushboat.model.wording import listed, near_miss, unbold
from workers.review.minors import DEFAULT, bundled
from workers.review.words import Finding, told

NO, COULD_NOT_FIND_OUT = 1, 3
FENCED = "not looked at: admission, rights, and what the cluster has"
UNFENCED = f"{FENCED}; nor what the operator's file allows: that takes --repository"
_PLACE = click.Path(path_type=Path, exists=True)
_OTHERS = f"{listed(bundled())} are bundled, --cluster and --context ask one"


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True), default=".")
@click.option("-e", "--environment", "only", multiple=True, metavar="NAME", help="Only this one; may be repeated.")
@click.option("--repository", default="", help="Check against what pushboat.yaml allows this one (<forge>/<path>).")
@click.option("--fetch", is_flag=True, help="Fetch what .pushboat.lock pins from outside of the repository.")
@click.option("--kubernetes-version", default="", metavar="X.Y", help=f"Of the cluster; {DEFAULT} if not said.")
@click.option("--cluster", default="", metavar="NAME", help="Ask this cluster of pushboat.yaml what it serves.")
@click.option("--context", default="", metavar="NAME", help="Ask the cluster of this context of your kubeconfig.")
@click.option(
    "--policies",
    multiple=True,
    type=_PLACE,
    help="The cluster's own ValidatingAdmissionPolicies; repeatable.",
)
@click.option("--crds", multiple=True, type=_PLACE, help="Definitions of kinds that others bring; repeatable.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print SARIF 2.1.0, for what shows findings beside lines.")
@AS_JSON
@click.pass_context
def check(ctx: click.Context, /, path: Path, only: tuple[str, ...], *, as_json: bool, **options: Any) -> int:
    """Check the repository around PATH as a commit of it would be: its .pushboat.yaml, and all that it renders.

    What git ignores is not looked at; what is not staged is. Nothing is staged or written. Every object is held against
    the schemas of a version of Kubernetes, or of a cluster that is asked. Exit code 0 when no environment would be
    refused, 1 when one would, 3 when one could not be looked at here.
    """
    with ExitStack() as open_until_the_end:
        fence = _fence(ctx, options)
        scratch = Path(open_until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="pushboat-check-")))
        form = "sarif" if options["as_sarif"] else "json" if as_json else "text"
        try:
            knowing = _knowing(open_until_the_end, fence, options)
            made = snapshot(path, scratch)
            file = file_of(made)
            _demand(only, file)
            sources = fence.sources if fence.project else None
            supply = _supply(made, sources, scratch) if options["fetch"] else FETCHES_NOTHING
            against = Against(
                project=fence.project or allowing_all(file),
                supply=supply,
                knowing=knowing,
                fenced=fence.project is not None,
                policies=given(options["policies"]),
                definitions=given(options["crds"]),
                since=base_of(made),
            )
            found = list(_told(look(made, file, against, scratch, only), quiet=form != "text"))
        except InvalidRepositoryFile as wrong:
            return _refused([told("pushboat-file", str(mistake)) for mistake in wrong.mistakes], form, path)
        except DeploymentFailed as wrong:
            return _refused([told("pushboat-file", wrong.summary)], form, path)
        except (ClusterRefused, ClusterUnavailable) as silent:
            output.say(silent.summary)
            if form == "sarif":
                output.print_json(sarif.log((), path, [silent.summary]))
            return COULD_NOT_FIND_OUT
    if form == "sarif":
        unknown = [f"{each.environment}: {each.unknown}" for each in found if each.unknown]
        output.print_json(sarif.log((one for each in found for one in each.findings), made.top, unknown))
    elif form == "json":
        output.print_json({"items": [_form(each) for each in found], "mistakes": []})
    else:
        unseen = FENCED if fence.project else UNFENCED
        if options["policies"]:
            unseen = unseen.replace("admission", "admission beyond --policies", 1)
        telling.sum_up(found, f"{_against(options)}; {unseen}")
    return NO if any(each.mistakes for each in found) else COULD_NOT_FIND_OUT if any(e.unknown for e in found) else 0


def _fence(ctx: click.Context, options: Mapping[str, Any]) -> Fence:
    if not options["repository"] and not options["cluster"]:
        return NONE
    from cli.checking import fences

    return fences.fence_of(ctx, options["repository"])


def _supply(made: Snapshot, sources: Sequence[Source] | None, scratch: Path) -> Supply:
    from cli.checking import supplying

    return supplying.fetching(made, sources, scratch)


def _knowing(until: ExitStack, fence: Fence, options: Mapping[str, Any]) -> Knowing:
    """Say what the cluster serves: one that is asked, or a version of Kubernetes."""
    ways = [name for name in ("cluster", "context", "kubernetes_version") if options[name]]
    if len(ways) > 1:
        raise click.UsageError(f"{listed('--' + each.replace('_', '-') for each in ways)} exclude each other")
    if ways in ([], ["kubernetes_version"]):
        return of_kubernetes(options["kubernetes_version"])
    from cli.checking import clusters

    if options["cluster"]:
        return until.enter_context(clusters.of_cluster(clusters.access_of(fence.clusters, options["cluster"])))
    return until.enter_context(clusters.of_cluster(clusters.access_in(options["context"])))


def _against(options: Mapping[str, Any]) -> str:
    if asked := options["cluster"] or options["context"]:
        return f"held against what {output.one_line(asked)} serves"
    return f"held against Kubernetes {options['kubernetes_version'] or DEFAULT} ({_OTHERS})"


def _demand(only: Sequence[str], file: RepositoryFile) -> None:
    for name in only:
        if name not in file.environments:
            hint = near_miss(name, file.environments)
            raise click.UsageError(f"{FILE_NAME} has no environment {output.one_line(name)}; {hint}")


def _told(found: Iterator[Looked], *, quiet: bool) -> Iterator[Looked]:
    """Say each as it is found: a large repository takes its time."""
    for each in found:
        if not quiet:
            for line in telling.lines(each):
                output.data(line)
        yield each


def _refused(mistakes: Sequence[Finding], form: str, top: Path) -> int:
    if form == "sarif":
        output.print_json(sarif.log(mistakes, top))
    elif form == "json":
        output.print_json({"items": [], "mistakes": [str(each) for each in mistakes]})
    else:
        for mistake in mistakes:
            output.data(f"{telling.mark('✗', 'red')} {output.one_line(str(mistake))}")
        output.say("nothing of this commit would be deployed")
    return NO


def _form(each: Looked) -> dict[str, Any]:
    more = f" (and {len(each.mistakes) - 1} more)" if len(each.mistakes) > 1 else ""
    return {
        "environment": each.environment,
        "path": each.path,
        "verdict": "unknown" if each.unknown else "refused" if each.mistakes else "renders",
        "reason": f"{each.mistakes[0]}{more}" if each.mistakes else each.unknown,
        "details": unbold(each.details),
        "objects": each.objects,
        "engine": each.engine,
        "notes": list(each.notes),
        "findings": [_finding(one) for one in each.findings],
    }


def _finding(each: Finding) -> dict[str, Any]:
    file, line, column = each.spot
    return {
        "rule": each.rule,
        "weight": str(each.weight),
        "file": file,
        "line": line,
        "column": column,
        "object": str(each.ref or ""),
        "sentence": each.sentence,
    }
