"""Places: the environments of which something is known here, whatever the files say of them today.

By these the environments of a pattern are found that there are: something was brought there, or is on its way, or
somebody holds it. What was destroyed is none any more, until something comes there again.
"""

import sqlalchemy as sa

from pushboat.store.database.engine import Store

Place = tuple[str, str]
"""A repository (`github/acme/shop`) and an environment."""

# A freeze is kept for the places that there are; so it makes none.
_KNOWN = sa.text(
    "SELECT l.repository, l.environment FROM lane l "
    "WHERE l.number = 0 AND :repository IN ('', l.repository) AND NOT (l.seq = l.deployed_seq AND EXISTS "
    "(SELECT 1 FROM deployment d WHERE d.lane_id = l.id AND d.seq = l.seq AND d.kind = 'removal')) "
    "UNION SELECT h.repository, h.environment FROM hold h "
    "WHERE :repository IN ('', h.repository) AND h.environment <> '' AND h.deployment = 0 AND h.kind <> 'freeze' "
    "AND (h.ends_at IS NULL OR h.ends_at > :now)"
)


def known(store: Store, repository: str = "") -> frozenset[Place]:
    """List them, of one repository or of all."""
    with store.reading() as tx:
        rows = tx.rows(_KNOWN, repository=repository, now=tx.now)
    return frozenset((row["repository"], row["environment"]) for row in rows)
