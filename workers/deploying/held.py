"""What was rendered, held against all that can refuse it before anything is planned: told at once, file by file."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from pushboat.config.environment import Environment
from pushboat.errors import InvalidManifest, PushboatError
from pushboat.model.manifest import Manifest
from workers.cluster.client.connection import Cluster
from workers.cluster.client.lines import nothing_to_ask
from workers.cluster.reading.arriving import await_served
from workers.cluster.writing.knowing import unheard
from workers.deploying import abiding, schemas
from workers.deploying.directing import directed_in
from workers.manifests.directives.checking import Directed
from workers.manifests.directives.expecting import refuse_elsewhere
from workers.manifests.words import MOST_SHOWN, Unread
from workers.review import limits
from workers.review.defining import served_by
from workers.review.misread import misread
from workers.review.reviewing import in_order
from workers.review.schema.definitions import DEFINITION
from workers.review.words import Finding, told

_SURE = ("object", "not-allowed", "removed-api")
"""What another file cannot mend: one that nobody can read may define a kind."""


def held(
    cluster: Cluster,
    environment: Environment,
    manifests: Sequence[Manifest],
    *,
    ran_before: bool = False,
    say: Callable[[str], None] = unheard,
    go_on: Callable[[], None] = nothing_to_ask,
) -> tuple[tuple[Directed, ...], tuple[str, ...]]:
    """Give the objects as they will be applied, with what is said about each, and what the rules say of them.

    `say` hears of a wait for kinds that came a moment ago, and `go_on` is asked in it.

    Raises:
        DeploymentFailed: limits, annotations or rules do not allow it; names everything that is surely wrong.
    """
    await_served(cluster, _types(manifests), say, go_on)
    further = abiding.as_well(partial(schemas.surely_wrong, cluster), environment)
    checked = limits.check(manifests, environment, cluster.kinds, further)
    objects = directed_in(checked, environment)
    refuse_elsewhere(objects, environment.namespaces)
    return objects, (*abiding.judged(environment, checked, ran_before=ran_before), *_read_otherwise(manifests))


def _types(manifests: Sequence[Manifest]) -> Iterator[tuple[str, str, str]]:
    """List the kinds that must be there: what comes with the push is waited for when it is written."""
    bodies = [each.body for each in manifests]
    brought = {kind for each in bodies if each.get("kind") == DEFINITION[-1] for kind, _ in served_by(each)}
    for body in bodies:
        group, _, version = str(body.get("apiVersion")).rpartition("/")
        if (kind := (group, version, str(body.get("kind")))) not in brought:
            yield kind


def _read_otherwise(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Say what is read as another word than it is written as, a line for each rule, as `pushboat check` does."""
    alike: dict[str, list[Finding]] = {}
    for each in in_order(misread(manifests)):
        alike.setdefault(each.rule, []).append(each)
    for rule, found in alike.items():
        yield f"warning: {found[0]} ({rule}){f', and {len(found) - 1} more' if len(found) > 1 else ''}"


def with_the_rest(reach: Callable[[], Cluster], environment: Environment, partly: Unread) -> InvalidManifest:
    """Make one refusal of the files that cannot be read and of what is surely wrong in the others.

    What cannot be read is wrong whatever a cluster says, and whether it can be reached or not.
    """
    try:
        more = [*_surely_wrong(reach(), environment, partly.rest)]
    except PushboatError:
        return partly
    if not more:
        return partly
    found = [str(each) for each in in_order((*(told("unreadable", one.summary) for one in partly.mistakes), *more))]
    lines = [f"- {each}" for each in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        lines.append(f"- and {len(found) - MOST_SHOWN:,} more: correct these first, the next push names those")
    return InvalidManifest(f"{partly.mistakes[0].summary} (and {len(found) - 1:,} more)", "\n".join(lines))


def _surely_wrong(cluster: Cluster, environment: Environment, rest: Sequence[Manifest]) -> Iterator[Finding]:
    found = [each for each in limits.examine(rest, environment, cluster.kinds).findings if each.rule in _SURE]
    yield from found
    said = {(each.place, each.ref) for each in found}
    yield from (each for each in schemas.surely_wrong(cluster, rest) if (each.place, each.ref) not in said)
