"""`pushboat recover --from-cluster`: the store is lost and the clusters are there. What they say is known again."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cli import output
from cli.asker import asker
from cli.opening import opened_store
from cli.recovering.manner import Manner, agreed
from cli.recovering.targets import Wish
from cli.waking import wake
from pushboat.config.operator import Limits, Operator
from pushboat.config.project import Allowed
from pushboat.model.deployment import Lane, short
from pushboat.model.remnant import Remnant
from pushboat.model.wording import counted
from pushboat.store import rebuilding
from pushboat.store.database.engine import Store
from pushboat.store.rebuilding import Known
from workers.questions.onlooking import onlooking
from workers.questions.surviving import Survey, survey

DONE, NO, COULD_NOT_FIND_OUT = 0, 1, 3
GONE = (
    "what no cluster knows stays lost: history and audit, releases to roll back to, approvals, and locks, pins, pauses "
    "and what waited. Lock or pause again what must not be deployed to. An environment that was rolled back is pinned "
    "no more: its next push deploys"
)
_SAID = {
    Known.NOTHING: "",
    Known.THE_SAME: "is known already",
    Known.ANOTHER: "the store knows something else: say --anew to believe the cluster",
    Known.UNFINISHED: "something waits or runs there: left as it is",
}


def from_cluster(operator: Operator, wish: Wish, manner: Manner) -> int:
    """Read what the clusters say, write down what the store does not know, and give the exit code.

    Raises:
        UsageError: nobody is here to be asked whether it is meant.
    """
    with (
        opened_store(operator, "pushboat db upgrade") as store,
        tempfile.TemporaryDirectory(prefix="pushboat-recover-") as scratch,
        onlooking(operator, store, Path(scratch)) as tools,
    ):
        found = survey(tools, wish.repository, wish.cluster)
        remnants, missing = _meant(found, wish), missing_in(operator, found, wish)
        known: Mapping[Lane, Known] = {each.lane: rebuilding.known(store, each) for each in remnants}
        _foretell(remnants, known, manner)
        _foretell_nothing(found, missing, wish)
        to_do = [each for each in remnants if _is_due(known[each.lane], manner)]
        done = not manner.dry and bool(to_do) and agreed(f"Rebuild {counted(len(to_do), 'environment')}?", manner)
        if done:
            known = _rebuilt(store, to_do, known, manner)
            to_do = _told_left(to_do, known, manner)
            wake(operator, store)
    if manner.as_json:
        output.print_json(_form(found, remnants, known, manner, done=done) | {"missing": [*map(_lane_form, missing)]})
    if done:
        output.say(f"{counted(len(to_do), 'environment')} rebuilt; {GONE}")
    elif not to_do:
        output.say("nothing is to be rebuilt")
    refused = bool(to_do) and not done and not manner.dry
    return _code(found, remnants, known, manner, refused=refused or bool(unfound(found, remnants, wish)))


def _meant(found: Survey, wish: Wish) -> list[Remnant]:
    names = wish.environments
    meant = [each for each in found.remnants if not names or each.lane.environment in names]
    return sorted(meant, key=lambda each: (each.deployment, each.lane.repository, each.lane.environment))


def missing_in(operator: Operator, found: Survey, wish: Wish) -> list[Lane]:
    """List the environments that are meant and lie in a cluster that has told all, which has nothing of them."""
    said = {each.lane for each in found.remnants} | {lane for lane, _ in found.unsaid}
    projects = [project for name, project in operator.projects.items() if wish.repository in ("", name)]
    meant = [
        Lane(repository=project.repository, environment=limits.environment)
        for project in projects
        for limits in _of(project.environments, wish)
        if wish.means(limits) and limits.cluster not in found.silent
    ]
    return [lane for lane in meant if lane not in said]


def unfound(found: Survey, remnants: Sequence[Remnant], wish: Wish) -> set[str]:
    """Give the names that somebody said and of which nothing was found anywhere: that is no recovery."""
    said = {each.lane.environment for each in remnants} | {lane.environment for lane, _ in found.unsaid}
    return set(wish.environments) - said


def _of(allowed: Allowed, wish: Wish) -> list[Limits]:
    """Give what a file lists, and what a pattern makes of names that somebody says."""
    named = (allowed.get(name) for name in sorted(wish.environments))
    return [limits for limits in named if limits] if wish.environments else list(allowed.listed.values())


def _is_due(known: Known, manner: Manner) -> bool:
    return known is Known.NOTHING or (known is Known.ANOTHER and manner.anew)


def _rebuilt(
    store: Store, to_do: Sequence[Remnant], known: Mapping[Lane, Known], manner: Manner
) -> Mapping[Lane, Known]:
    """Rebuild each in a transaction of its own: what breaks off is said again, and goes on."""
    return {**known, **{each.lane: rebuilding.rebuild(store, each, asker(), anew=manner.anew) for each in to_do}}


def _told_left(to_do: Sequence[Remnant], known: Mapping[Lane, Known], manner: Manner) -> list[Remnant]:
    """Name those where something began meanwhile, which were left alone, and give those that were rebuilt."""
    for each in to_do:
        if not _is_due(known[each.lane], manner):
            output.say(f"{_place(each.lane)}: {_SAID[known[each.lane]]}", glyph="✗")
    return [each for each in to_do if _is_due(known[each.lane], manner)]


def _code(
    found: Survey, remnants: Sequence[Remnant], known: Mapping[Lane, Known], manner: Manner, *, refused: bool
) -> int:
    if found.troubles:
        return COULD_NOT_FIND_OUT
    left = [
        each for each in remnants if known[each.lane] is not Known.THE_SAME and not _is_due(known[each.lane], manner)
    ]
    return NO if refused or left else DONE


def _foretell(remnants: Sequence[Remnant], known: Mapping[Lane, Known], manner: Manner) -> None:
    for each in remnants:
        place, stands = _place(each.lane), known[each.lane]
        said = "" if _is_due(stands, manner) else _SAID[stands]
        ref = each.ref or "a ref that is not known: a late push of an older commit may go back there"
        output.say(
            f"{place}: {short(each.sha)} of {ref}, {rebuilding.told(each)}{f'; {said}' if said else ''}",
            glyph="✗" if said and stands is not Known.THE_SAME else "",
        )


def _foretell_nothing(found: Survey, missing: Sequence[Lane], wish: Wish) -> None:
    """Say of what nothing is known, of whose inventories nobody knows anything, and who could not be asked."""
    names = wish.environments
    for lane, parent in found.unsaid:
        why = f"{parent} says no commit, since none got through; its next push goes on with it"
        if not names or lane.environment in names:
            output.say(f"{_place(lane)}: {why}", glyph="·")
    for lane in missing:
        why = "no inventory: nothing was ever deployed there, or it is lost too"
        output.say(f"{_place(lane)}: its cluster has {why}", glyph="✗" if names else "·")
    for other in found.strangers:
        if not names or other.owner.rpartition(":")[2] in names:
            whose = f" ({other.owner})" if other.owner.strip(":") else ""
            output.say(f"cluster {other.cluster}: {other.inventory}{whose} is nobody's here: {other.why}", glyph="!")
    for trouble in found.troubles:
        output.say(trouble, glyph="?")


def _place(lane: Lane) -> str:
    return f"{lane.repository} {lane.environment}"


def _lane_form(lane: Lane) -> dict[str, object]:
    return {"repository": lane.repository, "environment": lane.environment}


def _form(
    found: Survey, remnants: Sequence[Remnant], known: Mapping[Lane, Known], manner: Manner, *, done: bool
) -> dict[str, object]:
    return {
        "environments": [
            {
                "repository": each.lane.repository,
                "environment": each.lane.environment,
                "cluster": each.cluster,
                "inventory": each.inventory,
                "sha": each.sha,
                "ref": each.ref or None,
                "fence": each.fence,
                "objects": each.objects,
                "known": str(known[each.lane]),
                "rebuilt": done and _is_due(known[each.lane], manner),
            }
            for each in remnants
        ],
        "unsaid": [{**_lane_form(lane), "inventory": parent} for lane, parent in found.unsaid],
        "strangers": [
            {"cluster": each.cluster, "inventory": each.inventory, "owner": each.owner, "why": each.why}
            for each in found.strangers
        ],
        "troubles": found.troubles,
    }
