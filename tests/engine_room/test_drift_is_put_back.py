"""With `self_heal: true` what people change is put back in the lane's turn, past no hold, slower each time."""

import pytest
import yaml

from pushboat.model.hold import Scope
from pushboat.model.state import State, Trigger
from pushboat.store import deployments, progress_lines, releases
from tests.engine_room.drifting import LANE, Watched
from tests.store.repository import NAME
from tests.written import config_map, deployment, repository_file

SETTINGS = "/api/v1/namespaces/$NS/configmaps/settings"
BLUE = {"data": {"colour": "blue"}}
RED = config_map("settings", colour="red")
STAGING = Scope(repository=NAME, environment="staging")


def test_what_somebody_changed_is_put_back_and_leaves_no_release(watched: Watched) -> None:
    """I edit by hand, and minutes later it is as it was deployed: history says so, and the commit stays green."""
    made = watched.release(RED, config_map("other"))
    other = watched.map("other")["metadata"]["resourceVersion"]
    shown = watched.repository.shown(made.sha)
    watched.edit(SETTINGS, BLUE)
    watched.github.down = True
    found = watched.come_round()
    assert found.count == 1
    healed = watched.healed()
    assert (healed.state, healed.trigger, healed.again, healed.sha) == (State.SUCCEEDED, Trigger.SELF_HEAL, 1, made.sha)
    assert healed.reason == "put back release 1; 2 objects: 1 configured, 1 unchanged; health was not waited for"
    (line,) = [each.text for each in progress_lines.listed(watched.store, healed.id) if each.phase == "drift"]
    assert 'data.colour is "blue" instead of "red", by kubectl-edit at ' in line
    assert watched.map("settings")["data"] == {"colour": "red"}
    assert watched.map("other")["metadata"]["resourceVersion"] == other
    assert watched.come_round().found == ()
    assert watched.repository.shown(made.sha) == shown
    assert [each.number for each in releases.listed(watched.store, LANE)] == [1]
    assert deployments.running_in(watched.store, LANE) == watched.repository.row(made)
    assert watched.healing() == []


@pytest.mark.proves("self-heal")
def test_hooks_did_their_work_and_do_not_run_again(watched: Watched) -> None:
    """Migrations ran when I deployed: putting an edit back runs none of them, and takes none for a leftover."""
    made = watched.release(hook("migrate", "PreSync"), hook("tell", "PostSync"), RED)
    assert made.state is State.SUCCEEDED, made.reason
    jobs = f"/apis/batch/v1/namespaces/{watched.namespace}/jobs"
    ran = {each["metadata"]["name"]: each["metadata"]["uid"] for each in watched.cluster.get(jobs)["items"]}
    assert set(ran) == {"migrate", "tell"}
    watched.edit(SETTINGS, BLUE)
    assert [str(each.ref) for each in watched.come_round().found] == [f"ConfigMap/{watched.namespace}/settings"]
    assert watched.healed().state is State.SUCCEEDED
    now = {each["metadata"]["name"]: each["metadata"]["uid"] for each in watched.cluster.get(jobs)["items"]}
    assert now == ran
    assert watched.map("settings")["data"] == {"colour": "red"}


def test_one_that_cannot_be_put_back_is_tried_once_and_said(watched: Watched) -> None:
    """Somebody froze what they changed: one failed try, its reason on my commit, and no loop."""
    made = watched.release(RED, config_map("other", colour="red"))
    watched.edit(SETTINGS, {**BLUE, "immutable": True})
    assert watched.come_round().count == 1
    failed = watched.healed()
    assert failed.state is State.FAILED
    for _ in range(3):
        watched.come_round(4000)
    assert [each.id for each in watched.healed_so_far()] == [failed.id]
    assert watched.found().unhealed.startswith(f"not put back: deployment {failed.id} failed: ")
    state, said = watched.repository.shown(made.sha)[-1]
    assert (state, said[:62]) == ("errored", 'drift: ConfigMap settings: data.colour is "blue" instead of "r')
    watched.edit(SETTINGS.replace("settings", "other"), BLUE)
    assert watched.come_round().count == 2
    assert watched.healed().state is State.FAILED, "nothing is written where something is refused"


def test_the_repositorys_file_may_decline_it(watched: Watched) -> None:
    """My file says `self_heal: false`: drift is said on my commit and stays, whatever the operator grants."""
    made = watched.release(RED, file=repository_file(wait="0s", self_heal=False))
    watched.edit(SETTINGS, BLUE)
    assert watched.come_round().count == 1
    assert watched.healing() == []
    assert watched.repository.shown(made.sha)[-1][0] == "errored"
    watched.release(RED, config_map("other"))
    watched.edit(SETTINGS, BLUE)
    watched.come_round()
    assert watched.healed().state is State.SUCCEEDED


def test_it_waits_until_it_is_healthy_again_like_any_deployment(watched: Watched) -> None:
    """Somebody scaled my web to nothing: it is put back, and green means that it runs again."""
    watched.release(deployment("web", replicas=2), file=repository_file(wait="5m"))
    watched.edit("/apis/apps/v1/namespaces/$NS/deployments/web", {"spec": {"replicas": 0}}, "kubectl-scale")
    found = watched.come_round()
    assert "spec.replicas is 0 instead of 2, by kubectl-scale at " in str(found.found[0])
    made = watched.healed()
    assert (made.state, "healthy in " in made.reason) == (State.SUCCEEDED, True)
    assert watched.cluster.deployment(watched.namespace, "web")["status"]["readyReplicas"] == 2


def hook(name: str, phase: str) -> str:
    """Write a Job that runs in one phase."""
    metadata = {"name": name, "annotations": {"argocd.argoproj.io/hook": phase}}
    pods = {"restartPolicy": "Never", "containers": [{"name": "once", "image": "registry.example/once:1"}]}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": {"template": {"spec": pods}}}
    return yaml.safe_dump(job)
