"""How a deployment's hooks ended: written before what ran is cleaned up, so that no hook runs twice after a crash."""

from collections.abc import Mapping

import sqlalchemy as sa

from pushboat.model.deployment import Claim
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import hook_runs

_ENDED = sa.text(
    "INSERT INTO hook_run (deployment_id, hook, outcome) "
    "SELECT id, :hook, :outcome FROM deployment WHERE id = :id AND fence = :fence "
    "ON CONFLICT (deployment_id, hook) DO NOTHING"
)


def ended(store: Store, claim: Claim, hook: str, outcome: str) -> None:
    """Write down how a hook ended; only the attempt that holds the deployment's fence may."""
    with store.writing() as tx:
        tx.change(_ENDED, id=claim.deployment.id, fence=claim.fence, hook=hook, outcome=outcome)


def outcomes(store: Store, number: int) -> Mapping[str, str]:
    """Give the hooks of a deployment that have ended, and how."""
    query = sa.select(hook_runs.c.hook, hook_runs.c.outcome).where(hook_runs.c.deployment_id == number)
    with store.reading() as tx:
        return {row["hook"]: row["outcome"] for row in tx.rows(query)}
