"""What is said about an object, in words for people: plans, pages and documents show the same ones."""

from collections.abc import Iterator

from pushboat.model.wording import listed, printable
from workers.manifests.directives.edges import named
from workers.manifests.directives.waves import Wave
from workers.manifests.directives.words import Action, DeleteWhen, Directives, Mode, Phase, Propagation, Recreate

PHASES = {
    Phase.BEFORE: "before the deployment",
    Phase.SYNC: "with the deployment",
    Phase.AFTER: "after the deployment",
    Phase.ON_FAILURE: "when the deployment fails",
}
_MODES = {
    Mode.MERGE: "merged with what others set",
    Mode.CREATE: "created once, then left alone",
    Mode.EXPECT: "must be there already, and is not ours",
    Mode.IGNORE: "left alone",
}
_RECREATED = {
    Recreate.WHERE_IMMUTABLE: "recreated where a field cannot change",
    Recreate.INSTEAD_OF_UPDATE: "recreated whenever it changes",
}
_OWNED = {
    Propagation.BACKGROUND: "what it owns is deleted after it",
    Propagation.FOREGROUND: "what it owns is deleted before it",
    Propagation.ORPHAN: "what it owns stays when it is deleted",
}


def told(said: Directives) -> tuple[str, ...]:
    """Say in a few words each what other tools' annotations ask for."""
    return tuple(dict.fromkeys((*_when(said), *_how(said), *_beside(said))))


def stands(wave: Wave) -> str:
    """Say where a wave stands in its deployment."""
    number = f"wave {wave.number}"
    return number if wave.phase is Phase.SYNC else f"{number} {PHASES[wave.phase]}"


def blocked(wave: Wave, by: Wave, why: str) -> str:
    """Say in one sentence why a wave has not begun, and by which object; `why` names it and says what it lacks."""
    return f"{stands(wave)} waits for {stands(by)}: {why}"


def _when(said: Directives) -> Iterator[str]:
    if said.is_hook:
        names = listed(hook.said for hook in said.hooks)
        yield f"hook: {names}" if names else "never run by a deployment"
    for when in DeleteWhen:
        if when in said.delete_when:
            yield f"a hook is deleted {when.value}"
    if (number := said.wave if said.wave is not None else said.weight) is not None:
        yield f"wave {number}"
    if said.hook_weight is not None:
        yield f"a hook's wave {said.hook_weight}"


def _how(said: Directives) -> Iterator[str]:
    if said.mode in _MODES:
        yield _MODES[said.mode]
    if said.recreate in _RECREATED:
        yield f"{_RECREATED[said.recreate]}, where the operator allows it"
    for keep in said.keeps:
        yield "stays until somebody consents to its deletion" if keep.asks else "stays when it leaves git"
    if said.propagation is not None:
        yield _OWNED[said.propagation]
    if not said.waited:
        yield "nobody waits for its health"
    if said.may_be_unknown:
        yield "its kind may come into being on the way"


def _beside(said: Directives) -> Iterator[str]:
    for each in said.dependencies:
        where = ", which is not of this push" if each.external else "" if each.ready else ", healthy or not"
        yield f"after {named(each)}{where}"
    for each in said.leaves_after:
        yield f"leaves after {named(each)}"
    for group in said.groups:
        yield f"in the group {printable(group)}"
    for rule in said.rules:
        leaves = "leaves " if rule.action is Action.DELETE else ""
        yield f"{leaves}{'after' if rule.after else 'before'} the group {printable(rule.group)}"
