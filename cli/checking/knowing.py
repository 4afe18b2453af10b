"""What is known without a cluster: a minor version of Kubernetes that is bundled."""

from collections.abc import Callable, Sequence

import click

from cli.output import one_line
from pushboat.model.manifest import Manifest
from pushboat.model.wording import listed
from workers.review.minors import DEFAULT, bundled, minor
from workers.review.offline import Offline
from workers.review.reviewing import Known

Knowing = Callable[[Sequence[Manifest]], Known]
"""Gives what is known where these manifests are, which may define kinds themselves."""


def of_kubernetes(name: str) -> Knowing:
    """Know what a bundled version serves; where none is named, the one that Pushboat itself is tested with.

    Raises:
        UsageError: it is not bundled.
    """
    wanted = ".".join((name or DEFAULT).removeprefix("v").split(".")[:2])
    if wanted not in bundled():
        raise click.UsageError(
            f"Kubernetes {one_line(wanted)} is not bundled, {listed(bundled())} are: "
            "ask a cluster of that version by --cluster or --context"
        )
    return lambda manifests: Offline(minor(wanted), manifests)
