"""`pushboat recover --from-cluster`: the store is lost and the clusters are there. What they say is known again."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cli import output
from cli.asker import asker
from cli.opening import opened_store
from cli.recovering.manner import Manner, agreed
from cli.recovering.targets import Wish
from pushboat.config.operator import Operator
from pushboat.model.deployment import Lane, short
from pushboat.model.remnant import Remnant
from pushboat.model.wording import counted
from pushboat.queue.bell import ring
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
        remnants = _meant(found, wish)
        known: Mapping[Lane, Known] = {each.lane: rebuilding.known(store, each) for each in remnants}
        _foretell(found, remnants, known, manner, wish)
        to_do = [each for each in remnants if _is_due(known[each.lane], manner)]
        done = not manner.dry and bool(to_do) and agreed(f"Rebuild {counted(len(to_do), 'environment')}?", manner)
        if done:
            known = _rebuilt(store, to_do, known, manner)
            ring(operator.state)
    if manner.as_json:
        output.print_json(_form(found, remnants, known, manner, done=done))
    if done:
        output.say(f"{counted(len(to_do), 'environment')} rebuilt; {GONE}")
    elif not to_do:
        output.say("nothing is to be rebuilt")
    return _code(found, remnants, known, manner, refused=bool(to_do) and not done and not manner.dry)


def _meant(found: Survey, wish: Wish) -> list[Remnant]:
    names = wish.environments
    meant = [each for each in found.remnants if not names or each.lane.environment in names]
    return sorted(meant, key=lambda each: (each.deployment, each.lane.repository, each.lane.environment))


def _is_due(known: Known, manner: Manner) -> bool:
    return known is Known.NOTHING or (known is Known.ANOTHER and manner.anew)


def _rebuilt(
    store: Store, to_do: Sequence[Remnant], known: Mapping[Lane, Known], manner: Manner
) -> Mapping[Lane, Known]:
    """Rebuild each in a transaction of its own: what breaks off is said again, and goes on."""
    return {**known, **{each.lane: rebuilding.rebuild(store, each, asker(), anew=manner.anew) for each in to_do}}


def _code(
    found: Survey, remnants: Sequence[Remnant], known: Mapping[Lane, Known], manner: Manner, *, refused: bool
) -> int:
    if found.troubles:
        return COULD_NOT_FIND_OUT
    left = [
        each for each in remnants if known[each.lane] is not Known.THE_SAME and not _is_due(known[each.lane], manner)
    ]
    return NO if refused or left else DONE


def _foretell(
    found: Survey, remnants: Sequence[Remnant], known: Mapping[Lane, Known], manner: Manner, wish: Wish
) -> None:
    for each in remnants:
        place, stands = f"{each.lane.repository} {each.lane.environment}", known[each.lane]
        said = "" if _is_due(stands, manner) else _SAID[stands]
        ref = each.ref or "a ref that is not known: a late push of an older commit may go back there"
        output.say(
            f"{place}: {short(each.sha)} of {ref}, {rebuilding.told(each)}{f'; {said}' if said else ''}",
            glyph="✗" if said and stands is not Known.THE_SAME else "",
        )
    if not wish.environments:
        for lane, parent in found.unsaid:
            why = f"{parent} says no commit, since none got through; its next push goes on with it"
            output.say(f"{lane.repository} {lane.environment}: {why}", glyph="·")
        for other in found.strangers:
            whose = f" ({other.owner})" if other.owner.strip(":") else ""
            output.say(f"cluster {other.cluster}: {other.inventory}{whose} is nobody's here: {other.why}", glyph="!")
    for trouble in found.troubles:
        output.say(trouble, glyph="?")


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
        "strangers": [
            {"cluster": each.cluster, "inventory": each.inventory, "owner": each.owner, "why": each.why}
            for each in found.strangers
        ],
        "troubles": found.troubles,
    }
