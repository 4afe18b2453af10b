"""`pushboat recover --to-cluster`: the cluster is lost and the store is there. Each environment comes back."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cli import output
from cli.asker import asker
from cli.opening import opened_store
from cli.recovering import from_refs
from cli.recovering.asking import Recovery
from cli.recovering.ends import End, Ended
from cli.recovering.manner import Manner, agreed
from cli.recovering.targets import Left, Target, Wish, chosen
from cli.waking import wake
from pushboat.config.operator import Operator
from pushboat.model.deployment import Lane, short
from pushboat.model.wording import counted
from pushboat.store import footprints
from pushboat.store.database.engine import Store
from workers.questions.onlooking import onlooking

DONE, NO, COULD_NOT_FIND_OUT = 0, 1, 3
_GLYPHS = {End.RECOVERED: "✔", End.HELD: "⏸", End.UNKNOWN: "?", End.NOT_ASKED: "·"}


def to_cluster(operator: Operator, wish: Wish, manner: Manner) -> int:
    """Ask for each environment's newest release, follow all of them, and give the exit code.

    Raises:
        UsageError: nobody is here to be asked whether it is meant.
    """
    with (
        opened_store(operator, "pushboat db upgrade") as store,
        tempfile.TemporaryDirectory(prefix="pushboat-recover-") as scratch,
        onlooking(operator, store, Path(scratch)) as tools,
    ):
        targets, left = chosen(operator, store, tools.key, wish)
        refs = from_refs.look(tools, left, unknown_too=manner.from_ref)
        _foretell(targets, left, refs)
        there = {each.lane for each in refs.committed}
        if manner.dry:
            if manner.as_json:
                output.print_json([*map(_target_form, targets), *map(_left_form, left)])
            return code([], [each for each in left if each.lane not in there], refs.troubles, silent=refs.silent)
        number = len(targets) + len(there)
        if not number or not agreed(f"Bring {counted(number, 'environment')} back?", manner):
            output.say("nothing was done")
            return NO if number else code([], left, refs.troubles, silent=refs.silent)
        if troubles := from_refs.keep(tools, refs.committed, asker()):
            refs.troubles += troubles
            _say_troubles(troubles)
        if there:
            targets, left = chosen(operator, store, tools.key, wish)
        doubt(store, [*(each.lane for each in targets), *(each.lane for each in left)])
        ended = _recovery(operator, store, manner, left).carry_out(targets)
    if manner.as_json:
        output.print_json([*map(_ended_form, ended), *map(_left_form, left)])
    else:
        _tell(ended)
    return code(ended, left, refs.troubles, silent=refs.silent)


def doubt(store: Store, lanes: Sequence[Lane]) -> None:
    """Let no push be told that an environment runs as it is, only because its files are the same: it may be empty."""
    for lane in lanes:
        with store.writing() as tx:
            footprints.forget(tx, lane)


def code(ended: Sequence[Ended], left: Sequence[Left], troubles: Sequence[str] = (), *, silent: bool = False) -> int:
    """Say whether all is back: not where something is not there, or is not whole, or nobody knows, or can be asked."""
    if silent or any(each.end is End.UNKNOWN for each in ended):
        return COULD_NOT_FIND_OUT
    if troubles:
        return NO
    lost = any(each.lost for each in left)
    return NO if lost or any(each.end is not End.RECOVERED or each.target.locked for each in ended) else DONE


def _recovery(operator: Operator, store: Store, manner: Manner, left: Sequence[Left]) -> Recovery:
    def say(lane: Lane, sentence: str) -> None:
        if sys.stderr.isatty():
            output.say(f"{lane.repository} {lane.environment}: {sentence}")

    return Recovery(
        store=store,
        glass=manner.glass,
        ring=lambda: wake(operator, store),
        say=say,
        limit=manner.limit,
        lost=frozenset(each.lane for each in left if each.lost),
    )


def _foretell(targets: Sequence[Target], left: Sequence[Left], refs: from_refs.Found) -> None:
    for each in targets:
        needs = f", after {', '.join(sorted(each.needs))}" if each.needs else ""
        output.say(f"{_place(each.lane)}: release {each.release.number} ({short(each.release.sha)}){needs}")
        if each.locked:
            output.say(f"{_place(each.lane)}: {_without(each)}", glyph="!")
    there = {each.lane for each in refs.committed}
    for found in refs.committed:
        without = ", ".join(map(str, found.render.left_out))
        lacks = f", without {without}, of which nobody has the values" if without else ""
        output.say(f"{_place(found.lane)}: {short(found.render.sha)} as it stands in {found.place}, {found.age}{lacks}")
    for one in left:
        if one.lane not in there:
            output.say(f"{_place(one.lane)}: {one.why}", glyph="✗" if one.lost else "·")
    _say_troubles(refs.troubles)


def _say_troubles(troubles: Sequence[str]) -> None:
    for each in troubles:
        output.say(each, glyph="✗")


def _tell(ended: Sequence[Ended]) -> None:
    for each in ended:
        glyph = _GLYPHS.get(each.end, "✗")
        output.data(f"{glyph} {_place(each.target.lane)} {output.one_line(f'{each.end}: {each.sentence}')}")
        if each.target.locked:
            output.data(f"! {_place(each.target.lane)} {_without(each.target)}")
    back = sum(each.end is End.RECOVERED for each in ended)
    output.say(f"{back} of {counted(len(ended), 'environment')} back")


def _without(target: Target) -> str:
    names = ", ".join(map(str, target.locked))
    return f"comes without {names}: another encryption_key sealed them, or none; put it back, or make them by hand"


def _place(lane: Lane) -> str:
    return f"{lane.repository} {lane.environment}"


def _target_form(target: Target) -> dict[str, object]:
    return {
        **_lane_form(target.lane),
        "release": target.release.number,
        "sha": target.release.sha,
        "needs": sorted(target.needs),
        "without": [str(ref) for ref in target.locked],
    }


def _ended_form(ended: Ended) -> dict[str, object]:
    said = {"end": str(ended.end), "reason": ended.sentence, "deployment": ended.deployment or None}
    return {**_target_form(ended.target), **said}


def _left_form(left: Left) -> dict[str, object]:
    return {**_lane_form(left.lane), "end": "lost" if left.lost else "left", "reason": left.why}


def _lane_form(lane: Lane) -> dict[str, object]:
    return {"repository": lane.repository, "environment": lane.environment}
