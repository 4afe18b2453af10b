"""Everything that can be said about the manifests of an environment before a cluster is written to: all of it at once.

A review is one look at all of them, and one row here; cheapest first. Of two that say something about the same place of
one object, the first counts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from typing import Protocol

from pushboat.config.environment import Environment
from pushboat.config.images import NO_RULES, ImageRules
from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.wording import printable
from workers.manifests.directives.checking import wrong_in
from workers.review import admission, limits
from workers.review.images import images, mutable
from workers.review.misread import misread
from workers.review.outdated import optional, outdated
from workers.review.policy import Rulebook, abide, not_looked_at
from workers.review.schema.checking import Checked, check
from workers.review.schema.compiling import Compiled
from workers.review.schema.definitions import DEFINITION
from workers.review.schema.saying import finding
from workers.review.unserved import is_of_kubernetes
from workers.review.words import Finding, told

Version = tuple[str, str]


class Known(limits.Scope, Protocol):
    """Knows what a cluster serves, and by which schemas it judges.

    `minor` is its version, such as "1.36"; `asked` says that it is a cluster's own word.
    """

    @property
    def minor(self) -> str:
        """Name its minor version; "" where that is not known."""

    @property
    def asked(self) -> bool:
        """Say whether a cluster told all of this."""

    def published(self, wanted: Iterable[Version]) -> Mapping[Version, Compiled]:
        """Give the schemas of some versions of groups, as far as they are known."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is reviewed: the manifests of one environment, what is known of its cluster, and its rules, if any.

    `policies` are the cluster's own ValidatingAdmissionPolicies, with what binds them, as far as somebody gave them.
    `definitions` are those of kinds that somebody else brings. `image_rules` say what images must be.
    """

    manifests: Sequence[Manifest]
    environment: Environment
    known: Known
    rulebook: Rulebook | None = None
    policies: Sequence[Manifest] = ()
    definitions: Sequence[Manifest] = ()
    image_rules: ImageRules = NO_RULES

    @cached_property
    def checked(self) -> Checked:
        """Hold all manifests against their schemas, those of definitions among them included."""
        wanted = {(each.ref.group, each.version) for each in self.manifests} | {DEFINITION[:2]}
        published = self.known.published(wanted)
        return check(self.manifests, published, definitions=(*self.manifests, *self.definitions), live=lambda _: None)

    @cached_property
    def placed(self) -> Sequence[Manifest]:
        """Give all manifests in the namespaces that they will be in."""
        return [_placed(each, self.environment.namespace, self.known) for each in self.manifests]


def _placed(manifest: Manifest, namespace: str, known: Known) -> Manifest:
    """Put an object into the namespace that it will be in."""
    ref = manifest.ref
    if ref.namespace or not known.namespaced(ref.group, manifest.version, ref.kind):
        return manifest
    return replace(manifest, ref=Ref(ref.group, ref.kind, namespace, ref.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What was found, file by file, and a sentence about each kind that nobody here knows the schema of."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


Review = Callable[[Subject], Iterator[Finding]]


def review(subject: Subject) -> Reviewed:
    """Let every review look at the manifests."""
    found: list[Finding] = []
    for look in REVIEWS:
        said = {(each.place, each.ref) for each in found}
        found += [each for each in look(subject) if (each.place, each.ref) not in said]
    return Reviewed(findings=in_order(found), notes=tuple(_notes(subject)))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by the place where they stand, so that they can be read file by file."""
    return tuple(sorted(findings, key=lambda each: each.spot))


def _objects(subject: Subject) -> Iterator[Finding]:
    try:
        yield from limits.examine(subject.manifests, subject.environment, subject.known).findings
    except InvalidManifest as too_many:
        yield told("object", too_many.summary)


def _annotations(subject: Subject) -> Iterator[Finding]:
    for wrong in wrong_in(subject.manifests, recreate=subject.environment.recreate):
        sentence = f"{wrong.manifest.ref}: {wrong.slip.sentence}"
        yield Finding(rule="annotation", place=wrong.place, sentence=sentence, ref=wrong.manifest.ref)


def _schemas(subject: Subject) -> Iterator[Finding]:
    for manifest, fault in subject.checked.mistakes:
        yield finding(manifest, fault)


def _outdated(subject: Subject) -> Iterator[Finding]:
    if subject.known.minor:
        yield from outdated(subject.manifests, subject.known.minor, subject.known)


def _optional(subject: Subject) -> Iterator[Finding]:
    if not subject.known.asked:
        known = subject.known.namespaced
        served = (known(each.ref.group, each.version, each.ref.kind) is not None for each in subject.manifests)
        yield from optional(compress(subject.manifests, served))


def _images(subject: Subject) -> Iterator[Finding]:
    yield from mutable(images(subject.manifests), subject.image_rules)


def _policy(subject: Subject) -> Iterator[Finding]:
    if subject.rulebook is not None:
        yield from abide(subject.placed, subject.rulebook)


def _misread(subject: Subject) -> Iterator[Finding]:
    """Look last: where something is wrong as well, that counts, and says it."""
    yield from misread(subject.manifests)


def _admission(subject: Subject) -> Iterator[Finding]:
    if subject.policies or any(map(admission.is_bound_with, subject.manifests)):
        yield from admission.admitted(subject.placed, subject.policies)


REVIEWS: tuple[Review, ...] = (
    _objects,
    _annotations,
    _outdated,
    _optional,
    _schemas,
    _images,
    _policy,
    _admission,
    _misread,
)


def _notes(subject: Subject) -> Iterator[str]:
    names = {name for group, _, name in subject.checked.unchecked if not is_of_kubernetes(group)}
    for name in sorted(names):
        yield f"schema of {printable(name)} not checked: its definition is not known here"
    if subject.rulebook is not None:
        yield from not_looked_at(subject.manifests)
    yield from admission.not_in_force(subject.manifests, subject.policies)
