"""A plan that the cluster would refuse in part shows all of it: what would be refused and why, and everything else."""

from dataclasses import replace

import pytest

from pushboat.errors import ApplyRejected, DeploymentFailed
from pushboat.model.changeset import Action, ChangeSet
from tests.cluster.desk import Desk, actions, config_map, deployment
from tests.cluster.tried import shown, written
from workers.cluster.client.connection import APPLY
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.rules import rules_of
from workers.cluster.reading.live import read_live


@pytest.mark.proves("plan")
def test_two_of_four_objects_are_refused_and_all_four_are_shown(desk: Desk) -> None:
    """I read which two would be refused and why, with the fields, beside the two that are fine."""
    desk.deploy(deployment() + config_map("settings", a="1"))
    wrong = deployment().replace("replicas: 1", "replicas: -1")
    bad = written("v1", "Service", "web", spec={"ports": [{"port": 99999}]})
    changes, error = shown(desk, desk.plan(wrong + config_map("settings", a="2") + config_map("new") + bad))
    assert isinstance(error, ApplyRejected)
    assert "(and 1 more)" in error.summary
    by_kind = {f"{each.ref.kind}/{each.ref.name}": each for each in changes.changes}
    assert {name: str(each.action) for name, each in by_kind.items()} == {
        "Deployment/web": "refused", "Service/web": "refused",
        "ConfigMap/settings": "configured", "ConfigMap/new": "created",
    }  # fmt: skip
    refused = by_kind["Deployment/web"]
    assert "greater than or equal to 0" in refused.why
    assert [str(each) for each in refused.fields] == ["spec.replicas: 1 → -1"]
    assert "99999" in by_kind["Service/web"].why
    assert changes.counts.refused == 2


def test_the_plan_begins_with_the_advice(desk: Desk) -> None:
    """A field that cannot change: the first words say what to do, for the object and for the whole plan."""
    desk.deploy(deployment())
    changes, error = shown(
        desk,
        desk.plan(
            deployment()
            .replace("matchLabels:\n      app: web", "matchLabels:\n      app: shop")
            .replace("labels:\n        app: web", "labels:\n        app: shop")
        ),
    )
    assert error is not None
    assert error.summary.startswith("give the Deployment a new name or ")
    assert changes.changes[0].why == error.summary


def test_a_refused_workload_leaves_its_service_unjudged(desk: Desk) -> None:
    """One mistake is one mistake: the Service of a refused Deployment is not said to lead nowhere besides."""
    service = written("v1", "Service", "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80}]})
    changes, _ = shown(desk, desk.plan(deployment().replace("replicas: 1", "replicas: -1") + service))
    assert [each.warnings for each in changes.changes] == [(), ()]
    assert {str(each.action) for each in changes.changes} == {Action.REFUSED, Action.CREATED}


def test_what_is_refused_while_the_plan_is_made_is_shown_beside_the_rest(desk: Desk) -> None:
    """Somebody else's object, another inventory's, and a prune that is too large: I see all objects, and why not."""
    desk.deploy("".join(config_map(name, a="1") for name in ("one", "two", "three", "four")))
    shown: list[ChangeSet] = []

    def made(text: str) -> dict[str, str]:
        manifests = desk.manifests(text)
        live = read_live(desk.cluster, desk.inventory(), manifests, desk.environment)
        with pytest.raises(DeploymentFailed) as refused:
            make_plan(manifests, live, rules_of(desk.environment), show=shown.append)
        whys = [each.why for each in shown[-1].changes if each.action is Action.REFUSED]
        assert whys
        assert all(refused.value.summary in why or why in refused.value.summary for why in whys[:1])
        return actions(shown[-1])

    helms = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs"}, "data": {"a": "helm"}}
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/theirs"
    desk.write("helm", path, helms, APPLY)
    same = "".join(config_map(name, a="1") for name in ("one", "two", "three", "four"))
    assert made(same + config_map("theirs", a="2") + config_map("new"))  == {
        "one": "unchanged", "two": "unchanged", "three": "unchanged", "four": "unchanged", "new": "created",
        "theirs": "refused",
    }  # fmt: skip
    assert made(config_map("one", a="1")) == {
        "one": "unchanged", "two": "refused", "three": "refused", "four": "refused",
    }  # fmt: skip
    other = replace(desk, repository="local/other")
    other.deploy(config_map("shared", a="1"))
    assert made(same + config_map("shared", a="2"))["shared"] == "refused"
