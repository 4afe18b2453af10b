"""I merge through GitHub's queue, and each group runs before it merges: main never holds what did not run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import breaking
from tests.fakes.forge import FakeForge
from tests.fakes.github import FakeGitHub
from tests.fakes.github_queue import MergeQueue
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map, deployment, repository_file

CONTEXT = "pushboat/staging"
LONG = 120.0
"""Seconds that a whole deployment may take on a machine that is busy."""

Shops = Callable[[Served, str], Shop]


@pytest.fixture(scope="module")
def queueing(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge]
) -> Iterator[Served]:
    """A Pushboat whose projects on GitHub deploy merge groups to staging."""
    operator = operators_file(kubeconfig, {"github": forges["github"]}, shops={"github": 4})
    for project in operator["projects"]:
        for environment in project["environments"].values():
            environment["merge_queue"] = "deploy"
    served = Served.start(tmp_path_factory.mktemp("queueing"), operator, environ_of({"github": forges["github"]}))
    yield served
    served.stop()


def with_queue(shop: Shop, *contexts: str) -> MergeQueue:
    """Let main of a shop be merged to by a queue that requires these checks."""
    assert isinstance(shop.forge, FakeGitHub)
    shop.ended(shop.push({"deploy/web.yaml": deployment(), ".pushboat.yaml": repository_file(wait="5m")}), within=LONG)
    return MergeQueue(shop.forge, shop.name, contexts)


def opened(shop: Shop, queue: MergeQueue, branch: str, files: dict[str, str]) -> int:
    """Open a pull request, and wait until it may enter the queue."""
    shop.push(files, branch=branch)
    number = shop.forge.open_pull_request(shop.name, branch).number
    until(lambda: queue.may_enter(number), within=LONG, what=f"all that is required to be green on #{number}")
    return number


@pytest.mark.proof
def test_three_groups_of_which_the_middle_one_crash_loops(queueing: Served, shops: Shops) -> None:
    """Staging ends at the first and then the third; main never holds the second, whose check says why."""
    shop = shops(queueing, "github")
    queue = with_queue(shop, CONTEXT)
    crashes = deployment(behaviour="crash-loop", image="registry.example/web:2")
    good, bad, next_one = (
        opened(shop, queue, "good", {"deploy/good.yaml": config_map("good")}),
        opened(shop, queue, "bad", {"deploy/web.yaml": crashes, ".pushboat.yaml": repository_file(wait="20s")}),
        opened(shop, queue, "next", {"deploy/next.yaml": config_map("next")}),
    )
    one, two, three = (queue.enter(number).sha for number in (good, bad, next_one))
    until(lambda: len(queue.merged) == 2, within=3 * LONG, what="two groups to be merged")
    assert queue.merged[0] == one
    assert queue.merged[1] not in (two, three), "the third was built anew, without the second"
    assert not queue.project.bare.contains(two, queue.tip)
    assert shop.states(two)[-1] == "failure"
    until(lambda: "rolled back to release" in shop.descriptions(two)[-1], what="what became of it")
    assert shop.cluster.names(shop.namespace) >= {"good", "next"}
    web = shop.cluster.deployment(shop.namespace, "web")["spec"]["template"]["spec"]
    assert web["containers"][0]["image"] == "registry.example/web:1"
    assert shop.states(queue.tip)[-1] == "success"
    begun = [each["sha"] for each in queueing.get(f"/api/v1/deployments?repository={shop.repository}")["items"]]
    assert three not in begun


@pytest.mark.proof
def test_the_worker_is_killed_while_a_group_is_deployed(queueing: Served, shops: Shops) -> None:
    """kill -9 in the middle: the group is carried on with, merges, and its push writes nothing in the cluster."""
    shop = shops(queueing, "github")
    queue = with_queue(shop, CONTEXT)
    number = opened(shop, queue, "many", {"deploy/many.yaml": breaking.many(300)})
    sha = queue.enter(number).sha
    until(lambda: breaking.members(shop), within=LONG, what="the first objects")
    breaking.kill(queueing, "worker")
    until(lambda: queue.merged == [sha], within=LONG, what="the group to be merged")
    until(lambda: not holds_of(shop), what="staging to be anybody's")
    after = breaking.fences(shop)
    assert shop.states(sha)[-1] == "success"
    items = queueing.get(f"/api/v1/deployments?repository={shop.repository}&sha={sha}")["items"]
    assert len([each for each in items if each["environment"] == "staging" and each["trigger"] == "merge-queue"]) == 1
    assert breaking.fences(shop) == after


def holds_of(shop: Shop) -> list[str]:
    """List what staging is held by."""
    items = shop.served.get("/api/v1/environments")["items"]
    (found,) = (each for each in items if (each["repository"], each["environment"]) == (shop.repository, "staging"))
    return [each["sentence"] for each in found["holds"]]


@pytest.mark.proof
def test_a_group_is_dropped_while_it_waits_for_health(queueing: Served, shops: Shops) -> None:
    """Somebody takes it out of the queue while it hangs: what ran before is brought back, and a push may follow."""
    shop = shops(queueing, "github")
    queue = with_queue(shop, CONTEXT)
    hanging = deployment(behaviour="unready", image="registry.example/web:2")
    number = opened(shop, queue, "hangs", {"deploy/web.yaml": hanging, "deploy/new.yaml": config_map("new")})
    sha = queue.enter(number).sha
    until(lambda: "new" in shop.cluster.names(shop.namespace), within=LONG, what="its objects")
    assert holds_of(shop)[0].startswith(f"deployed for #{number} in the merge queue ({sha[:7]}) since ")
    queue.leave(number)
    until(lambda: "new" not in shop.cluster.names(shop.namespace), within=LONG, what="what ran before")
    until(lambda: not holds_of(shop), what="staging to be anybody's")
    shop.status(sha, "error")
    pushed = shop.push({"deploy/more.yaml": config_map("more")})
    assert shop.ended(pushed, within=LONG)["state"] == "succeeded"
