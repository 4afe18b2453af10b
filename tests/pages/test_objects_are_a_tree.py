"""A deployment's and an environment's page show each object with its ReplicaSets and pods, their health and why."""

import re

from pushboat.model.health import Health
from pushboat.model.manifest import Ref
from pushboat.model.observed import MOST_OBJECTS, Observed
from pushboat.model.state import State
from tests.pages.ledger import Ledger
from tests.pages.seen import CACHE, CRASH, FAILING, pod, web
from tests.receiving.front_door import FrontDoor


def words(page: str) -> str:
    """Read a page's tree as people do: its words in order."""
    section = page.partition('aria-labelledby="health"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", section).split())


def test_i_see_which_pod_of_which_object_is_not_well(front_door: FrontDoor, ledger: Ledger) -> None:
    """The failing one stands first and open, with its ReplicaSet, its pods and why; what is well is folded."""
    made = ledger.ended(State.FAILED, "not healthy after 5m: 1 of 2 ready", observed=(CACHE, FAILING))
    page = front_door.get(f"/deployments/{made.id}").text
    said = words(page)
    assert "1 Degraded, 1 Healthy; seen" in said
    assert said.index("Deployment / web") < said.index("StatefulSet / cache")
    assert "ReplicaSet / web-7f9 revision 3, 1 of 2 pods well" in said
    assert f"Degraded Pod / web-7f9-fghij {CRASH}" in said
    assert said.count("1 of 2 ready") == 1, "what the Deployment says its ReplicaSet does not say again"
    assert page.count("<details data-key=") == page.count(' open><summary><span class="row failed">') == 2


def test_what_is_well_is_folded(front_door: FrontDoor, ledger: Ledger) -> None:
    """Where everything runs I read one line for each object, and unfold its pods if I like."""
    made = ledger.ended(State.SUCCEEDED, "healthy", observed=(web(pod("web-7f9-abcde"), more=4), CACHE))
    page = front_door.get(f"/deployments/{made.id}").text
    assert " open><summary>" not in page
    assert "and 4 more" in words(page)


def test_the_environment_says_by_whom_and_when_its_objects_were_seen(front_door: FrontDoor, ledger: Ledger) -> None:
    """A deployment that changed nothing of an object looks at no pods of it: they are shown as seen before."""
    first = ledger.ended(State.SUCCEEDED, "healthy", observed=(web(pod("web-7f9-abcde")), CACHE))
    second = ledger.ended(State.SUCCEEDED, "healthy", observed=(web(), CACHE))
    said = words(front_door.get("/environments/github/acme/shop/staging").text)
    assert f"2 Healthy; seen by #{second.id}" in said
    assert "Pod / web-7f9-abcde" in said
    assert f"Its pods as #{first.id} saw them: nothing was deployed to it since." in said


def test_pods_of_before_are_not_shown_for_what_is_not_well_now(front_door: FrontDoor, ledger: Ledger) -> None:
    """Yesterday's healthy pods say nothing about what is missing today."""
    ledger.ended(State.SUCCEEDED, "healthy", observed=(web(pod("web-7f9-abcde")),))
    ledger.ended(State.FAILED, "gone", observed=(web(health=Health.MISSING, reason="is not in the cluster"),))
    said = words(front_door.get("/environments/github/acme/shop/staging").text)
    assert "Missing Deployment / web is not in the cluster" in said
    assert "web-7f9-abcde" not in said


def test_a_running_deployment_shows_what_it_sees_now(front_door: FrontDoor, ledger: Ledger) -> None:
    """While it waits the page shows each object as it was seen last, and whoever follows is told that there is news."""
    made = ledger.running()
    assert words(front_door.get(f"/deployments/{made.id}").text) == ""
    assert front_door.get(f"/api/v1/deployments/{made.id}/progress").json()["observed_at"] is None
    ledger.sees(made, (web(pod("web-7f9-abcde", Health.PROGRESSING, "is starting"), health=Health.PROGRESSING),))
    ledger.sees(made, (web(pod("web-7f9-abcde")),))
    said = words(front_door.get(f"/deployments/{made.id}").text)
    assert "is starting" not in said
    assert "Healthy Pod / web-7f9-abcde" in said
    assert front_door.get(f"/api/v1/deployments/{made.id}/progress").json()["observed_at"]


def test_what_a_pod_says_is_only_text(front_door: FrontDoor, ledger: Ledger) -> None:
    """A reason with markup or signs that turn the line round is shown as it is written."""
    hostile = pod("web-7f9-abcde", Health.DEGRADED, '<img src=x onerror="alert(1)">\u202e')
    made = ledger.ended(State.FAILED, "not healthy", observed=(web(hostile, health=Health.DEGRADED),))
    page = front_door.get(f"/deployments/{made.id}").text
    assert "<img src=x" not in page
    assert "\u202e" not in page


def test_of_a_crowd_the_worst_are_kept(front_door: FrontDoor, ledger: Ledger) -> None:
    """A deployment of a thousand objects keeps those that are not well, and its page stays small."""
    crowd = [
        Observed(ref=Ref("apps", "Deployment", "shop", f"web-{number}"), health=Health.HEALTHY)
        for number in range(5 * MOST_OBJECTS)
    ]
    made = ledger.ended(State.FAILED, "not healthy", observed=(*crowd, FAILING))
    page = front_door.get(f"/deployments/{made.id}").text
    assert CRASH in page
    assert len(page) < 200_000


def test_what_an_object_made_is_counted_by_its_pods_or_else_by_itself(front_door: FrontDoor, ledger: Ledger) -> None:
    """A CronJob has its run and that one's pod below it, an object of my own kind what its operator made."""
    crashes = pod("nightly-1-abcde", Health.PROGRESSING, CRASH)
    run = Observed(ref=Ref("batch", "Job", "shop", "nightly-1"), health=Health.PROGRESSING, dependents=(crashes,))
    nightly = Observed(ref=Ref("batch", "CronJob", "shop", "nightly"), health=Health.HEALTHY, dependents=(run,))
    child = Observed(ref=Ref("sea.example", "Boat", "shop", "child"), health=Health.UNVERIFIED)
    mother = Observed(ref=Ref("sea.example", "Boat", "shop", "mother"), health=Health.HEALTHY, dependents=(child,))
    made = ledger.ended(State.SUCCEEDED, "healthy", observed=(nightly, mother))
    page = front_door.get(f"/deployments/{made.id}").text
    said = words(page)
    assert "CronJob / nightly 0 of 1 pod well" in said
    assert "Job / nightly-1 0 of 1 pod well" in said
    assert f"Pod / nightly-1-abcde {CRASH}" in said
    assert "Boat / mother 1 of 1 dependent well" in said
    assert page.count("<details data-key=") == 3
