"""Annotations of cli-utils, and of kpt and kustomize beside it: dependencies, what is local, what is kept.

https://github.com/kubernetes-sigs/cli-utils: `config.kubernetes.io/depends-on` names objects of the same push as
`group/namespaces/namespace/Kind/name`, or `group/Kind/name` outside namespaces.
"""

from pushboat.model.wording import printable, quoted
from workers.manifests.directives.marks import Mark, Tool, choice, words
from workers.manifests.directives.words import NOTHING, Dependency, Directives, Keep, Mode, slip

DOMAIN = "config.kubernetes.io"
_DEPENDS_ON = f"{DOMAIN}/depends-on"
_DELETION = "client.lifecycle.config.k8s.io/deletion"
_MUTATION = "client.lifecycle.config.k8s.io/mutation"
_ON_REMOVE = "cli-utils.sigs.k8s.io/on-remove"


def _depends_on(mark: Mark) -> Directives:
    found: list[Dependency] = []
    for word in words(mark):
        parts = word.split("/")
        if len(parts) == 5 and parts[1] == "namespaces" and all(parts[2:]):
            found.append(_dependency(mark, parts[0], parts[2], parts[3], parts[4]))
        elif len(parts) == 3 and all(parts[1:]):
            found.append(_dependency(mark, parts[0], "", parts[1], parts[2]))
        else:
            return slip(
                mark.key,
                f"{mark.key}: {quoted(word)} names no object: write group/namespaces/NAMESPACE/KIND/NAME "
                "(the group of core kinds is empty), or group/KIND/NAME outside namespaces",
            )
    if not found:
        return slip(mark.key, f"{printable(mark.key)} names no object: name one, or remove it")
    return Directives(dependencies=tuple(dict.fromkeys(found)))


def _dependency(mark: Mark, group: str, namespace: str, kind: str, name: str) -> Dependency:
    return Dependency(key=mark.key, group=group, kind=kind, namespace=namespace, name=name)


TOOL = Tool(
    name="cli-utils",
    domains=(DOMAIN, "config.k8s.io", "client.lifecycle.config.k8s.io", "cli-utils.sigs.k8s.io"),
    meanings={
        _DEPENDS_ON: _depends_on,
        f"{DOMAIN}/local-config": choice({"true": Directives(mode=Mode.IGNORE), "false": NOTHING}),
        _DELETION: choice({"detach": Directives(keeps=(Keep(key=_DELETION, said="detach"),))}),
        _MUTATION: choice({"ignore": Directives(mode=Mode.CREATE)}),
        _ON_REMOVE: choice({"keep": Directives(keeps=(Keep(key=_ON_REMOVE, said="keep"),))}),
    },
    inert={
        "config.k8s.io/owning-inventory": "cli-utils' own mark",
        "cli-utils.sigs.k8s.io/inventory-id": "cli-utils' own mark",
        **{
            f"{DOMAIN}/{name}": "where kustomize or kpt found the object"
            for name in (
                "index", "path", "package", "origin", "transformations", "merge-source", "id", "seqindent",
                "previousNames", "previousNamespaces", "previousKinds", "prefixes", "suffixes",
            )
        },
    },
    refused={
        f"{DOMAIN}/apply-time-mutation": "a manifest is applied as it stands in git; write the value itself",
        f"{DOMAIN}/function": "no function is run on manifests here; run it before you commit",
        f"{DOMAIN}/container": "no function is run on manifests here; run it before you commit",
    },
)  # fmt: skip
