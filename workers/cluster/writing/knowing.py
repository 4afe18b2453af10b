"""Send what an API server refuses by an older definition again, until it knows the newest one (docs/adr/0099)."""

import time
from collections.abc import Callable

from workers.cluster.client.connection import Answer, Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.lags import KNOWN_WITHIN, Definition
from workers.cluster.client.refusals import Answered, ApiRefused, shortened
from workers.cluster.masking import scrub
from workers.cluster.objects import Object
from workers.cluster.planning.declaring import Word, word_on
from workers.cluster.reading.definitions import Newest, defined_by, named, newest, too_late
from workers.cluster.reading.serving import is_not_served

YOUNG = 10.0
"""Seconds in which a definition that changed may be the reason of what it does not itself decide, as a rule in CEL."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
_OF_SCHEMAS = (400, 422, 500)


def unheard(_sentence: str) -> None:
    """Say it to nobody."""


def until_known(
    cluster: Cluster,
    kind: Kind,
    body: Object,
    ask: Callable[[], Answer],
    go_on: Callable[[], None],
    say: Callable[[str], None],
) -> Answer:
    """Give the answer of an API server that knows the newest definition of an object's kind.

    A refusal that the definition itself agrees with is final at once. `go_on` is asked before each further try.

    Raises:
        Answered: it is refused by the newest definition, or for another reason.
        ClusterUnavailable: the API server does not follow the definition in time.
    """
    behind: Definition | None = None
    pause = FIRST_PAUSE
    while True:
        try:
            answer = ask()
        except Answered as refused:
            found = _behind(cluster, kind, body, refused)
            if found is None:
                if behind is not None:
                    cluster.lags.over(behind)
                raise
            behind = found
            waited = cluster.lags.seen(behind)
            if waited == 0.0:
                say(
                    f"waiting until the API server knows {named(behind)} as it is now, for {KNOWN_WITHIN:.0f} s at most"
                )
            if waited > KNOWN_WITHIN:
                words = shortened(scrub(refused.whole, body))
                raise too_late(cluster, behind, f"takes what it refuses: {words}") from refused
        else:
            if behind is not None:
                cluster.lags.over(behind)
            return answer
        time.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
        go_on()


def _behind(cluster: Cluster, kind: Kind, body: Object, refused: Answered) -> Definition | None:
    """Find the definition that an API server does not know yet; None where the refusal stands."""
    if is_not_served(refused):
        served = defined_by(cluster, kind)
        if served is None:
            cluster.kinds.look_again()  # the next attempt of the whole knows how it is served now
        return served
    by_schema = isinstance(refused, ApiRefused) and refused.code in _OF_SCHEMAS and not refused.by_webhook
    found = newest(cluster, kind) if by_schema else None
    if found is None or not found.schema:
        return None
    word = word_on(refused, body, found.schema)
    waits = word is Word.TAKES or (word is Word.LEAVES_OPEN and is_young(found))
    return found.definition if waits else None


def is_young(found: Newest) -> bool:
    """Say whether there may be an API server that knows an older one; of the first one there is none."""
    return found.definition[1] > 1 and found.age is not None and abs(found.age) < YOUNG
