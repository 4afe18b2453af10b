"""Whoever comes to red reads why once, in large letters, with what to do; what stands below says more, not the same."""

import re
from html import unescape

import pytest

from pushboat.model.health import Health
from pushboat.model.state import State
from tests.pages.ledger import Ledger
from tests.pages.seen import pod, web
from tests.receiving.front_door import FrontDoor

CRASH = "container app: CrashLoopBackOff (exit 1, restarted 5\u00d7)"
WHY = f"pod web-7f9-fghij, {CRASH}"
REASON = f"not healthy after 20s: Deployment/shop/web: {WHY}"
DETAILS = f"""**Deployment/shop/web** is Degraded: {WHY}

- 1 pod of the previous revision still runs
- pod web-7f9-fghij (Running), {CRASH}
  - event BackOff (5\u00d7): Back-off restarting failed container app
- pod web-7f9-other (Running), {CRASH}"""
SEEN = web(
    pod("web-7f9-fghij", Health.DEGRADED, CRASH),
    pod("web-7f9-other", Health.DEGRADED, CRASH),
    health=Health.DEGRADED,
    reason=WHY,
)


def words(front_door: FrontDoor, path: str) -> str:
    """Read a page as people do: its words in order."""
    page = front_door.get(path).text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.mark.parametrize("state", [State.FAILED, State.ERRORED])
def test_a_deployments_page_says_it_once(front_door: FrontDoor, ledger: Ledger, state: State) -> None:
    """On top, with who must act; then the events, the other pod, and the tree that shows where it is."""
    made = ledger.ended(state, REASON, details=DETAILS, observed=(SEEN,))
    said = words(front_door, f"/deployments/{made.id}")
    assert said.count(WHY) == 1
    assert said.index("must") > said.index(WHY)
    for more in (
        "Deployment/shop/web is Degraded",
        "1 pod of the previous revision still runs",
        "pod web-7f9-fghij (Running) \u2022 event BackOff",
        f"pod web-7f9-other (Running), {CRASH}",
        f"Degraded Pod / web-7f9-other {CRASH}",
        "Degraded Pod / web-7f9-fghij Degraded Pod",
    ):
        assert more in said


def test_details_that_say_no_more_are_left_out(front_door: FrontDoor, ledger: Ledger) -> None:
    """An object without pods has its reason on top, and nothing below repeats it."""
    why = "exceeded its progress deadline"
    details = f"**Deployment/shop/web** is Degraded: {why}\n"
    made = ledger.ended(State.FAILED, f"Deployment/shop/web: {why}", details=details)
    page = front_door.get(f"/deployments/{made.id}").text
    assert page.count(why) == 1
    assert 'class="details' not in page


def test_what_is_of_another_object_stays(front_door: FrontDoor, ledger: Ledger) -> None:
    """Two fail for one reason: the second is named with it, also where the headline has the first one's words."""
    why = "exceeded its progress deadline"
    details = f"**Deployment/shop/web** is Degraded: {why}\n\n**Deployment/shop/api** is Degraded: {why}"
    made = ledger.ended(State.FAILED, f"Deployment/shop/web: {why}; and 1 more", details=details)
    assert f"Deployment/shop/api is Degraded: {why}" in words(front_door, f"/deployments/{made.id}")


def test_a_name_that_begins_another_is_told_apart(front_door: FrontDoor, ledger: Ledger) -> None:
    """On top is web-2, with words that are web's too: those of web are not taken for told."""
    why = "1 of 2 ready"
    details = f"**Deployment/shop/web-2** is Degraded: {why}\n\n**Deployment/shop/web** is Degraded: {why}"
    reason = f"Deployment/shop/web-2: {why}; and 1 more"
    seen = web(health=Health.DEGRADED, reason=why)
    made = ledger.ended(State.FAILED, reason, details=details, observed=(seen,))
    said = words(front_door, f"/deployments/{made.id}")
    assert f"Deployment/shop/web is Degraded: {why}" in said
    assert f"Degraded Deployment / web {why}" in said


def test_an_environments_page_says_it_once(front_door: FrontDoor, ledger: Ledger) -> None:
    """On top; the list of what was deployed tells the reasons of those before."""
    ledger.ended(State.FAILED, "an older reason")
    ledger.ended(State.FAILED, REASON, details=DETAILS, observed=(SEEN,))
    said = words(front_door, "/environments/github/acme/shop/staging")
    assert said.count(WHY) == 1
    assert said.count("an older reason") == 1


def test_a_repositorys_page_says_it_once(front_door: FrontDoor, ledger: Ledger) -> None:
    """Beside its environment; the list of what was deployed last tells the reasons of those before."""
    ledger.ended(State.FAILED, "an older reason")
    ledger.ended(State.FAILED, REASON)
    said = words(front_door, "/repositories/github/acme/shop")
    assert said.count(WHY) == 1
    assert said.count("an older reason") == 1
