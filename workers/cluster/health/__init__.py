"""How an object is doing: a table of small judges, one file per group of kinds. Pure: data in, a judgement out."""

from workers.cluster.health.judging import assess
from workers.cluster.health.passive import is_passive
from workers.cluster.health.pods import Trouble, trouble

__all__ = ["Trouble", "assess", "is_passive", "trouble"]
