"""`pushboat plan REPOSITORY ENVIRONMENT`: what a deployment would change, of a commit or of a work tree as it is.

Nothing is written: the cluster tries each object and keeps none.
"""

import tempfile
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path

import click

from cli import configuration, elsewhere, output, telling
from cli.checking.needed import needed
from cli.checking.snapshot import Snapshot, has_commit, snapshot
from cli.elsewhere import Elsewhere, Json
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.config.operator import Limits, Operator
from pushboat.errors import CheckoutFailed
from pushboat.model import wording
from pushboat.model.deployment import Lane
from pushboat.model.question import Told
from pushboat.model.sent_files import Unsendable, packed
from workers.deploying.screening import Commits
from workers.questions.answering import answered
from workers.questions.onlooking import onlooking
from workers.questions.plan import planned, told_of
from workers.questions.trees import THE_WORK_TREE, WORK_TREE, Tree, of_commit
from workers.source import checkout
from workers.source.closure import Closure
from workers.source.unrendered import Unrendered, unrendered


@click.command()
@click.argument("repository")
@click.argument("environment")
@click.option("--sha", default="", metavar="SHA", help="This commit or tag instead of the head that is followed.")
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
def plan(
    ctx: click.Context, repository: str, environment: str, *, sha: str, here: bool, checkout: Path, as_json: bool
) -> int:
    """Say what deploying an environment's head, a commit or a work tree would change there.

    The cluster tries each object and keeps nothing; nothing is committed, stored or told to anybody. With --here what
    git ignores is left out, and what is not staged is in. Exit code 0 where it would be accepted, 1 where it would be
    refused, 3 when that could not be found out.
    """
    if here and sha:
        raise click.UsageError("--here plans the files of a work tree, and --sha a commit: name one of them")
    if there := elsewhere.named():
        place = {"repository": repository, "environment": environment}
        told = _sent(there, place, checkout) if here else _asked(there, place, sha)
        return telling.tell(told, as_json=as_json)
    operator = configuration.load_for_reading(ctx) if here else configuration.load(ctx)
    lane, limits = _place(operator, repository, environment)
    with ExitStack() as open_until_the_end:
        store = open_until_the_end.enter_context(opened_store(operator))
        scratch = Path(open_until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="pushboat-plan-")))
        tools = open_until_the_end.enter_context(onlooking(operator, store, scratch))
        work_tree = _of_work_tree(snapshot(checkout, scratch), scratch) if here else None

        def ask() -> Told:
            tree = work_tree or of_commit(tools, lane, limits, sha)
            return told_of(planned(tools, lane, limits, tree), tree)

        return telling.tell(answered(ask), as_json=as_json)


def _asked(there: Elsewhere, place: Json, sha: str) -> Told:
    return telling.asked(there, {"word": "plan", **place, "arguments": {"sha": sha} if sha else {}})


def _sent(there: Elsewhere, place: Json, folder: Path) -> Told:
    """Send the files that a plan needs to the Pushboat that is meant, where they are kept until it is made."""
    with tempfile.TemporaryDirectory(prefix="pushboat-plan-") as scratch:
        try:
            files = packed(needed(snapshot(folder, Path(scratch)), place["environment"]))
        except Unsendable as why:
            raise click.UsageError(why.summary) from why
    return telling.asked(there, {**place, "files": files}, "plans")


def _place(operator: Operator, repository: str, environment: str) -> tuple[Lane, Limits]:
    spelled = operator.spelled(repository)
    if not spelled:
        hint = wording.near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no repository {output.one_line(repository)}; {hint or 'none yet'}")
    limits = operator.limits(spelled, environment)
    if limits is None:
        project = operator.projects[spelled].environments
        why = project.refusal(environment) or wording.near_miss(environment, project.written)
        raise click.UsageError(f"pushboat.yaml does not allow environment {output.one_line(environment)} here; {why}")
    return Lane(repository=spelled, environment=environment), limits


def _of_work_tree(made: Snapshot, scratch: Path) -> Tree:
    """Give its files; of earlier commits those are known that its repository has, and nobody else is asked."""

    def objects_at(sha: str, places: Collection[str]) -> Mapping[str, str]:
        if not has_commit(made, sha):
            raise CheckoutFailed(f"{made.top} does not have {sha[:7]}")
        return checkout.objects_at(made.caches, made.remote, sha, places)

    def beside(before: str, found: Closure) -> Unrendered:
        known = before if before and has_commit(made, before) else ""
        return unrendered(made.caches, made.remote, made.sha, known, found)

    return Tree(
        name=THE_WORK_TREE,
        bringing=WORK_TREE,
        sha=made.sha,
        remote=made.remote,
        caches=made.caches,
        commits=Commits(objects_at, beside),
        state=scratch,
    )
