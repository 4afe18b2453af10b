"""Rights as the manifests that grant them: accounts, a Role per namespace, a ClusterRole only for what has none.

Text and not just data: beside each rule stands what it is for, and what else it means.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cli.output import one_line
from pushboat.model.wording import listed
from workers.cluster.rights import ROLES, Needs, Right, impersonation, reasons

_PLAIN = re.compile(r"[a-z][a-z0-9.\-]*(/[a-z]+)?")
_NO_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
"""What YAML reads as something else than text."""
_VERBS = ("get", "list", "watch", "create", "patch", "delete", "impersonate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who gets rights: a service account (`namespace/name`), or a user by the name that the cluster knows."""

    name: str

    @property
    def is_account(self) -> bool:
        """Say whether it is a service account."""
        return "/" in self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is granted for one environment, under one `name`: what it `needs`, to whoever deploys there.

    `pushboat` is Pushboat's own account, which may speak as `speaks_as` where that is another one. `creates` are the
    namespaces that may not be there yet.
    """

    name: str
    needs: Needs
    pushboat: Subject
    speaks_as: Subject | None = None
    creates: Sequence[str] = ()


def manifests(wanted: Wanted) -> Iterator[str]:
    """Write the manifests, each one a document."""
    deployer = wanted.speaks_as or wanted.pushboat
    for space in wanted.creates:
        why = "A Role lives in a namespace that is there already; Pushboat would create it, without a right in it."
        yield f"# {why}\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: {word(space)}\n"
    if deployer.is_account:
        yield _account(deployer)
    spaces = defaultdict[str, list[Right]](list)
    for right in sorted(wanted.needs.all):
        spaces[right.namespace].append(right)
    for space, rights in sorted(spaces.items()):
        yield _role(wanted.name, space, rights)
        yield _binding(wanted.name, space, deployer)
    if wanted.speaks_as:
        speaks = impersonation(wanted.speaks_as.name)
        name = f"{wanted.name}-speaks"
        yield _role(name, speaks.namespace, [speaks])
        yield _binding(name, speaks.namespace, wanted.pushboat)


def word(text: str) -> str:
    """Write a text so that YAML reads nothing else."""
    return text if _PLAIN.fullmatch(text) and text not in _NO_WORDS else json.dumps(text)


def _account(subject: Subject) -> str:
    namespace, _, name = subject.name.partition("/")
    return f"apiVersion: v1\nkind: ServiceAccount\nmetadata:\n{_metadata(name, namespace)}"


def _metadata(name: str, namespace: str) -> str:
    return f"  name: {word(name)}\n" + (f"  namespace: {word(namespace)}\n" if namespace else "")


def _role(name: str, namespace: str, rights: Iterable[Right]) -> str:
    kind = "Role" if namespace else "ClusterRole"
    head = f"apiVersion: {ROLES}/v1\nkind: {kind}\nmetadata:\n{_metadata(name, namespace)}rules:\n"
    return head + "".join(_rules(rights))


def _rules(rights: Iterable[Right]) -> Iterator[str]:
    """Write a rule for each group, list of verbs and list of names; resources that share them stand together."""
    verbs = defaultdict[tuple[str, str, str], set[str]](set)
    for each in rights:
        verbs[each.group, each.resource, each.name].add(each.verb)
    rules = defaultdict[tuple[str, tuple[str, ...]], dict[str, list[str]]](dict)
    for (group, resource, name), some in verbs.items():
        resources = rules[group, tuple(each for each in _VERBS if each in some)]
        resources.setdefault(resource, []).append(name)
    for (group, allowed), resources in rules.items():
        for names in sorted({tuple(sorted(filter(None, each))) for each in resources.values()}):
            yield _rule(group, [each for each in resources if tuple(sorted(filter(None, resources[each]))) == names],
                        allowed, names)  # fmt: skip


def _rule(group: str, resources: Sequence[str], verbs: Sequence[str], names: Sequence[str]) -> str:
    said = dict.fromkeys(why for each in resources for why in reasons(group, each, verbs))
    lines = [*(f"# {why}" for why in said), f"- apiGroups: [{word(group)}]"]
    lines += [f"  resources: [{', '.join(map(word, resources))}]"]
    lines += [f"  resourceNames: [{', '.join(map(word, names))}]"] if names else []
    lines += [f"  verbs: [{', '.join(verbs)}]"]
    return "".join(f"  {line}\n" for line in lines)


def _binding(name: str, namespace: str, subject: Subject) -> str:
    kind = "Role" if namespace else "ClusterRole"
    place, _, who = subject.name.partition("/")
    if subject.is_account:
        said = f"- kind: ServiceAccount\n  name: {word(who)}\n  namespace: {word(place)}\n"
    else:
        said = f"- kind: User\n  apiGroup: {ROLES}\n  name: {word(subject.name)}\n"
    return (
        f"apiVersion: {ROLES}/v1\nkind: {kind}Binding\nmetadata:\n{_metadata(name, namespace)}"
        f"roleRef:\n  apiGroup: {ROLES}\n  kind: {kind}\n  name: {word(name)}\nsubjects:\n{said}"
    )


def headed(place: str, cluster: str, kinds: Sequence[str], source: str) -> str:
    """Write the comment above an environment's manifests: whose they are, and for what."""
    lines = [
        f"The least rights of {place} at cluster {cluster}, for the kinds {source}:",
        f"{listed(kinds)}.",
        "A kind that comes later needs more, and one that left needs them until it is pruned: print them again then.",
    ]
    return "".join(f"# {one_line(line)}\n" for line in lines)
