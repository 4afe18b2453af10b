"""The page that a commit status links to answers what happened, why, and who must act, without a click."""

import re
from html import unescape

import pytest

from pushboat.model.changeset import Action, Change
from pushboat.model.hold import Hold, Scope
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind, State
from pushboat.model.times import clock
from pushboat.store import holds, progress_lines
from pushboat.store.progress_lines import Line
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor

HOSTILE = "<script>alert('x')</script>"


def change(name: str, action: Action, diff: str = "") -> Change:
    """Make a change to one deployment object."""
    return Change(ref=Ref("apps", "Deployment", "shop", name), action=action, diff=diff)


def text_of(front_door: FrontDoor, path: str) -> str:
    """Give a page's words as a reader sees them."""
    answer = front_door.get(path)
    assert answer.status_code == 200
    words = re.sub(r"<[^>]+>", " ", answer.text)
    return re.sub(r" (?=[,.:;])", "", re.sub(r"\s+", " ", unescape(words)))


def test_red_says_why_at_once(front_door: FrontDoor, ledger: Ledger) -> None:
    """A failed deployment shows the failing object, its last words, who must act, and what got through before."""
    good = ledger.ended(State.SUCCEEDED, "healthy")
    details = "Pod/shop/web-7f9 container web exited with 1:\n```\nKeyError: 'DATABASE_URL'\n```"
    bad = ledger.ended(State.FAILED, "web-7f9: container web crashes", details=details)
    page = text_of(front_door, bad.path)
    for said in (
        f"{bad.sha[:7]} could not be deployed to staging",
        "web-7f9: container web crashes",
        "KeyError: 'DATABASE_URL'",
        "The commit must change",
        f"Last to get through: {good.sha[:7]}",
        "ada, pushed",
    ):
        assert said in page
    assert "```" not in page


def test_what_waits_says_for_what(front_door: FrontDoor, ledger: Ledger) -> None:
    """Staging is paused: its page, the overview, the delivery and the API all say by whom and what for."""
    scope = Scope(repository="github/acme/shop", environment="staging")
    hold = holds.put(ledger.store, Hold(kind="pause", scope=scope, by="ann", reason="we migrate")).hold
    held = ledger.queued()
    said = f"paused by ann since {clock(hold.since)}: we migrate"
    for path in (held.path, "/", f"/deliveries/{held.delivery}"):
        assert said in text_of(front_door, path)
    assert front_door.get(f"/api/v1{held.path}").json()["waits"] == said
    assert front_door.get(f"/api/v1{held.path}/progress").json()["waits"] == said
    holds.lift(ledger.store, "pause", scope)
    assert "waits for a free worker" in text_of(front_door, held.path)


@pytest.mark.parametrize(
    ("state", "actor"), [(State.FAILED, "The commit must change"), (State.ERRORED, "The commit is not at fault")]
)
def test_trouble_says_how_to_try_again(front_door: FrontDoor, ledger: Ledger, state: State, actor: str) -> None:
    """Red names who must act and the command that does it again; a plan does so too, and green asks for nothing."""
    bad = ledger.ended(state, "so it ended")
    page = text_of(front_door, bad.path)
    assert actor in page
    assert f"pushboat deliveries replay {bad.delivery}" in page
    assert front_door.get(f"/api/v1{bad.path}").json()["delivery"] == bad.delivery
    plan = ledger.ended(state, "so it ended", kind=Kind.PLAN, number=7)
    assert f"pushboat deliveries replay {plan.delivery}" in text_of(front_door, plan.path)
    assert "replay" not in text_of(front_door, ledger.ended(State.SUCCEEDED, "healthy").path)


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.ERRORED, State.CANCELLED])
def test_a_state_is_a_shape_and_a_word(front_door: FrontDoor, ledger: Ledger, state: State) -> None:
    """Nobody needs to see colours: every state has its own shape and its word."""
    page = front_door.get(ledger.ended(state, "so it ended").path).text
    assert f'href="#s-{state}"' in page
    assert f'id="s-{state}"' in page
    assert f'class="badge {state}">{state}</span>' in page
    assert 'http-equiv="refresh"' not in page


