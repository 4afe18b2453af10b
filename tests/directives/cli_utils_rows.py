"""What the annotations of cli-utils, kpt and kustomize mean."""

from tests.directives.row import CLI, kept, refused, row, waits
from workers.manifests.directives.words import (
    Dependency,
    Directives,
    Mode,
)

CLI_UTILS = [
    row(
        f"{CLI}/depends-on",
        "apps/namespaces/shop/Deployment/db, /namespaces/shop/Secret/key",
        Directives(
            dependencies=(
                Dependency(key=f"{CLI}/depends-on", group="apps", kind="Deployment", namespace="shop", name="db"),
                Dependency(key=f"{CLI}/depends-on", group="", kind="Secret", namespace="shop", name="key"),
            )
        ),
    ),
    row(
        f"{CLI}/depends-on",
        "rbac.authorization.k8s.io/ClusterRole/reader",
        waits(f"{CLI}/depends-on", group="rbac.authorization.k8s.io", kind="ClusterRole", namespace="", name="reader"),
    ),
    refused(f"{CLI}/depends-on", "Deployment/db", "names no object: write group/namespaces/NAMESPACE/KIND/NAME"),
    refused(f"{CLI}/depends-on", "apps/namespaces//Deployment/db", "names no object"),
    refused(f"{CLI}/depends-on", "", "names no object"),
    row(f"{CLI}/local-config", "true", Directives(mode=Mode.IGNORE)),
    row(f"{CLI}/origin", "path: base"),
    row("client.lifecycle.config.k8s.io/deletion", "detach", kept("client.lifecycle.config.k8s.io/deletion", "detach")),
    row("client.lifecycle.config.k8s.io/mutation", "ignore", Directives(mode=Mode.CREATE)),
    row("cli-utils.sigs.k8s.io/on-remove", "keep", kept("cli-utils.sigs.k8s.io/on-remove", "keep")),
    row("config.k8s.io/owning-inventory", "abc"),
    refused(f"{CLI}/apply-time-mutation", "- sourceRef: {}", "a manifest is applied as it stands in git"),
]
