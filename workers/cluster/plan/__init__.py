"""The plan: what would change, in stages. `making` decides purely, `live` reads, `dry_running` asks the API server."""

from workers.cluster.plan.dry_running import dry_run
from workers.cluster.plan.live import read_live
from workers.cluster.plan.making import make_plan
from workers.cluster.plan.words import Live, Plan, Stale, Step

__all__ = ["Live", "Plan", "Stale", "Step", "dry_run", "make_plan", "read_live"]