def test_a_running_one_is_followed(front_door: FrontDoor, ledger: Ledger) -> None:
    """While it runs the page shows the lines so far, goes on by itself, and refreshes where scripts are off."""
    made = ledger.running()
    page = front_door.get(made.path).text
    assert "applying 3 objects" in page
    assert f'data-follow="/api/v1/deployments/{made.id}/events"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "style=" not in page


def test_a_superseded_one_points_on(front_door: FrontDoor, ledger: Ledger) -> None:
    """A superseded deployment links to the newer one and says whether that contains it."""
    older = ledger.queued()
    newer = ledger.queued(contained=[older.id])
    page = front_door.get(older.path).text
    assert f'href="{newer.path}"' in page
    assert "Contained in" in page
    assert "superseded by" not in text_of(front_door, f"/deliveries/{older.delivery}")


def test_a_cancelled_one_says_by_whom_once(front_door: FrontDoor, ledger: Ledger) -> None:
    """The badge says cancelled; the sentence beside it says by whom, on each page that shows it."""
    made = ledger.ended(State.CANCELLED, "cancelled by wendy; what was applied before stays")
    for path in (made.path, "/", f"/deliveries/{made.delivery}"):
        page = front_door.get(path).text
        assert "by wendy; what was applied before stays" in page
        assert "cancelled by wendy" not in page


def test_objects_show_what_changed_first(front_door: FrontDoor, ledger: Ledger) -> None:
    """Changed objects come with their action and diff, unfolded while they are few; unchanged ones are one number."""
    changes = [change(f"same-{number}", Action.UNCHANGED) for number in range(9)]
    changes += [change("web", Action.CONFIGURED, "@@ spec.replicas @@\n-2\n+3"), change("old", Action.DELETED)]
    made = ledger.ended(State.SUCCEEDED, "done", changes=changes)
    page = front_door.get(made.path).text
    assert page.index("old") < page.index("web") < page.index("9 unchanged</summary>")
    assert '<span class="added">+3' in page
    assert "<details open>" in page
    many = [change(f"web-{number}", Action.CONFIGURED, "-1\n+2") for number in range(6)]
    assert "<details open>" not in front_door.get(ledger.ended(State.SUCCEEDED, "done", changes=many).path).text


@pytest.mark.proves("pages")
def test_a_plan_says_what_merging_would_do(front_door: FrontDoor, ledger: Ledger) -> None:
    """A plan's page opens with the counts; deployments and plans do not answer under each other's address."""
    made = ledger.ended(
        State.SUCCEEDED,
        "1 to create, 0 to change, 0 to delete",
        kind=Kind.PLAN,
        number=5,
        changes=[change("web", Action.CREATED, "+kind: Deployment")],
    )
    page = text_of(front_door, made.path)
    assert "Merging deploys to staging: 1 to create, 0 to change, 0 to delete" in page
    assert "#5" in page
    assert front_door.get(f"/deployments/{made.id}").status_code == 404


def test_hostile_text_stays_text(front_door: FrontDoor, ledger: Ledger) -> None:
    """Names, reasons, logs, diffs and file names from a repository never become part of the page."""
    made = ledger.ended(
        State.FAILED,
        HOSTILE,
        author=HOSTILE,
        details=f"{HOSTILE}\n```\n{HOSTILE}\n```",
        changes=[
            Change(ref=Ref("", HOSTILE, HOSTILE, HOSTILE), action=Action.CREATED, diff=f"+{HOSTILE}", notes=(HOSTILE,))
        ],
    )
    progress_lines.record(front_door.store, [Line(deployment=made.id, phase=HOSTILE, text=HOSTILE)])
    for path in (made.path, "/", "/deliveries", f"/deliveries/{made.delivery}", f"/{HOSTILE}"):
        page = front_door.get(path).text
        assert HOSTILE not in page
        assert page.count("<script ") == 1
    assert front_door.get(made.path).text.count("&lt;script&gt;") >= 9


