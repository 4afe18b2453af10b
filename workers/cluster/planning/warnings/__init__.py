"""What somebody should know before a plan is carried out: one rule, one function; pure."""

from workers.cluster.planning.warnings.table import RULES, warned

__all__ = ["RULES", "warned"]
