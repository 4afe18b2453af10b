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


def read_log(tools: Tools, look: Look) -> None:
    """Have the forge send again what did not get through since the last reading; at the first one, nothing."""
    if not look.log_due:
        return
    now, trouble = tools.store.now(), ""
    try:
        _redeliver(tools, look.repository, max(look.log_at - OVERLAP, now - LONGEST_AGO) if look.log_at else now)
    except ForgeUnavailable:
        return  # the next look tries again
    except (ForgeRefused, NotConfigured) as refusal:
        trouble = refusal.summary
    looks.log_read(tools.store, look.repository, tools.owner, EVERY, trouble)


def _redeliver(tools: Tools, repository: str, since: float) -> None:
    forge, path = split(repository)
    client = tools.clients(forge)
    hook_url = f"{tools.operator.public_url.rstrip('/')}/webhooks/{forge}"
    lost = [
        one
        for one in client.undelivered(path, hook_url, since)
        if not deliveries.is_known(tools.store, forge, one.delivery)
    ]
    for one in lost[:MOST]:
        client.redeliver(path, one)
        logger.info("%s: delivery %s had not got through and comes again", repository, one.delivery)
