"""A deployment that follows a plan does what it said, or says where the cluster moved in between."""

from tests.stories.conftest import Shop
from tests.stories.test_a_pull_request_is_planned import PLAN, opened
from tests.written import config_map, deployment

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: wbe}, ports: [{port: 80}]}
"""


def test_what_moved_since_the_plan_is_named(shop: Shop) -> None:
    """Somebody edits by hand what my pull request changes: the deployment says so, and its page names the object."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a", v="1"), "deploy/b.yaml": config_map("b", v="1")}))
    files = {"deploy/a.yaml": config_map("a", v="2"), "deploy/b.yaml": config_map("b", v="2")}
    number, sha = opened(shop, files)
    assert shop.status(sha, "success", context=PLAN) == "0 to create, 2 to change, 0 to delete"
    maps = f"/api/v1/namespaces/{shop.namespace}/configmaps"
    shop.cluster.request(
        "PATCH", f"{maps}/b?fieldManager=kubectl-edit", {"data": {"v": "3"}}, "application/merge-patch+json"
    )
    shop.forge.projects[shop.name].permissions["wendy"] = "write"
    shop.forge.comment(shop.name, number, "wendy", "/deploy staging")
    ended = shop.ended(sha)
    assert (ended["state"], ended["objects"]["configured"]) == ("succeeded", 2)
    assert ended["reason"].endswith("; the cluster moved since the plan: 1 object differs")
    page = shop.served.page(f"/deployments/{ended['id']}")
    assert f"ConfigMap/{shop.namespace}/b" in page.partition("not as plan")[2].partition("</div>")[0]


def test_a_merge_is_held_against_the_plan_of_its_pull_request(shop: Shop) -> None:
    """A squash is another commit than the planned head: I am told all the same where it does something else."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a", v="1")}))
    number, sha = opened(shop, {"deploy/a.yaml": config_map("a", v="2")})
    shop.status(sha, "success", context=PLAN)
    path = f"/api/v1/namespaces/{shop.namespace}/configmaps/a?fieldManager=kubectl-edit"
    shop.cluster.request("PATCH", path, {"data": {"v": "3"}}, "application/merge-patch+json")
    ended = shop.ended(shop.forge.merge(shop.name, number, "squash").sha)
    assert ended["reason"].endswith(f"; the base or the cluster moved since the plan of #{number}: 1 object differs")


def test_a_plan_warns_on_every_surface(shop: Shop) -> None:
    """A selector that means no pod stands in the status, on the page and in the API, with what was probably meant."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a")}))
    _, sha = opened(shop, {"deploy/web.yaml": deployment(), "deploy/service.yaml": SERVICE})
    sentence = f"Service/{shop.namespace}/web leads to no pod"
    said = shop.status(sha, "success", context=PLAN)
    assert said.startswith(f"2 to create, 0 to change, 0 to delete; 1 warning: {sentence}")
    address = shop.forge.statuses(shop.name, sha, PLAN)[-1][3].removeprefix(shop.served.url)
    assert sentence in shop.served.page(address)
    changes = shop.served.get(f"/api/v1/deployments/{address.rpartition('/')[2]}/changes")["items"]
    (warnings,) = [each["warnings"] for each in changes if each["kind"] == "Service"]
    assert [each["topic"] for each in warnings] == ["selects-nothing"]
    assert warnings[0]["sentence"].endswith(f"Deployment/{shop.namespace}/web has app=web")


def shown(shop: Shop, sha: str) -> tuple[dict[str, str], str]:
    """Give what a red plan says of each object, and its page."""
    shop.status(sha, "failure", context=PLAN)
    address = shop.forge.statuses(shop.name, sha, PLAN)[-1][3].removeprefix(shop.served.url)
    items = shop.served.get(f"/api/v1/deployments/{address.rpartition('/')[2]}/changes")["items"]
    return {f"{each['kind']}/{each['name']}": each["action"] for each in items}, shop.served.page(address)


def test_a_refused_plan_shows_all_objects(shop: Shop) -> None:
    """Refused by the API server or by its schema, the object stands with the reason beside the ones that are fine."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a")}))
    expected = {"Deployment/web": "refused", "ConfigMap/a": "unchanged", "ConfigMap/b": "created"}
    wrong = deployment().replace("replicas: 1", "replicas: -1")
    number, sha = opened(shop, {"deploy/web.yaml": wrong, "deploy/b.yaml": config_map("b")})
    actions, page = shown(shop, sha)
    assert actions == expected
    assert "greater than or equal to 0" in page
    misspelt = {"deploy/web.yaml": deployment().replace("replicas: 1", "replica: 1")}
    sha = shop.forge.update_pull_request(shop.name, number, misspelt).sha
    actions, page = shown(shop, sha)
    assert actions == expected
    assert 'class="action refused"' in page


JOB = """
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}
"""


def test_a_field_that_cannot_change_leaves_everything_as_it_is(shop: Shop) -> None:
    """My push changes a Job's image beside a ConfigMap: red with the advice first, and the ConfigMap is untouched."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a", v="1"), "deploy/job.yaml": JOB}))
    ended = shop.ended(
        shop.push({"deploy/a.yaml": config_map("a", v="2"), "deploy/job.yaml": JOB.replace("a:1", "a:2")})
    )
    assert ended["state"] == "failed"
    assert ended["reason"].startswith("give the Job a new name or ")
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"v": "1"}
