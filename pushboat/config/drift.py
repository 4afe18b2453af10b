"""How often each environment is compared with the release that runs there, as the operator says."""

from typing import Annotated

from pydantic import PlainValidator

from pushboat.config.document import Document
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


def note_drift(document: Document) -> None:
    """Note where drift shall be put back that nobody looks for."""
    if document.mapping("drift").get("every") not in (0, "0"):
        return
    projects = document.mapping().get("projects")
    for index in range(len(projects) if isinstance(projects, list) else 0):
        for name in document.mapping("projects", index, "environments"):
            at = ("projects", index, "environments", name)
            if document.mapping(*at).get("self_heal") is True:
                document.note(
                    (*at, "self_heal"), "nothing is put back while 'drift' has 'every: 0': say how often to look"
                )
