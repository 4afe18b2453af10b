"""What an environment had last, as it is stored: a removal asks neither git nor a renderer what is to go, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from pushboat.config.environment import Environment, as_released, by_the_operator
from pushboat.config.operator import Limits, Operator
from pushboat.errors import DeploymentFailed, NotConfigured
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.release import RUNS
from pushboat.sealing import Key
from pushboat.store import releases
from pushboat.store.database.engine import Store
from workers.deploying.packing import unpack
from workers.manifests.directives.reading import directives_in
from workers.manifests.directives.words import Occasion


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRelease:
    """The environment, as its newest release has it inside of what the operator allows today.

    `objects` are what it brought to stay, `hooks` what it says is to run at the removal, `ran` every hook that any
    stored release has. `unknown` says why its content is not known; empty where it is.
    """

    environment: Environment
    objects: tuple[Manifest, ...] = ()
    hooks: tuple[Manifest, ...] = ()
    ran: frozenset[Ref] = frozenset()
    unknown: str = ""


def last_release(operator: Operator, store: Store, key: Key, lane: Lane, *, skip_hooks: bool = False) -> LastRelease:
    """Read what an environment had last.

    Raises:
        NotConfigured: the operator's file does not name it any more, so nobody knows where it is.
        DeploymentFailed: a hook of its removal cannot be read.
    """
    limits = limits_of(operator, lane)
    known = releases.listed(store, lane)
    ran = frozenset(_hooks(store, lane, [each.number for each in known if each.kept]))
    packed = releases.packed(store, lane, known[0].number) if known else None
    if packed is None:
        why = f"what release {known[0].number} was made of is not kept any more" if known else "no release is stored"
        return LastRelease(environment=by_the_operator(limits), ran=ran, unknown=why)
    found = unpack(packed, key)
    if not skip_hooks and (locked := [ref for ref in found.locked if ref in ran]):
        raise DeploymentFailed(
            f"hook {locked[0]} cannot be read: it is sealed with another encryption_key; put that one back, or say "
            "--skip-hooks"
        )
    marked = [(each, directives_in(each.body)) for each in found.manifests]
    at_removal = [m for m, said in marked if any(Occasion.REMOVAL in hook.occasions for hook in said.hooks)]
    return LastRelease(
        environment=as_released(limits, found.said),
        objects=tuple(manifest for manifest, said in marked if not said.is_hook),
        hooks=() if skip_hooks else tuple(at_removal),
        ran=ran,
    )


def limits_of(operator: Operator, lane: Lane) -> Limits:
    """Give what the operator's file says of an environment today.

    Raises:
        NotConfigured: nothing any more.
    """
    project = operator.projects.get(lane.repository)
    limits = project.environments.get(lane.environment) if project else None
    if limits is None:
        raise NotConfigured(
            f"{lane.repository} has no environment {lane.environment} in the operator's file any more: put it back"
        )
    return limits


def _hooks(store: Store, lane: Lane, numbers: list[int]) -> Iterator[Ref]:
    for number in numbers:
        contents = releases.contents(store, lane, number) or {}
        yield from (ref for ref, digest in contents.items() if digest.startswith(RUNS))
