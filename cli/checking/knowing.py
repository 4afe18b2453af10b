"""What is known without a cluster: a minor version of Kubernetes that is bundled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from cli.output import one_line
from pushboat.model.manifest import Manifest
from pushboat.model.wording import listed
from workers.render.helm.capabilities import Capabilities
from workers.review.minors import DEFAULT, Minor, bundled, minor
from workers.review.offline import Offline
from workers.review.outdated import is_unfinished
from workers.review.reviewing import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowing:
    """What is known of a cluster: for manifests, which may define kinds themselves, and for charts that ask."""

    about: Callable[[Sequence[Manifest]], Known]
    capabilities: Callable[[], Capabilities]


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
    return Knowing(about=lambda manifests: Offline(minor(wanted), manifests), capabilities=lambda: _told(minor(wanted)))


def _told(minor: Minor) -> Capabilities:
    """Tell charts what every cluster of a version serves; what has to be turned on is left out."""
    kinds = [each for each in minor.kinds if not is_unfinished(each[1])]
    versions = {(f"{group}/{version}".lstrip("/"), kind) for group, version, kind in kinds}
    names = {name for version, kind in versions for name in (version, f"{version}/{kind}")}
    return Capabilities(version=minor.version, apis=tuple(sorted(names)))
