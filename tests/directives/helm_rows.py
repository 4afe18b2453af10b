"""What Helm's annotations mean."""

from tests.directives.row import BETTER, HELM, deleted, hooks, kept, once, refused, row
from workers.manifests.directives.words import (
    DeleteWhen,
    Directives,
    Occasion,
    Phase,
)

HELMS = [
    row(f"{HELM}/hook", "pre-install", hooks(once(Phase.BEFORE, Occasion.FIRST, "pre-install"))),
    row(f"{HELM}/hook", "post-install", hooks(once(Phase.AFTER, Occasion.FIRST, "post-install"))),
    row(f"{HELM}/hook", "pre-upgrade", hooks(once(Phase.BEFORE, Occasion.LATER, "pre-upgrade"))),
    row(f"{HELM}/hook", "post-upgrade", hooks(once(Phase.AFTER, Occasion.LATER, "post-upgrade"))),
    row(f"{HELM}/hook", "pre-rollback", hooks(once(Phase.BEFORE, Occasion.ROLLBACK, "pre-rollback"))),
    row(f"{HELM}/hook", "post-rollback", hooks(once(Phase.AFTER, Occasion.ROLLBACK, "post-rollback"))),
    row(f"{HELM}/hook", "pre-delete", hooks(once(Phase.BEFORE, Occasion.REMOVAL, "pre-delete"))),
    row(f"{HELM}/hook", "post-delete", hooks(once(Phase.AFTER, Occasion.REMOVAL, "post-delete"))),
    row(f"{HELM}/hook", "test", hooks()),
    row(f"{HELM}/hook", "test-success", hooks()),
    row(
        f"{HELM}/hook",
        "Pre-Install, pre-upgrade",
        hooks(once(Phase.BEFORE, Occasion.FIRST, "pre-install"), once(Phase.BEFORE, Occasion.LATER, "pre-upgrade")),
    ),
    row(f"{HELM}/hook", "crd-install", verdict=BETTER, kind="CustomResourceDefinition"),
    refused(f"{HELM}/hook", "pre-instal", "did you mean 'pre-install'?"),
    refused(f"{HELM}/hook", " ", "is empty"),
    row(f"{HELM}/hook-weight", "-5", Directives(hook_weight=-5)),
    refused(f"{HELM}/hook-weight", "heavy", "must be a whole number"),
    row(f"{HELM}/hook-delete-policy", "before-hook-creation", deleted(DeleteWhen.BEFORE_CREATION)),
    row(
        f"{HELM}/hook-delete-policy",
        "hook-succeeded, hook-failed",
        deleted(DeleteWhen.SUCCEEDED, DeleteWhen.FAILED),
    ),
    refused(f"{HELM}/hook-delete-policy", "always", "does not know 'always'"),
    row(f"{HELM}/hook-output-log-policy", "hook-failed", verdict=BETTER),
    row(f"{HELM}/resource-policy", "keep", kept(f"{HELM}/resource-policy", "keep")),
    refused(f"{HELM}/resource-policy", "delete", "does not know 'delete'"),
    row("meta.helm.sh/release-name", "shop"),
    row("meta.helm.sh/release-namespace", "shop"),
    refused(f"{HELM}/hooks", "pre-install", "did you mean 'helm.sh/hook'?"),
]
