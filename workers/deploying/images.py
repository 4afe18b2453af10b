"""The image gate: nothing is planned or written before what would run is known to be what the operator wants.

What a release stores was looked at when it was deployed: rollbacks and heals ask nobody, since who needs yesterday's
release back must need neither a registry nor a scanner for it.
"""

from collections.abc import Iterable, Sequence

from pushboat.config.images import ImageRules
from pushboat.config.operator import Operator
from pushboat.errors import Denied, NotConfigured, RegistryUnavailable
from pushboat.model.image import ImageRecord
from pushboat.model.wording import counted
from pushboat.store import images as store
from workers.deploying.claimed import Claimed
from workers.deploying.sources import Wanted
from workers.images.judging import Judgement, judge, records
from workers.images.looking import look_at
from workers.images.words import Gate
from workers.review.images import Image, images
from workers.tools import Tools

PHASE = "images"
MOST_TOLD = 20
ADVICE = "log in there, or set `when_unreachable: warn`"


def demand(tools: Tools, work: Claimed, brought: Wanted) -> None:
    """Look up the images that a commit brings, keep what was found out, and say what is to be said.

    Raises:
        Denied: an image is not what the operator wants; with all that is wrong.
        RegistryUnavailable: who knows that does not answer, and that is to count as a no for now.
        NotConfigured: who knows wants another login, or what judges certificates is not installed.
    """
    rules = _rules(tools, work)
    if not rules.look:
        return
    if brought.stored is not None:
        work.say(PHASE, "not asked about: they were, when this release was deployed")
        return
    if not any(_named_by(brought)):
        return
    with work.step(PHASE):
        work.slot.step_aside()
        judgement, kept = look(tools.operator, rules, brought, work.store.now())
        work.go_on()  # registries may have taken their time
        store.note(work.store, work.claim, kept)
        known = sum(bool(each.digest) for each in kept)
        work.say(PHASE, f"{counted(len(kept), 'image')}, {known} of them known by digest")
        for sentence in judgement.warned[:MOST_TOLD]:
            work.say(PHASE, f"warning: {sentence}")
        if len(judgement.warned) > MOST_TOLD:
            work.say(PHASE, f"and {len(judgement.warned) - MOST_TOLD} more warnings like these")
        refuse(judgement)


def look(
    operator: Operator, rules: ImageRules, brought: Wanted, now: float
) -> tuple[Judgement, tuple[ImageRecord, ...]]:
    """Look up the images that somebody brings: what is to be said of them, and what was found out.

    Raises:
        NotConfigured: what judges certificates is not installed.
    """
    found = tuple(_named_by(brought))
    gate = Gate(rules=rules, registries=operator.registries, now=now)
    looked = look_at((each.reference for each in found if each.reference), gate)
    return judge(found, looked, rules), records(found, looked)


def _named_by(brought: Wanted) -> Iterable[Image]:
    return images(each.manifest for each in brought.directed)


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


def _rules(tools: Tools, work: Claimed) -> ImageRules:
    lane = work.deployment.lane
    limits = tools.operator.limits(lane.repository, lane.environment)
    return limits.images if limits else ImageRules()


def _summed_up(sentences: Sequence[str], advice: str = "") -> tuple[str, str]:
    """Give the first with the number of the others, and all of them, as a list."""
    more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
    listed = [f"- {sentence}" for sentence in sentences[:MOST_TOLD]]
    listed += [f"- and {len(sentences) - MOST_TOLD} more"] if len(sentences) > MOST_TOLD else []
    return f"{sentences[0]}{advice}{more}", "\n".join(listed)