def test_the_landing_page_puts_trouble_first(front_door: FrontDoor, ledger: Ledger) -> None:
    """The first page says in one sentence whether something is wrong, and lists that first."""
    assert "Nothing was deployed here yet" in text_of(front_door, "/")
    ledger.ended(State.SUCCEEDED, "healthy")
    assert "Nothing in trouble in 2 environments" in text_of(front_door, "/")
    ledger.ended(State.ERRORED, "the cluster does not answer", "production")
    page = text_of(front_door, "/")
    assert "1 of 2 environments did not get what was pushed: production" in page
    assert page.index("the cluster does not answer") < page.index("healthy")


def test_a_delivery_says_what_it_did(front_door: FrontDoor, ledger: Ledger) -> None:
    """Each delivery's page opens with its sentence and links to what it led to; the list can be narrowed by sha."""
    made = ledger.queued()
    ledger.queued("production")
    page = front_door.get(f"/deliveries/{made.delivery}").text
    assert f"<h1>deploys {made.sha[:7]} to staging</h1>" in page
    assert f'href="{made.path}"' in page
    narrowed = text_of(front_door, f"/deliveries?sha={made.sha}")
    assert "to staging" in narrowed
    assert "to production" not in narrowed


def test_a_refused_file_shows_every_mistake(front_door: FrontDoor, ledger: Ledger) -> None:
    """The sentence names the first, the page and the API all of them."""
    mistakes = (".pushboat.yaml:2:3: one", ".pushboat.yaml:3:3: <b>two</b>")
    number = ledger.refused(*mistakes)
    page = front_door.get(f"/deliveries/{number}").text
    assert "&lt;b&gt;two&lt;/b&gt;" in page
    assert front_door.get(f"/api/v1/deliveries/{number}").json()["details"] == "\n".join(mistakes)


def test_a_refused_head_is_trouble(front_door: FrontDoor, ledger: Ledger) -> None:
    """What was pushed and deploys nowhere is not called fine, until a later push to the same branch gets through."""
    ledger.ended(State.SUCCEEDED, "healthy")
    ledger.refused(".pushboat.yaml:2:3: one", ref="refs/heads/topic")
    assert "Nothing in trouble" in text_of(front_door, "/")
    number = ledger.refused(".pushboat.yaml:2:3: one", ".pushboat.yaml:3:3: two")
    page = front_door.get("/").text
    assert re.search(r"<h1[^>]*>main at \w{7} was refused</h1>", page)
    assert "nothing deployed: .pushboat.yaml:2:3: one (and 1 more)" in page
    assert f'href="/deliveries/{number}"' in page
    ledger.ended(State.SUCCEEDED, "healthy")
    assert "Nothing in trouble" in text_of(front_door, "/")


def test_older_deliveries_are_a_link_away(front_door: FrontDoor, ledger: Ledger) -> None:
    """The list shows a page at a time and its link goes on where it ended."""
    for _ in range(4):
        ledger.queued()
    first = front_door.get("/deliveries?limit=3").text
    link = re.search(r'class="more" href="([^"]+)"', first)
    assert link
    assert ">#1<" not in first
    assert ">#1<" in front_door.get(unescape(link[1])).text


def test_every_answer_is_locked_down(front_door: FrontDoor, ledger: Ledger) -> None:
    """Nothing from elsewhere is loaded, no page can be framed, nothing is cached but the static files."""
    made = ledger.queued()
    for path in ("/", made.path, "/nothing", "/api/v1/deployments", "/webhooks/github", "/static/pushboat.css"):
        answer = front_door.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert ("no-store" in answer.headers["Cache-Control"]) == (not path.startswith("/static"))
    assert not re.search(r'(?:src|href)="(?:https?:)?//', front_door.get("/").text)


def test_a_wrong_address_is_a_page_for_people(front_door: FrontDoor) -> None:
    """A browser gets a page with a way on, not JSON."""
    answer = front_door.get("/deployments/12345")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "There is no deployment 12345." in answer.text
