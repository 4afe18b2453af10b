"""What Flux's annotations mean."""

from tests.directives.row import BETTER, FLUX, kept, recreated, refused, row
from workers.manifests.directives.words import (
    Directives,
    Keep,
    Mode,
    Recreate,
)

FLUXES = [
    row(f"{FLUX}/ssa", "Override"),
    row(f"{FLUX}/ssa", "Merge", Directives(mode=Mode.MERGE)),
    row(f"{FLUX}/ssa", "merge", Directives(mode=Mode.MERGE)),
    row(f"{FLUX}/ssa", "IfNotPresent", Directives(mode=Mode.CREATE)),
    row(f"{FLUX}/ssa", "Ignore", Directives(mode=Mode.IGNORE)),
    refused(f"{FLUX}/ssa", "Replace", "does not know 'Replace'"),
    row(
        f"{FLUX}/reconcile",
        "disabled",
        Directives(mode=Mode.IGNORE, keeps=(Keep(key=f"{FLUX}/reconcile", said="disabled"),)),
    ),
    row(f"{FLUX}/prune", "disabled", kept(f"{FLUX}/prune", "disabled")),
    row(f"{FLUX}/prune", "Disabled", kept(f"{FLUX}/prune", "disabled")),
    row(f"{FLUX}/force", "enabled", recreated(f"{FLUX}/force", Recreate.WHERE_IMMUTABLE), BETTER),
    row(f"{FLUX}/substitute", "disabled"),
    row(f"{FLUX}/name", "shop"),
    row("helm.toolkit.fluxcd.io/driftDetection", "disabled"),
    refused(f"{FLUX}/prune", "never", "does not know 'never'"),
    refused(f"{FLUX}/sas", "Merge", "is an annotation of Flux that Pushboat does not know"),
]
