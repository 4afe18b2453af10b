"""How it ends for each environment that comes back, and what may be asked for by then: decided over what is known."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cli.recovering.targets import Target
from pushboat.model.deployment import Deployment, Held, Lane, short


class End(StrEnum):
    """What became of an environment; `unknown`: it goes on, and we have looked for as long as we were told to."""

    RECOVERED = "recovered"
    HELD = "held"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_ASKED = "not-asked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How it ended for one environment, in a sentence."""

    target: Target
    end: End
    sentence: str
    deployment: int = 0


def due(
    waiting: Iterable[Target], ended: Mapping[Lane, Ended], among: Collection[Lane], gone: Collection[Lane] = ()
) -> tuple[list[Target], list[Ended]]:
    """Say what may be asked for now, and what never may, since something that it needs did not come back, or is `gone`.

    What is needed and not `among` those that are to come back is not waited for.
    """
    ready: list[Target] = []
    lost: list[Ended] = []
    for target in waiting:
        named = [replace(target.lane, environment=name) for name in sorted(target.needs)]
        needed = [lane for lane in named if lane in among]
        back = {lane for lane in needed if lane in ended and ended[lane].end is End.RECOVERED}
        without = next((lane for lane in named if lane in gone or (lane in ended and lane not in back)), None)
        if without is not None:
            alone = "; name it alone with --environment if it is to come without" if without in gone else ""
            sentence = f"it needs {without.environment}, which is not back{alone}"
            lost.append(Ended(target=target, end=End.NOT_ASKED, sentence=sentence))
        elif all(lane in ended for lane in needed):
            ready.append(target)
    return ready, lost


def recovered(target: Target, row: Deployment) -> Ended:
    """Say what got through, which need not be what was asked for; a newer commit lacks no Secret of the release's."""
    brought = f"release {row.again} ({short(row.sha)})" if row.again else f"newer {short(row.sha)}"
    target = target if row.again else replace(target, locked=())
    return Ended(target=target, end=End.RECOVERED, sentence=f"{brought}: {row.reason}", deployment=row.id)


def held(target: Target, row: Deployment) -> Ended:
    """Say what is waited for, and who can end that how."""
    ways = "; ".join(f"{each.who}: {each.ends_by}" for each in row.holds if each.ends_by)
    sentence = f"{row.waits}{f' ({ways})' if ways else ''}; it comes by itself after that"
    return Ended(target=target, end=End.HELD, sentence=sentence, deployment=row.id)


def over_by(holds: Collection[Held], at: float) -> bool:
    """Say whether the clock ends each of these by then (seconds since the epoch); a gate is asked again at its end."""
    return bool(holds) and all(each.until is not None and each.until <= at for each in holds)
