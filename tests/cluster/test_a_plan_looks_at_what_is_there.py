"""What the cluster has decides what a plan warns of, and what has nothing to say is not asked for."""

from pushboat.errors import ClusterRefused
from pushboat.model.changeset import ChangeSet
from tests.cluster.desk import Desk, actions, config_map, deployment
from tests.cluster.tried import written
from tests.lines import audited
from tests.until import until
from workers.cluster.client.connection import Cluster
from workers.cluster.planning.words import Plan
from workers.cluster.writing.dry_running import dry_run

RBAC = "rbac.authorization.k8s.io"


def test_a_plan_that_changes_nothing_asks_nothing(desk: Desk) -> None:
    """Everything is as it is: neither trying nor warning costs a request, whatever Services and budgets there are."""
    service = written("v1", "Service", "web", spec={"selector": {"app": "nobody"}, "ports": [{"port": 80}]})
    budget = written("policy/v1", "PodDisruptionBudget", "b", spec={
        "maxUnavailable": 0, "selector": {"matchLabels": {"app": "web"}}})  # fmt: skip
    text = deployment() + service + budget + config_map("settings", a="1")
    desk.deploy(text)
    cluster, audit = audited(desk.cluster)
    changes = dry_run(cluster, desk.plan(text))
    assert set(actions(changes).values()) == {"unchanged"}
    assert audit.asked == []
    assert changes.alarming == ()


def test_what_the_cluster_has_decides_about_services_and_budgets(desk: Desk) -> None:
    """Pods and budgets that are no part of my push count: what leads to them is no mistake, what keeps them is said."""
    pods = f"/api/v1/namespaces/{desk.namespace}/pods"
    kept, theirs = {"containers": [{"name": "a", "image": "a"}]}, {"name": "theirs", "labels": {"made-by": "operator"}}
    desk.cluster.request("POST", pods, {}, {
        "apiVersion": "v1", "kind": "Pod", "metadata": theirs, "spec": kept,
    })  # fmt: skip
    budgets = f"/apis/policy/v1/namespaces/{desk.namespace}/poddisruptionbudgets"
    spec = {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}
    desk.cluster.request("POST", budgets, {}, {
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "theirs"}, "spec": spec,
    })  # fmt: skip
    found = written("v1", "Service", "found", spec={"selector": {"made-by": "operator"}, "ports": [{"port": 80}]})
    lost = written("v1", "Service", "lost", spec={"selector": {"made-by": "nobody"}, "ports": [{"port": 80}]})
    changes = dry_run(desk.cluster, desk.plan(deployment() + found + lost))
    said = {each.ref.name: [str(warning.topic) for warning in each.warnings] for each in changes.changes}
    assert said == {"web": ["disruption"], "found": [], "lost": ["selects-nothing"]}


def test_who_may_not_see_pods_hears_no_guess(desk: Desk) -> None:
    """Under an account that may not list pods nothing is said of Services, and the plan goes on."""
    rules = [{"apiGroups": [""], "resources": ["services"], "verbs": ["*"]}]
    desk.deploy(
        written("v1", "ServiceAccount", "narrow")
        + written(f"{RBAC}/v1", "Role", "narrow", rules=rules)
        + written(
            f"{RBAC}/v1", "RoleBinding", "narrow",
            roleRef={"apiGroup": RBAC, "kind": "Role", "name": "narrow"},
            subjects=[{"kind": "ServiceAccount", "name": "narrow", "namespace": desk.namespace}],
        )
    )  # fmt: skip
    able = desk.allowing(prune=False)
    plan = able.plan(
        written("v1", "Service", "lost", spec={"selector": {"made-by": "nobody"}, "ports": [{"port": 80}]})
    )
    narrow = desk.cluster.speaking_as(f"{desk.namespace}/narrow")
    may = until(lambda: tried_as(narrow, plan), what="the account's rights")
    assert may.changes[0].warnings == ()
    assert dry_run(desk.cluster, plan).changes[0].warnings != ()


def tried_as(cluster: Cluster, plan: Plan) -> ChangeSet | None:
    """Try a plan under an account; nothing as long as the API server does not know its rights."""
    try:
        return dry_run(cluster, plan)
    except ClusterRefused:
        return None
