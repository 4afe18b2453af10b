"""What somebody edits while a deployment goes on is no part of it: found once it has ended, and put back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pushboat.model.drift import Sort
from pushboat.model.state import State
from tests.engine_room.drifting import Watched
from tests.engine_room.ten_kinds import KINDS, folder
from tests.until import until
from tests.written import deployment, repository_file


@pytest.mark.proves("drift-check")
def test_an_edit_while_a_rollout_is_waited_for_is_found_after_it(watched: Watched) -> None:
    """Ten kinds are edited and copied while web comes up: nothing is compared meanwhile, and then all of it is.

    What is deleted meanwhile is missing to the deployment itself, which is red then.
    """
    whole = f"{folder('a')}---\n{deployment('web', behaviour='unready')}"
    made = watched.pushed(whole, file=repository_file(wait="5m"))
    with ThreadPoolExecutor(1) as pool:
        ends = pool.submit(watched.carried_out, made)
        (pod,) = until(lambda: pods(watched, "web-"), within=120, what="the rollout to be waited for")
        for each in KINDS:
            edited = watched.edit(f"{each.url('$NS')}/a", each.change)
            watched.cluster.request("POST", each.url(watched.namespace), each.copied(edited, "d"))
        meanwhile = watched.look()
        assert (meanwhile.found, meanwhile.compared_at, meanwhile.trouble) == ((), 0.0, "")
        ready = {"metadata": {"annotations": {"devcluster.pushboat.dev/behaviour": None}}}
        watched.edit(f"/api/v1/namespaces/$NS/pods/{pod}", ready)
        ended = ends.result(60)
    found = {(each.ref.kind, each.ref.name): each.sort for each in watched.come_round().found}
    assert ended.state is State.SUCCEEDED, ended.reason
    wanted = {"a": Sort.CHANGED, "d": Sort.ADDED}
    assert found == {(each.kind, name): sort for each in KINDS for name, sort in wanted.items()}
    assert watched.healed().state is State.SUCCEEDED
    assert watched.come_round().found == ()


def pods(watched: Watched, prefix: str) -> list[str]:
    """Name the pods of a workload."""
    items = watched.cluster.get(f"/api/v1/namespaces/{watched.namespace}/pods")["items"]
    return [name for each in items if (name := each["metadata"]["name"]).startswith(prefix)]
