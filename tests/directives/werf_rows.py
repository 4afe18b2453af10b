"""What werf's annotations mean."""

from tests.directives.row import BETTER, WERF, kept, recreated, refused, row, waits
from workers.manifests.directives.words import (
    Dependency,
    Directives,
    Propagation,
    Recreate,
)

BY_STATE = f"{WERF}/deploy-dependency-db"

WERFS = [
    row(f"{WERF}/weight", "-10", Directives(weight=-10)),
    refused(f"{WERF}/weight", "ten", "must be a whole number"),
    row(BY_STATE, "state=ready,kind=StatefulSet,name=postgres", waits(BY_STATE, kind="StatefulSet", name="postgres")),
    row(
        BY_STATE,
        "state=present,kind=Deployment,group=apps,version=v1,name=app,namespace=app",
        waits(BY_STATE, ready=False, kind="Deployment", group="apps", version="v1", name="app", namespace="app"),
    ),
    refused(BY_STATE, "kind=StatefulSet", "is incomplete: write state=ready|present"),
    refused(BY_STATE, "state=ready", "is incomplete"),
    refused(BY_STATE, "state=ready,labels=x", "'labels=x' cannot be read"),
    row(
        "db.dependency.werf.io",
        "apps/v1:StatefulSet:shop:postgres",
        waits(
            "db.dependency.werf.io", group="apps", version="v1", kind="StatefulSet", namespace="shop", name="postgres"
        ),
    ),
    row(
        "db.external-dependency.werf.io",
        "v1:Namespace:shared",
        waits(
            "db.external-dependency.werf.io",
            group="",
            version="v1",
            kind="Namespace",
            namespace="",
            name="shared",
            external=True,
        ),
    ),
    row(
        "key.external-dependency.werf.io/resource",
        "secret/config",
        waits(
            "key.external-dependency.werf.io/resource", kind="secret", namespace="shop", name="config", external=True
        ),
    ),
    row(
        "app.external-dependency.werf.io/resource",
        "deployments.v1.apps/app",
        waits(
            "app.external-dependency.werf.io/resource",
            kind="deployments",
            version="v1",
            group="apps",
            namespace="elsewhere",
            name="app",
            external=True,
        ),
        beside={"app.external-dependency.werf.io/namespace": "elsewhere"},
    ),
    refused("app.external-dependency.werf.io/namespace", "elsewhere", "stands alone"),
    refused("app.external-dependency.werf.io/resource", "app", "names no object: write type/name"),
    row(f"{WERF}/track-termination-mode", "NonBlocking", Directives(waited=False)),
    row(f"{WERF}/track-termination-mode", "WaitUntilResourceReady"),
    row(f"{WERF}/fail-mode", "IgnoreAndContinueDeployProcess", Directives(waited=False)),
    row(f"{WERF}/fail-mode", "FailWholeDeployProcessImmediately"),
    row(f"{WERF}/ownership", "anyone", kept(f"{WERF}/ownership", "anyone")),
    row(f"{WERF}/delete-propagation", "Orphan", Directives(propagation=Propagation.ORPHAN)),
    row(
        f"{WERF}/delete-policy",
        "before-creation-if-immutable",
        recreated(f"{WERF}/delete-policy", Recreate.WHERE_IMMUTABLE),
        BETTER,
    ),
    row(f"{WERF}/delete-policy", "before-creation", recreated(f"{WERF}/delete-policy", Recreate.INSTEAD_OF_UPDATE)),
    refused(f"{WERF}/delete-policy", "succeeded", "only hooks are deleted after they ran"),
    row(f"{WERF}/deploy-on", "install,upgrade,rollback"),
    refused(f"{WERF}/deploy-on", "install", "what is in git is there after every deployment"),
    row(f"{WERF}/failures-allowed-per-replica", "3", verdict=BETTER),
    row(f"{WERF}/ignore-readiness-probe-fails-for-app", "20s", verdict=BETTER),
    row(f"{WERF}/log-regex-for-app", ".*"),
    row("project.werf.io/name", "shop"),
    refused(f"{WERF}/replicas-on-creation", "3", "leave spec.replicas out"),
    refused(f"{WERF}/sensitive", "true", "only Secrets are masked here"),
    row(
        f"{WERF}/delete-dependency-db",
        "state=absent,kind=Job",
        Directives(leaves_after=(Dependency(key=f"{WERF}/delete-dependency-db", kind="Job"),)),
    ),
    refused(f"{WERF}/delete-dependency-db", "state=ready,kind=Job", "write state=absent, and one of"),
]
