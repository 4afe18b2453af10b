"""What of a push will not be served for long: warnings, each with what to write instead and since which version."""

import re
from collections.abc import Iterable, Iterator

from pushboat.model.manifest import Manifest
from pushboat.model.wording import listed, printable
from workers.review.lifecycles import Lifecycle, lifecycle_of, number
from workers.review.unserved import Served, is_of_kubernetes, now_served
from workers.review.words import Finding, Kind, Weight

_UNFINISHED = re.compile(r"v\d+(alpha|beta)\d+")


def outdated(manifests: Iterable[Manifest], minor: str, served: Served) -> Iterator[Finding]:
    """Warn of what is deprecated in a minor version of Kubernetes or in the next; what is gone is told elsewhere."""
    at = number(minor)
    for each in manifests:
        life = lifecycle_of((each.ref.group, each.version, each.ref.kind))
        if is_ending(life, at):
            yield Finding(
                rule="deprecated-api",
                place=each.place_of(("apiVersion",)),
                sentence=f"{each.ref}: {_sentence(each, life, at, served)}",
                ref=each.ref,
                weight=Weight.WARNING,
            )


def may_end(kind: Kind) -> bool:
    """Say whether there is a version of Kubernetes in which an API is deprecated."""
    return bool(lifecycle_of(kind).deprecated)


def optional(manifests: Iterable[Manifest]) -> Iterator[Finding]:
    """Warn of what Kubernetes serves only where somebody turns it on: every alpha, and since 1.24 every new beta."""
    for each in manifests:
        if is_of_kubernetes(each.ref.group) and is_unfinished(each.version):
            yield Finding(
                rule="optional-api",
                place=each.place_of(("apiVersion",)),
                sentence=f"{each.ref}: {printable(each.api_version)} is served only by a cluster that turns it on",
                ref=each.ref,
                weight=Weight.WARNING,
            )


def is_unfinished(version: str) -> bool:
    """Say whether a version is an alpha or a beta."""
    return _UNFINISHED.fullmatch(version) is not None


def is_ending(life: Lifecycle, at: tuple[int, ...]) -> bool:
    """Say whether an API is served in a version and deprecated there, or in the one that follows."""
    if not life.deprecated or not life.removed or number(life.removed) <= at:
        return False
    return number(life.deprecated) <= (at[0], at[1] + 1)


def _sentence(manifest: Manifest, life: Lifecycle, at: tuple[int, ...], served: Served) -> str:
    api_version, kind = manifest.api_version, manifest.ref.kind
    begun = "since" if number(life.deprecated) <= at else "from"
    ends = f"{api_version} is deprecated {begun} Kubernetes {life.deprecated} and gone with {life.removed}"
    now = [each for each in now_served(api_version, kind, served) if each != api_version]
    if now:
        return f"{ends}: write {listed(now, 'or')}"
    if not life.replacement:
        return f"{ends}, without a successor so far"
    instead, _, called = life.replacement.rpartition("/")
    group, _, version = instead.rpartition("/")
    came = lifecycle_of((group, version, called)).introduced
    once = f" once the cluster has Kubernetes {came}" if came and number(came) > at else ""
    return f"{ends}: write {instead}{'' if called == kind else f' {called}'}{once}"
