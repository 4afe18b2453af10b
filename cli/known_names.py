"""The repositories and environments that there are, for a shell that completes: quickly, or not at all."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import click

from cli import configuration, elsewhere
from cli.known_environments import everywhere
from pushboat.errors import PushboatError

SECONDS = 2.0
"""Until a person who pressed Tab has waited long enough."""


def known_names(ctx: click.Context) -> Mapping[str, Collection[str]]:
    """Give the environments of each repository; none where nobody answers, for a shell can say nothing about it."""
    try:
        there = elsewhere.named()
        if there:
            return _there(replace(there, seconds=SECONDS, waits=0.0))
        root = ctx.find_root()
        root.obj = root.obj or root.params.get("config")
        return {name: list(found) for name, found in everywhere(configuration.load_for_reading(ctx)).items()}
    except (PushboatError, click.ClickException):
        return {}


def _there(there: elsewhere.Elsewhere) -> Mapping[str, Collection[str]]:
    found: dict[str, list[str]] = {}
    for row in there.get("environments").form["items"]:
        found.setdefault(row["repository"], []).append(row["environment"])
    return found
