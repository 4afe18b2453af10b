"""One row for each annotation and value: what it means there, in our words, and how ours compares with it.

`same`: it means what it means there. `better`: what it asks for happens always, or more safely. `refused`: named, with
the reason. Documents show these rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.manifests.directives.words import (
    NOTHING,
    Action,
    DeleteWhen,
    Dependency,
    Directives,
    Hook,
    Keep,
    Mode,
    Occasion,
    Phase,
    Propagation,
    Recreate,
    Rule,
)

SAME, BETTER, REFUSED = "same", "better", "refused"
ARGO, HELM, FLUX = "argocd.argoproj.io", "helm.sh", "kustomize.toolkit.fluxcd.io"
KAPP, CLI, WERF = "kapp.k14s.io", "config.kubernetes.io", "werf.io"
SYNCS = frozenset({Occasion.FIRST, Occasion.LATER, Occasion.ROLLBACK})


@dataclass(frozen=True, kw_only=True)
class Row:
    """An annotation, what it means to us, and how that compares; `says` is part of a refusal."""

    key: str
    value: str
    means: Directives = NOTHING
    verdict: str = SAME
    says: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)
    kind: str = "Job"

    def __str__(self) -> str:
        """Name it as it is written."""
        return f"{self.key}: {self.value[:40]}"


def hooks(*found: Hook) -> Directives:
    return Directives(is_hook=True, hooks=found)


def argo(phase: Phase, said: str) -> Hook:
    return Hook(phase, SYNCS, said)


def once(phase: Phase, occasion: Occasion, said: str) -> Hook:
    return Hook(phase, frozenset({occasion}), said)


def kept(key: str, said: str, *, asks: bool = False) -> Directives:
    return Directives(keeps=(Keep(key=key, said=said, asks=asks),))


def recreated(key: str, how: Recreate) -> Directives:
    return Directives(recreate=how, recreate_key=key)


def deleted(*when: DeleteWhen) -> Directives:
    return Directives(delete_when=frozenset(when))


def waits(key: str, **named: object) -> Directives:
    return Directives(dependencies=(Dependency(key=key, **named),))  # type: ignore[arg-type]  # the row says which


def row(key: str, value: str, means: Directives = NOTHING, verdict: str = SAME, **more: object) -> Row:
    return Row(key=key, value=value, means=means, verdict=verdict, **more)  # type: ignore[arg-type]


def refused(key: str, value: str, says: str) -> Row:
    return Row(key=key, value=value, verdict=REFUSED, says=says)


OPTIONS = f"{ARGO}/sync-options"
ARGO_CD = [
    row(f"{ARGO}/hook", "PreSync", hooks(argo(Phase.BEFORE, "PreSync"))),
    row(f"{ARGO}/hook", "Sync", hooks(argo(Phase.SYNC, "Sync"))),
    row(f"{ARGO}/hook", "PostSync", hooks(argo(Phase.AFTER, "PostSync"))),
    row(f"{ARGO}/hook", "SyncFail", hooks(argo(Phase.ON_FAILURE, "SyncFail"))),
    row(f"{ARGO}/hook", "PreDelete", hooks(once(Phase.BEFORE, Occasion.REMOVAL, "PreDelete"))),
    row(f"{ARGO}/hook", "PostDelete", hooks(once(Phase.AFTER, Occasion.REMOVAL, "PostDelete"))),
    row(f"{ARGO}/hook", "Skip", hooks()),
    row(f"{ARGO}/hook", "PreSync, PostSync", hooks(argo(Phase.BEFORE, "PreSync"), argo(Phase.AFTER, "PostSync"))),
    row(f"{ARGO}/hook", "PreSync,PreSync", hooks(argo(Phase.BEFORE, "PreSync"))),
    row(f"{ARGO}/hook", "Skip,PreSync", hooks(argo(Phase.BEFORE, "PreSync"))),
    refused(f"{ARGO}/hook", "presync", "did you mean 'PreSync'?"),
    refused(f"{ARGO}/hook", "", "is empty"),
    refused(f"{ARGO}/hook", "Whenever", "does not know 'Whenever'"),
    row(f"{ARGO}/hook-delete-policy", "BeforeHookCreation", deleted(DeleteWhen.BEFORE_CREATION)),
    row(f"{ARGO}/hook-delete-policy", "HookSucceeded", deleted(DeleteWhen.SUCCEEDED)),
    row(f"{ARGO}/hook-delete-policy", "HookFailed", deleted(DeleteWhen.FAILED)),
    row(
        f"{ARGO}/hook-delete-policy",
        "HookSucceeded, HookFailed",
        deleted(DeleteWhen.SUCCEEDED, DeleteWhen.FAILED),
    ),
    refused(f"{ARGO}/hook-delete-policy", "HookSuceeded", "did you mean 'HookSucceeded'?"),
    row(f"{ARGO}/sync-wave", "5", Directives(wave=5)),
    row(f"{ARGO}/sync-wave", "-10", Directives(wave=-10)),
    refused(f"{ARGO}/sync-wave", "first", "must be a whole number in quotes, not 'first'"),
    refused(f"{ARGO}/sync-wave", "1.5", "must be a whole number"),
    refused(f"{ARGO}/sync-wave", "٣", "must be a whole number"),
    refused(f"{ARGO}/sync-wave", "99999999999999999999", "must be a whole number"),
    row(OPTIONS, "Prune=false", kept(OPTIONS, "Prune=false")),
    row(OPTIONS, "Prune=confirm", kept(OPTIONS, "Prune=confirm", asks=True)),
    row(OPTIONS, "Delete=false", kept(OPTIONS, "Delete=false"), BETTER),
    row(OPTIONS, "Delete=confirm", kept(OPTIONS, "Delete=confirm", asks=True), BETTER),
    row(OPTIONS, "Replace=true", recreated(OPTIONS, Recreate.WHERE_IMMUTABLE), BETTER),
    row(OPTIONS, "Replace=true", verdict=BETTER, kind="CustomResourceDefinition"),
    row(OPTIONS, "Force=true", recreated(OPTIONS, Recreate.WHERE_IMMUTABLE), BETTER),
    row(OPTIONS, "Force=true,Replace=true", recreated(OPTIONS, Recreate.INSTEAD_OF_UPDATE)),
    row(OPTIONS, "Force=false,Replace=false"),
    row(OPTIONS, "SkipDryRunOnMissingResource=true", Directives(may_be_unknown=True)),
    row(OPTIONS, "PrunePropagationPolicy=orphan", Directives(propagation=Propagation.ORPHAN)),
    row(OPTIONS, "PruneLast=true", verdict=BETTER),
    row(OPTIONS, "ServerSideApply=true", verdict=BETTER),
    row(OPTIONS, "ServerSideApply=false", verdict=BETTER),
    row(OPTIONS, "ApplyOutOfSyncOnly=true", verdict=BETTER),
    row(OPTIONS, "RespectIgnoreDifferences=true", verdict=BETTER),
    row(OPTIONS, "FailOnSharedResource=true", verdict=BETTER),
    row(OPTIONS, "CreateNamespace=true", verdict=BETTER),
    row(OPTIONS, "ClientSideApplyMigration=false", verdict=BETTER),
    row(
        OPTIONS,
        " Prune=false , ServerSideApply=true, SkipDryRunOnMissingResource=true",
        Directives(keeps=(Keep(key=OPTIONS, said="Prune=false"),), may_be_unknown=True),
    ),
    refused(OPTIONS, "Validate=false", "Validate=false is not supported: every object is held against"),
    refused(OPTIONS, "Prune=never", "does not know 'Prune=never': known: Prune=confirm, Prune=false, Prune=true"),
    refused(OPTIONS, "Prun=false", "did you mean 'Prune=false'?"),
    row(f"{ARGO}/compare-options", "IgnoreExtraneous", verdict=BETTER),
    row(f"{ARGO}/compare-options", "ServerSideDiff=true,IncludeMutationWebhook=true", verdict=BETTER),
    refused(f"{ARGO}/compare-options", "IgnoreEverything", "does not know"),
    row(f"{ARGO}/ignore-healthcheck", "true", Directives(waited=False)),
    row(f"{ARGO}/ignore-healthcheck", "false"),
    refused(f"{ARGO}/ignore-restart-policy", "true", "not supported"),
    refused(f"{ARGO}/health-aggregate-overrides", "Suspended=Healthy", "health has one meaning here"),
    row(f"{ARGO}/tracking-id", "shop:apps/Deployment:shop/web"),
    row(f"{ARGO}/refresh", "hard", kind="Widget"),
    refused(f"{ARGO}/sync-waves", "5", "did you mean 'argocd.argoproj.io/sync-wave'?"),
]
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
KAPPS = [
    row(f"{KAPP}/change-group", "apps.big.co/db", Directives(groups=("apps.big.co/db",))),
    row(f"{KAPP}/change-group.two", "{kind}-{namespace}-{name}", Directives(groups=("Job-shop-one",))),
    row(
        f"{KAPP}/change-rule",
        "upsert after upserting apps.big.co/db",
        Directives(rules=(Rule(key=f"{KAPP}/change-rule", action=Action.UPSERT, after=True, group="apps.big.co/db"),)),
    ),
    row(
        f"{KAPP}/change-rule.x",
        "upsert before upserting db",
        Directives(rules=(Rule(key=f"{KAPP}/change-rule.x", action=Action.UPSERT, after=False, group="db"),)),
    ),
    row(
        f"{KAPP}/change-rule.y",
        "delete before deleting db",
        Directives(rules=(Rule(key=f"{KAPP}/change-rule.y", action=Action.DELETE, after=False, group="db"),)),
    ),
    row(f"{KAPP}/change-rule", "upsert before deleting old", verdict=BETTER),
    row(f"{KAPP}/change-rule", "delete after upserting new", verdict=BETTER),
    refused(f"{KAPP}/change-rule", "upsert after deleting old", "what leaves git is deleted after everything else"),
    refused(f"{KAPP}/change-rule", "upsert after upserting", "is no rule: write `upsert after upserting GROUP`"),
    refused(f"{KAPP}/change-rule", "apply after applying x", "is no rule"),
    refused(f"{KAPP}/change-rule", "upsert after upserting change-groups.kapp.k14s.io/crds", "an order of their own"),
    row(f"{KAPP}/create-strategy", "fallback-on-update", verdict=BETTER),
    row(
        f"{KAPP}/update-strategy",
        "fallback-on-replace",
        recreated(f"{KAPP}/update-strategy", Recreate.WHERE_IMMUTABLE),
        BETTER,
    ),
    row(f"{KAPP}/update-strategy", "always-replace", recreated(f"{KAPP}/update-strategy", Recreate.INSTEAD_OF_UPDATE)),
    row(f"{KAPP}/update-strategy", "skip", Directives(mode=Mode.CREATE)),
    row(f"{KAPP}/update-strategy", ""),
    row(f"{KAPP}/delete-strategy", "orphan", kept(f"{KAPP}/delete-strategy", "orphan")),
    row(f"{KAPP}/noop", "", Directives(mode=Mode.IGNORE)),
    row(f"{KAPP}/exists", "", Directives(mode=Mode.EXPECT)),
    row(f"{KAPP}/disable-wait", "", Directives(waited=False)),
    row(f"{KAPP}/disable-original", ""),
    row(f"{KAPP}/deploy-logs", "for-new"),
    row(f"{KAPP}/identity", "v1;shop/batch/Job/one;batch/v1"),
    refused(f"{KAPP}/noop", "true", "an empty value only"),
    refused(f"{KAPP}/nonce", "", "every deployment would change the object"),
    refused(f"{KAPP}/versioned", "", "every deployment would leave another copy"),
    refused(f"{KAPP}/renew-duration", "1h", "not supported"),
    refused(f"{KAPP}/update-strategy", "replace", "does not know 'replace'"),
    refused(f"{KAPP}/no-such-thing", "", "is an annotation of kapp that Pushboat does not know"),
]
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
ROWS = [*ARGO_CD, *HELMS, *FLUXES, *KAPPS, *CLI_UTILS, *WERFS]
