"""Comments and pull requests leave no trace in a branch; where the forge logs its deliveries, lost ones come again.

The forge sends them itself, signed and under their own ids, to our front door: nothing is taken in that it does not
vouch for, and nothing twice.
"""

import logging

from pushboat.errors import ForgeRefused, ForgeUnavailable, NotConfigured
from pushboat.model.head import Look
from pushboat.store import deliveries, looks
from workers.tools import Tools, split

EVERY = 1800.0
"""Seconds between two readings, apart from the one at each start: it costs two questions of the API's limit."""

OVERLAP = 600.0
"""Seconds that a reading goes back behind the one before it: an entry appears when the forge has given up waiting."""

LONGEST_AGO = 24 * 3600.0
"""Seconds. Whoever asked for something yesterday has asked again, or does not want it any more."""

MOST = 50

logger = logging.getLogger(__name__)


def read_log(tools: Tools, look: Look) -> float:
    """Have the forge send again what did not get through since the last reading; at the first one, nothing.

    Gives the seconds after which the forge takes the rest of our wishes; 0 where there is no rest.
    """
    if not look.log_due:
        return 0.0
    now, trouble = tools.store.now(), ""
    try:
        _redeliver(tools, look.repository, max(look.log_at - OVERLAP, now - LONGEST_AGO) if look.log_at else now)
    except ForgeUnavailable as limit:
        return limit.retry_after or 0.0  # the next look goes on: what has come again is known
    except (ForgeRefused, NotConfigured) as refusal:
        trouble = refusal.summary
    looks.log_read(tools.store, look.repository, tools.owner, EVERY, trouble)
    return 0.0


def _redeliver(tools: Tools, repository: str, since: float) -> None:
    forge, path = split(repository)
    client = tools.client(forge)
    hook_url = f"{tools.operator.public_url.rstrip('/')}/webhooks/{forge}"
    lost = [
        one
        for one in client.undelivered(path, hook_url, since)
        if not deliveries.is_known(tools.store, forge, one.delivery)
    ]
    refusals = []
    for one in lost[:MOST]:
        try:
            client.redeliver(path, one)
        except ForgeRefused as refusal:  # of this one; the others need not suffer for it
            refusals.append(refusal)
        else:
            logger.info("%s: delivery %s had not got through and comes again", repository, one.delivery)
    if refusals:
        raise refusals[0]
