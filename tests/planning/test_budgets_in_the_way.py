"""A plan warns of a PodDisruptionBudget that never lets a pod go, where the push makes it so."""

import pytest

from tests.planning.prospecting import warnings, workload, written


def budget(rule: str, selector: str = "{matchLabels: {app: web}}") -> str:
    return f"""---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: keep}}
spec: {{selector: {selector}, {rule}}}
"""


@pytest.mark.proves("plan-warnings")
@pytest.mark.parametrize(
    "rule", ["maxUnavailable: 0", "maxUnavailable: 0%", "minAvailable: 3", "minAvailable: 100%", "minAvailable: 67%"]
)
def test_a_budget_that_lets_nobody_go_is_named(rule: str) -> None:
    """Three replicas, and a budget that wants all three of them: whoever drains a node waits."""
    web = workload(spec="replicas: 3")
    ((_, sentence),) = warnings(web, web + budget(rule), "disruption")
    assert sentence == (
        "Deployment/shop/web cannot give up any of its 3 pods to a node that is drained: "
        f"PodDisruptionBudget/shop/keep has {rule}"
    )


@pytest.mark.parametrize(
    "rule", ["maxUnavailable: 1", "maxUnavailable: 1%", "minAvailable: 2", "minAvailable: 66%", "minAvailable: ²%"]
)
def test_a_budget_that_lets_one_go_is_no_matter(rule: str) -> None:
    """Parts of pods are rounded up, as the controller does."""
    assert warnings("", workload(spec="replicas: 3") + budget(rule), "disruption") == []


def test_a_budget_of_the_cluster_counts_where_the_number_changes() -> None:
    """I scale down to what somebody else's budget wants to keep."""
    keep = written(budget("minAvailable: 2"))
    before, after = workload(spec="replicas: 3"), workload(spec="replicas: 2")
    assert warnings(before, after, "disruption", budgets=keep)
    assert warnings(before, workload(spec="replicas: 3", image="a:2"), "disruption", budgets=keep) == []


def test_what_was_so_before_is_not_said_with_every_push() -> None:
    """The budget was there and so were the replicas: a new image is no reason to warn again."""
    keep = budget("minAvailable: 3")
    before, after = (workload(spec="replicas: 3", image=image) + keep for image in ("a:1", "a:2"))
    assert warnings(before, after, "disruption") == []


@pytest.mark.parametrize(
    "others",
    [
        budget("minAvailable: 1", "{matchLabels: {app: api}}"),
        budget("minAvailable: 1", "null"),
        budget("minAvailable: 1")
        + """---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: h}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
""",
    ],
)
def test_a_budget_of_others_or_of_an_unknown_number_is_no_matter(others: str) -> None:
    """Another workload's budget, one of nobody, and a workload whose pods an autoscaler counts."""
    assert warnings("", workload() + others, "disruption") == []
