"""What an admission policy is about: the rules, selectors and stars that say so, as the API server reads them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pushboat.model.manifest import Manifest
from pushboat.policy.selecting import selects
from pushboat.policy.words import Body, at, listing, mapping, mappings

_NAMED = "kubernetes.io/metadata.name"


def fits_all(constraints: Iterable[Body], manifest: Manifest, spaces: Mapping[str, Body]) -> bool | str:
    """Say whether an object is among what all of these take, by names, labels and namespaces; or why nobody knows."""
    unknown = ""
    for each in constraints:
        rules = [rule for _, rule in mappings(each.get("resourceRules"))]
        if rules and not any(_is_about(rule, manifest) for rule in rules):
            if each.get("matchPolicy") == "Exact" or not any(map(_of_any_version(manifest), rules)):
                return False
            unknown = f"it speaks of another version of {manifest.ref.kind}, into which only a server turns an object"
        if any(_is_about(rule, manifest) for _, rule in mappings(each.get("excludeResourceRules"))):
            return False
        if each.get("objectSelector") and not selects(
            each["objectSelector"], mapping(at(manifest.body, "metadata", "labels"))
        ):
            return False
        name = manifest.ref.name if is_space(manifest) else manifest.ref.namespace
        if (selector := each.get("namespaceSelector")) and name:
            space = manifest.body if is_space(manifest) else spaces.get(name)
            labels = {**mapping(at(space or {}, "metadata", "labels")), _NAMED: name}
            if space is None and _asks_more(selector):
                unknown = unknown or f"the labels of namespace {name} are not known here"
            elif not selects(selector, labels):
                return False
    return unknown or True


def _asks_more(selector: Any) -> bool:
    keys = {*mapping(mapping(selector).get("matchLabels"))}
    keys |= {str(each.get("key")) for _, each in mappings(mapping(selector).get("matchExpressions"))}
    return bool(keys - {_NAMED})


def is_space(manifest: Manifest) -> bool:
    """Say whether it is a Namespace."""
    return (manifest.ref.group, manifest.ref.kind) == ("", "Namespace")


def _is_about(rule: Body, manifest: Manifest) -> bool:
    versions = {str(each) for each in listing(rule.get("apiVersions"))}
    return bool({"*", manifest.version} & versions) and _of_any_version(manifest)(rule)


def _of_any_version(manifest: Manifest) -> Callable[[Body], bool]:
    """Ask whether a rule is about an object, in whichever version."""
    ref = manifest.ref
    asked: Mapping[str, set[str]] = {
        "apiGroups": {"*", ref.group},
        "operations": {"*", "CREATE"},
        "resources": {"*", "*/*", resource_of(ref.kind)},
    }

    def is_about(rule: Body) -> bool:
        names = listing(rule.get("resourceNames"))
        return (not names or ref.name in names) and all(
            values & {str(each) for each in listing(rule.get(field))} for field, values in asked.items()
        )

    return is_about


def resource_of(kind: str) -> str:
    """Name a kind as addresses do; kinds of others follow the same rule, as good as always."""
    name = kind.lower()
    if name == "endpoints":
        return name
    if name.endswith("s"):
        return f"{name}es"
    return f"{name[:-1]}ies" if name.endswith("y") and name[-2:-1] not in "aeiou" else f"{name}s"
