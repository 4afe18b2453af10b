"""What breaks, and what ends it: one row per kind of fault, each a function that breaks and may give what mends."""

import os
import random
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from tests.chaos.machines import Machines, forget
from tests.chaos.schedule import Fault
from tests.fakes.door import Trouble
from tests.fakes.forge import FakeForge
from tests.serving import alive, own_children

Mend = Callable[[], None]
NOT_DONE = "there was nothing of it to break"


@dataclass
class Scene:
    """All that may break. `control_plane` is the pid of a devcluster that is ours alone; 0: it is not."""

    machines: Machines
    forges: Mapping[str, FakeForge]
    control_plane: int
    chance: random.Random
    troubles: list[Trouble] = field(default_factory=list)

    def pids(self, part: str) -> list[int]:
        """Give the processes that are a part now."""
        if part.startswith("kube-"):
            return [pid for pid, line in own_children(self.control_plane).items() if line.startswith(part)]
        return self.machines.pids(part)

    def one(self, part: str) -> int | None:
        """Choose a process that is a part now and not frozen."""
        found = [pid for pid in self.pids(part) if pid not in self.machines.frozen]
        return self.chance.choice(found) if found else None

    def well(self) -> None:
        """End the forges' troubles."""
        for trouble in self.troubles:
            trouble.times = 0
        for forge in self.forges.values():
            forge.down = False


class Nothing(Exception):
    """There was nothing to break: what was to be broken is just being started again."""


def do(scene: Scene, fault: Fault) -> Mend | None:
    """Break it, and give what ends that, where something has to.

    Raises:
        Nothing: there was nothing to break.
    """
    key = (fault.kind, fault.part) if (fault.kind, fault.part) in _ROWS else (fault.kind, "")
    return _ROWS[key](scene, fault)


def _signal(scene: Scene, part: str, number: signal.Signals, *, group: bool = False) -> int:
    pid = scene.one(part)
    if pid is None:
        raise Nothing
    with suppress(ProcessLookupError, PermissionError):
        (os.killpg if group else os.kill)(pid, number)
    return pid


def _kill(scene: Scene, fault: Fault) -> None:
    _signal(scene, fault.part, signal.SIGKILL)


def _terminate(scene: Scene, fault: Fault) -> None:
    _signal(scene, fault.part, signal.SIGTERM)


def _freeze(scene: Scene, fault: Fault) -> Mend:
    """Stop a part with all that it started; what of the store it holds, it holds meanwhile."""
    pid = _signal(scene, fault.part, signal.SIGSTOP, group=True)
    scene.machines.frozen.add(pid)

    def thaw() -> None:
        scene.machines.frozen.discard(pid)
        if alive(pid):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGCONT)

    return thaw


def _wipe(scene: Scene, fault: Fault) -> None:
    """Kill the broker, and take all its data."""
    _signal(scene, fault.part, signal.SIGKILL)
    forget(scene.machines.broker_data())


def _down(scene: Scene, fault: Fault) -> Mend:
    forge = _forge(scene)
    forge.down = True

    def up() -> None:
        forge.down = False

    return up


def _silence(scene: Scene, fault: Fault) -> Mend:
    quiet = _forge(scene).silence("/")
    quiet.__enter__()
    return lambda: quiet.__exit__(None, None, None) and None


def _answers(status: int, times: int, *, after: bool = False, **headers: str) -> Callable[[Scene, Fault], None]:
    def answer(scene: Scene, fault: Fault) -> None:
        scene.troubles.append(_forge(scene).fail(status, times=times, after=after, headers=headers))

    return answer


def _forge(scene: Scene) -> FakeForge:
    return scene.forges[scene.chance.choice(sorted(scene.forges))]


def _postgres_dies(scene: Scene, fault: Fault) -> None:
    assert scene.machines.postgres
    scene.machines.postgres.die_and_return()


def _postgres_cuts(scene: Scene, fault: Fault) -> None:
    assert scene.machines.postgres
    scene.machines.postgres.cut_connections()


_ROWS: dict[tuple[str, str], Callable[[Scene, Fault], Mend | None]] = {
    ("kill", ""): _kill,
    ("terminate", ""): _terminate,
    ("freeze", ""): _freeze,
    ("wipe", ""): _wipe,
    ("down", ""): _down,
    ("silence", ""): _silence,
    ("502", ""): _answers(502, 8),
    ("lost answers", ""): _answers(502, 4, after=True),
    ("429", ""): _answers(429, 1, **{"Retry-After": "2"}),
    ("kill", "postgres"): _postgres_dies,
    ("cut off", "postgres"): _postgres_cuts,
}
