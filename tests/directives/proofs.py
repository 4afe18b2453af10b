"""Which test shows, on the real control plane, that an annotation means what its row says; the page links to it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.directives.row import ARGO, CLI, FLUX, HELM, KAPP, WERF, Row
from workers.manifests.directives.words import NOTHING

ROOT = Path(__file__).parents[2]
HOOKS, ALONE, LEAVING = "hooks_run_as_their_tool_would", "some_are_left_alone", "objects_leave_in_their_order"
LIES = "a_hook_never_lies"
REMOVAL = "removal/hooks_of_a_removal"
STAYING = "removal/what_stays_is_said"
COMING, WAITING = "objects_come_in_their_order", "waves_wait_for_what_they_need"
MEANINGS = "tests/directives/test_annotations_mean_what_they_mean_there.py"
REFUSED = (MEANINGS, "test_what_is_not_supported_is_refused_by_name")
UNDERSTOOD = (MEANINGS, "test_what_is_supported_is_understood")
OPTIONS, POLICY = f"{ARGO}/sync-options", f"{ARGO}/hook-delete-policy"
PROOFS: dict[tuple[str, str], tuple[str, ...]] = {
    (HOOKS, "hooks_and_waves_come_in_their_order"): (
        f"{ARGO}/hook: PreSync", f"{ARGO}/hook: Sync", f"{ARGO}/hook: PostSync", f"{ARGO}/sync-wave: 5",
        f"{ARGO}/sync-wave: -10",
    ),
    (LIES, "a_hook_of_two_phases_runs_in_each"): (f"{ARGO}/hook: PreSync, PostSync",),
    (HOOKS, "what_no_deployment_runs_is_said_and_not_run"): (
        f"{ARGO}/hook: Skip", f"{ARGO}/hook: Skip,PreSync", f"{ARGO}/hook: PreSync,PreSync",
        f"{POLICY}: BeforeHookCreation", f"{POLICY}: HookSucceeded, HookFailed", f"{HELM}/hook: test-success",
    ),
    (HOOKS, "helm_tells_a_rollback_from_an_upgrade"): (
        f"{HELM}/hook: post-install", f"{HELM}/hook: pre-rollback", f"{HELM}/hook: post-rollback",
    ),
    (HOOKS, "a_failing_hook_stops_what_comes_after_it"): (f"{ARGO}/hook: SyncFail",),
    (HOOKS, "helm_tells_an_installation_from_an_upgrade"): (
        f"{HELM}/hook: pre-install", f"{HELM}/hook: pre-upgrade", f"{HELM}/hook: post-upgrade", f"{HELM}/hook: test",
        f"{HELM}/hook: Pre-Install, pre-upgrade", f"{HELM}/hook-weight: -5",
    ),
    (HOOKS, "what_ran_is_deleted_when_its_tool_would"): (
        f"{POLICY}: HookSucceeded", f"{POLICY}: HookFailed", f"{HELM}/hook-delete-policy: hook-succeeded, hook-failed",
        f"{HELM}/hook-delete-policy: before-hook-creation",
    ),
    (REMOVAL, "each_tools_hooks_run_around_the_end_and_leave_nothing"): (
        f"{ARGO}/hook: PreDelete", f"{ARGO}/hook: PostDelete", f"{HELM}/hook: pre-delete", f"{HELM}/hook: post-delete",
    ),
    (STAYING, "what_somebody_protects_stays_and_is_named"): (
        f"{OPTIONS}: Prune=confirm", f"{OPTIONS}: Delete=false",
    ),
    (ALONE, "what_is_made_once_is_left_alone_then"): (
        f"{FLUX}/ssa: IfNotPresent", f"{KAPP}/update-strategy: skip",
        "client.lifecycle.config.k8s.io/mutation: ignore",
    ),
    (ALONE, "what_others_added_stays_where_it_is_merged"): (f"{FLUX}/ssa: Merge", f"{FLUX}/ssa: merge"),
    (ALONE, "what_is_ignored_is_neither_written_nor_deleted"): (
        f"{KAPP}/noop", f"{FLUX}/ssa: Ignore", f"{FLUX}/reconcile: disabled", f"{CLI}/local-config: true",
    ),
    (ALONE, "what_must_be_there_is_waited_for_and_never_written"): (f"{KAPP}/exists",),
    (LEAVING, "what_is_to_stay_stays_and_is_named"): (
        f"{OPTIONS}: Prune=false", f"{OPTIONS}: Delete=confirm", f"{HELM}/resource-policy: keep",
        f"{FLUX}/prune: disabled", f"{KAPP}/delete-strategy: orphan", "client.lifecycle.config.k8s.io/deletion: detach",
        "cli-utils.sigs.k8s.io/on-remove: keep", f"{WERF}/ownership: anyone", f"{FLUX}/prune: Disabled",
        f"{OPTIONS}: Delete=false",
        f"{OPTIONS}: Prune=false , ServerSideApply=true, SkipDryRunOnMissingResource=true",
    ),
    (LEAVING, "what_asks_for_a_word_leaves_with_it"): (f"{OPTIONS}: Prune=confirm",),
    (LEAVING, "what_an_object_owns_may_stay"): (
        f"{OPTIONS}: PrunePropagationPolicy=orphan", f"{WERF}/delete-propagation: Orphan",
    ),
    (LEAVING, "objects_leave_after_everything_new_is_healthy"): (f"{OPTIONS}: PruneLast=true",),
    (LEAVING, "nobody_leaves_before_those_that_need_it"): (
        f"{KAPP}/change-rule.y: delete before deleting db", f"{WERF}/delete-dependency-db: state=absent,kind=Job",
    ),
    (LEAVING, "what_is_replaced_is_deleted_and_made_anew"): (
        f"{OPTIONS}: Force=true,Replace=true", f"{KAPP}/update-strategy: always-replace",
        f"{WERF}/delete-policy: before-creation",
    ),
    (LEAVING, "what_cannot_change_is_made_anew_where_that_is_asked_for"): (
        f"{OPTIONS}: Replace=true", f"{OPTIONS}: Force=true", f"{FLUX}/force: enabled",
        f"{KAPP}/update-strategy: fallback-on-replace", f"{WERF}/delete-policy: before-creation-if-immutable",
    ),
    (COMING, "an_object_comes_after_those_that_it_waits_for"): (
        f"{KAPP}/change-group: apps.big.co/db", f"{KAPP}/change-group.two: {{kind}}-{{namespace}}-{{name}}",
        f"{KAPP}/change-rule: upsert after upserting apps.big.co/db",
        f"{KAPP}/change-rule.x: upsert before upserting db", f"{WERF}/weight: -10",
        f"{CLI}/depends-on: apps/namespaces/shop/Deployment/db, /namespaces/shop/Secret/key",
        f"{WERF}/deploy-dependency-db: state=present,kind=Deployment,group=apps,version=v1,name=app,namespace=app",
        "db.dependency.werf.io: apps/v1:StatefulSet:shop:postgres",
    ),
    (COMING, "an_object_may_wait_for_one_outside_of_namespaces"): (
        f"{CLI}/depends-on: rbac.authorization.k8s.io/ClusterRole/reader",
    ),
    (COMING, "a_dependency_is_healthy_before_what_waits_for_it"): (
        f"{WERF}/deploy-dependency-db: state=ready,kind=StatefulSet,name=postgres",
    ),
    (COMING, "what_nobody_waits_for_holds_nothing_up"): (
        f"{ARGO}/ignore-healthcheck: true", f"{KAPP}/disable-wait", f"{WERF}/track-termination-mode: NonBlocking",
        f"{WERF}/fail-mode: IgnoreAndContinueDeployProcess",
    ),
    (WAITING, "what_is_needed_from_elsewhere_is_waited_for"): (
        "db.external-dependency.werf.io: v1:Namespace:shared",
        "key.external-dependency.werf.io/resource: secret/config",
        "app.external-dependency.werf.io/resource: deployments.v1.apps/app",
    ),
    (WAITING, "a_kind_may_come_into_being_on_the_way"): (f"{OPTIONS}: SkipDryRunOnMissingResource=true",),
}  # fmt: skip
"""By the file (of tests/waves, where it names no folder) and the test, without what all of them begin with."""


def name_of(row: Row) -> str:
    """Name a row as the annotation is written."""
    return f"{row.key}: {row.value.strip()}" if row.value.strip() else row.key


def proof_of(row: Row) -> tuple[str, str] | None:
    """Find the file and the test that prove a row; None where none does."""
    if row.says:
        return REFUSED
    if row.means == NOTHING and not any(name_of(row) in rows for rows in PROOFS.values()):
        return UNDERSTOOD
    found = [proof for proof, rows in PROOFS.items() if name_of(row) in rows]
    return (_file(found[0][0]), f"test_{found[0][1]}") if found else None


def _file(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"tests/{folder or 'waves'}/test_{file}.py"


def missing() -> Iterator[str]:
    """Name the proofs whose test is not there."""
    proofs = ((_file(file), f"test_{test}") for file, test in PROOFS)
    for file, test in [*proofs, REFUSED, UNDERSTOOD]:
        body = ast.parse((ROOT / file).read_text()).body if (ROOT / file).is_file() else []
        if test not in {node.name for node in body if isinstance(node, ast.FunctionDef)}:
            yield f"{file}: {test}"
