"""What must be there before a wave begins, and is not of this push: werf's external dependencies, kapp's `exists`."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pushboat.model.manifest import Manifest
from pushboat.model.wording import printable
from workers.manifests.directives.checking import Directed, Wrong, refuse
from workers.manifests.directives.edges import named
from workers.manifests.directives.reading import mode_key
from workers.manifests.directives.words import Dependency, Mode, Slip


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One object from elsewhere, and the manifest that waits for it; its own, where it is only expected."""

    manifest: Manifest
    dependency: Dependency

    @property
    def sentence(self) -> str:
        """Say who waits for what."""
        if self.manifest.ref.name == self.dependency.name and self.manifest.ref.kind == self.dependency.kind:
            return f"{self.manifest.ref}, which this push expects"
        return f"{named(self.dependency)}, which {self.manifest.ref} waits for"


def refuse_elsewhere(objects: Iterable[Directed], namespaces: Collection[str]) -> None:
    """Let nobody look into other namespaces than those of the environment.

    Raises:
        InvalidManifest: names every annotation that would.
    """
    refuse(list(_elsewhere(objects, namespaces)))


def _elsewhere(objects: Iterable[Directed], namespaces: Collection[str]) -> Iterator[Wrong]:
    for each in objects:
        for wanted in each.directives.dependencies:
            if wanted.external and wanted.namespace and wanted.namespace not in namespaces:
                sentence = (
                    f"{printable(wanted.key, 100)} waits for {named(wanted)}, which is outside of this environment's "
                    f"namespaces ({', '.join(namespaces)}): let the operator add that namespace, or remove it"
                )
                yield Wrong(manifest=each.manifest, slip=Slip(key=wanted.key, wrong=sentence))


def needs_of(members: Iterable[Directed]) -> tuple[Need, ...]:
    """List what the members of one wave need from elsewhere."""
    return tuple(need for each in members for need in _needs(each))


def _needs(each: Directed) -> Iterator[Need]:
    manifest, ref = each.manifest, each.manifest.ref
    if each.directives.mode is Mode.EXPECT and not each.directives.is_hook:
        expected = Dependency(
            key=mode_key(manifest.body, Mode.EXPECT),
            group=ref.group,
            version=manifest.version,
            kind=ref.kind,
            namespace=ref.namespace,
            name=ref.name,
            ready=False,
            external=True,
        )
        yield Need(manifest=manifest, dependency=expected)
    for dependency in each.directives.dependencies:
        if dependency.external:
            yield Need(manifest=manifest, dependency=dependency)
