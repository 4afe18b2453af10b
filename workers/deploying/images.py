"""The image gate: nothing is planned or written before what would run is known to be what the operator wants.

What a release stores was looked at when it was deployed: rollbacks and heals ask nobody, since who needs yesterday's
release back must need neither a registry nor a scanner for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pushboat.config.images import NO_RULES
from pushboat.config.operator import Operator
from pushboat.errors import Denied, NotConfigured, RegistryUnavailable
from pushboat.model.deployment import Lane
from pushboat.model.image import ImageRecord
from pushboat.model.wording import counted
from pushboat.store import images as store
from workers.deploying.claimed import Claimed
from workers.deploying.sources import Wanted
from workers.images.judging import Judgement, judge, records
from workers.images.looking import look_at
from workers.images.words import Gate
from workers.review.images import images
from workers.tools import Tools

PHASE = "images"
MOST_TOLD = 20
ADVICE = "log in there, or set `when_unreachable: warn`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """What was found out of each image, and what is said of that."""

    kept: tuple[ImageRecord, ...]
    judgement: Judgement

    def lines(self) -> Iterator[str]:
        """Say how many there are, and what refuses nothing."""
        known, warned = sum(bool(each.digest) for each in self.kept), self.judgement.warned
        yield f"{counted(len(self.kept), 'image')}, {known} of them known by digest"
        yield from (f"warning: {sentence}" for sentence in warned[:MOST_TOLD])
        if len(warned) > MOST_TOLD:
            yield f"and {len(warned) - MOST_TOLD} more warnings like these"


def demand(tools: Tools, work: Claimed, brought: Wanted) -> None:
    """Look up the images that a commit brings, keep what was found out, and say what is to be said.

    Raises:
        Denied: an image is not what the operator wants; with all that is wrong.
        RegistryUnavailable: who knows that does not answer, and that is to count as a no for now.
        NotConfigured: who knows wants another login, or what judges certificates is not installed.
    """
    if not _are_asked_about(tools.operator, work.deployment.lane):
        return
    if brought.stored is not None:
        work.say(PHASE, "not asked about: they were, when this release was deployed")
        return
    with work.step(PHASE):
        work.slot.step_aside()
        found = gated(tools.operator, work.deployment.lane, brought, work.store.now())
        work.go_on()  # registries may have taken their time
        if found is None:
            return
        store.note(work.store, work.claim, found.kept)
        for line in found.lines():
            work.say(PHASE, line)
        refuse(found.judgement)


def gated(operator: Operator, lane: Lane, brought: Wanted, now: float) -> Gated | None:
    """Look up the images that files bring, at a time (epoch seconds); None where there are none, or nobody asks.

    Raises:
        NotConfigured: what judges certificates is not installed.
    """
    limits = operator.limits(lane.repository, lane.environment)
    rules = limits.images if limits else NO_RULES
    found = tuple(images(each.manifest for each in brought.directed)) if rules.look else ()
    if not found:
        return None
    gate = Gate(rules=rules, registries=operator.registries, now=now)
    looked = look_at((each.reference for each in found if each.reference), gate)
    return Gated(kept=records(found, looked), judgement=judge(found, looked, rules))


def refuse(judgement: Judgement) -> None:
    """Refuse what is refused; a certain no comes before silence.

    Raises:
        Denied, RegistryUnavailable, NotConfigured: as `demand`.
    """
    if judgement.denied:
        raise Denied(*_summed_up(judgement.denied))
    if judgement.unwelcome:
        raise NotConfigured(*_summed_up(judgement.unwelcome, f": {ADVICE}"))
    if judgement.silent:
        raise RegistryUnavailable(*_summed_up(judgement.silent))


def _are_asked_about(operator: Operator, lane: Lane) -> bool:
    limits = operator.limits(lane.repository, lane.environment)
    return limits is not None and limits.images.look


def _summed_up(sentences: Sequence[str], advice: str = "") -> tuple[str, str]:
    """Give the first with the number of the others, and all of them, as a list."""
    more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
    listed = [f"- {sentence}" for sentence in sentences[:MOST_TOLD]]
    listed += [f"- and {len(sentences) - MOST_TOLD} more"] if len(sentences) > MOST_TOLD else []
    return f"{sentences[0]}{advice}{more}", "\n".join(listed)
