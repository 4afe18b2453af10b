"""How often each environment is compared with the release that runs there, as the operator says."""

from typing import Annotated

from pydantic import PlainValidator

from pushboat.config.durations import seconds
from pushboat.config.schema import Section

USUAL = 600.0
SHORTEST = 10.0
"""Seconds. Each comparison lists every kind that the environment has; more often than this it is a load of its own."""


def _every(written: object) -> float:
    every = seconds(written)
    if 0 < every < SHORTEST:
        raise ValueError("is too short: at least 10s, or 0 for only when somebody asks")
    return every


class DriftSection(Section):
    """`drift` as it is written."""

    every: Annotated[float, PlainValidator(_every)] = USUAL
