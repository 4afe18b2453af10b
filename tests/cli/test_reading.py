"""`status`, `history` and `deliveries`: what the store knows, for people and for programs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.changeset import Action, Change, FieldChange, PlanWarning, Topic
from pushboat.model.deployment import Counts
from pushboat.model.hold import Hold, Scope
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.times import clock
from pushboat.queue.bell import Bell
from pushboat.routing import Decision, Deploy
from pushboat.store import deliveries, enacting, ending, holds, lanes, routing_jobs
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.fresh_store import fresh_store
from tests.store.repository import time_passes

SHOP = "github/acme/shop"
SHA = "1a2b3c4" + "0" * 33
EVIL = "red \x1b[31m text"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the operator's file, up to date."""
    (home / "var").mkdir()
    opened = fresh_store(home / "var")
    yield opened
    opened.close()


def push(store: Store, name: str, sha: str = SHA) -> int:
    """Accept a push and give the delivery's id."""
    event = Event(
        kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/main", sha=sha, author="ada"
    )
    return deliveries.accept(store, "github", name, event).id


def queued(store: Store, delivery: int, pull_request: int = 0) -> int:
    """Route a delivery to staging."""
    claim = routing_jobs.claim_routing(store, SHOP, "test")
    assert claim is not None
    row = routing_jobs.next_unrouted(store, claim)
    assert row is not None
    act = Deploy(
        kind=Kind.DEPLOY,
        environment="staging",
        ref=row.event.ref,
        sha=row.event.sha,
        author="ada",
        trigger=Trigger.PUSH,
        pull_request=pull_request,
    )
    decision = Decision(acts=(act,), sentence="deploys main to staging")
    (number,) = enacting.complete(store, claim, delivery, decision, contained=())
    routing_jobs.release(store, claim)
    return number


def deployed(store: Store, delivery: int, reason: str, state: State = State.SUCCEEDED, pull_request: int = 0) -> int:
    """Route a delivery to staging and finish its deployment."""
    number = queued(store, delivery, pull_request)
    held = lanes.claim(store, number, "test")
    assert held is not None
    assert ending.finish(store, held, state, reason, counts=Counts(created=3))
    return number


def test_status_shows_every_environment(pushboat: Pushboat, store: Store) -> None:
    """What the operator's file names is shown, whether something was deployed there or not."""
    finished = pushboat("status")
    assert finished.returncode == 0, finished.stderr
    assert "nothing was deployed here yet" in finished.stdout
    deployed(store, push(store, "1"), "3 objects: 3 created; healthy in 2 s")
    time_passes(store, 5400)
    finished = pushboat("status")
    assert f"repository: {SHOP}" in finished.stderr
    line = next(line for line in finished.stdout.splitlines() if "staging" in line)
    assert all(word in line for word in ("staging", "✔ succeeded", "1a2b3c4", "1 h ago", "healthy in 2 s"))


def test_status_shows_what_a_pattern_has_made(pushboat: Pushboat, store: Store, home: Path) -> None:
    """Until something is deployed there is nothing to list; then it is listed by its own name."""
    file = home / "pushboat.yaml"
    file.write_text(file.read_text().replace("staging: {", '"{name}ing": {').replace("shop-staging", '"shop-{name}"'))
    for words in (("status",), ("status", SHOP)):
        finished = pushboat(*words)
        assert (finished.returncode, finished.stdout) == (0, ""), finished.stderr
        assert "there is no environment yet: add one to pushboat.yaml, or push what a pattern there" in finished.stderr
    queued(store, push(store, "1"))
    assert "staging" in pushboat("status", SHOP).stdout
    assert pushboat("status", "github/acme/other").returncode == 2


def test_status_says_that_an_unmerged_commit_runs(pushboat: Pushboat, store: Store) -> None:
    """Staging runs #7 before its merge: whoever looks reads it, also a script."""
    deployed(store, push(store, "1"), "healthy", pull_request=7)
    line = next(line for line in pushboat("status").stdout.splitlines() if "staging" in line)
    assert "runs an unmerged commit, 1a2b3c4 of #7, since " in line
    items = json.loads(pushboat("status", "--json").stdout)["items"]
    assert [each["unmerged"]["pull_request"] for each in items if each["unmerged"]] == [7]


def test_status_says_what_a_queued_one_waits_for(pushboat: Pushboat, store: Store) -> None:
    """Ann paused staging: the terminal says so, and so does the JSON."""
    scope = Scope(repository=SHOP, environment="staging")
    hold = holds.put(store, Hold(kind="pause", scope=scope, by="ann")).hold
    queued(store, push(store, "1"))
    said = f"paused by ann since {clock(hold.since)}"
    assert said in " ".join(pushboat("status").stdout.split())
    assert json.loads(pushboat("status", "--json").stdout)["items"][0]["latest"]["waits"] == said


def test_status_for_programs(pushboat: Pushboat, store: Store) -> None:
    """--json has the deployment in the form of the HTTP API: the latest, and the one that runs."""
    good = deployed(store, push(store, "1"), "fine")
    bad = deployed(store, push(store, "2", "f" * 40), "web crashes", State.FAILED)
    (item,) = json.loads(pushboat("status", "--json").stdout)["items"]
    assert (item["repository"], item["environment"]) == (SHOP, "staging")
    assert (item["latest"]["id"], item["latest"]["state"]) == (bad, "failed")
    assert (item["running"]["id"], item["running"]["objects"]["created"]) == (good, 3)


def test_history_is_newest_first_and_pages(pushboat: Pushboat, store: Store) -> None:
    """The list says how to get the next page; filters narrow it."""
    first = deployed(store, push(store, "1"), "fine")
    second = deployed(store, push(store, "2", "f" * 40), "web crashes", State.FAILED)
    page = pushboat("history", SHOP, "staging", "--limit", "1")
    assert "✗ failed" in page.stdout
    assert "fine" not in page.stdout
    assert f"--before {second}" in page.stderr
    rest = json.loads(pushboat("history", "--before", str(second), "--json").stdout)
    assert ([row["id"] for row in rest["items"]], rest["next"]) == ([first], None)
    assert [row["id"] for row in json.loads(pushboat("history", "--state", "failed", "--json").stdout)["items"]] == [
        second
    ]


def test_a_repository_may_be_written_in_any_letters(pushboat: Pushboat, store: Store) -> None:
    """GitHub shows Acme/Shop, the operator wrote acme/shop: every command that takes a name takes both."""
    number = deployed(store, push(store, "1"), "fine")
    for words in (("status",), ("history",), ("deliveries", "list", "--repository")):
        items = json.loads(pushboat(*words, "github/Acme/SHOP", "--json").stdout)["items"]
        assert len(items) == 1, words
    (item,) = json.loads(pushboat("history", "github/Acme/Shop", "staging", "--json").stdout)["items"]
    assert (item["id"], item["repository"]) == (number, SHOP)


def test_an_empty_history_says_where_to_look(pushboat: Pushboat, store: Store) -> None:
    """Nothing on stdout, a hint on stderr, exit code 0."""
    finished = pushboat("history")
    assert (finished.returncode, finished.stdout) == (0, "")
    assert "nothing was deployed yet" in finished.stderr
    assert "pushboat deliveries list" in finished.stderr
    assert "no delivery yet" in pushboat("deliveries", "list").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("github/acme/shpo",), "there is no repository github/acme/shpo; did you mean 'github/acme/shop'?"),
        (("shop",), "there is no repository shop; did you mean 'github/acme/shop'?"),
        ((SHOP, "prod"), "there is no environment prod of github/acme/shop; known: staging"),
        (("--state", "done"), "queued"),
    ],
)
def test_a_history_of_what_does_not_exist_is_usage(
    pushboat: Pushboat, store: Store, words: tuple[str, ...], said: str
) -> None:
    """A typo must not look like an empty history: exit code 2, and the names there are."""
    finished = pushboat("history", *words)
    assert finished.returncode == 2
    assert said in finished.stderr


def test_a_delivery_shows_its_sentence_and_its_deployments(pushboat: Pushboat, store: Store) -> None:
    """The one sentence stands first, then the facts, then what it led to with its page."""
    delivery = push(store, "d-1")
    number = deployed(store, delivery, "fine")
    finished = pushboat("deliveries", "show", str(delivery))
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines()[0] == "→ accepted: deploys main to staging"
    assert f"staging: ✔ succeeded: fine  http://127.0.0.1:8799/deployments/{number}" in finished.stdout
    form = json.loads(pushboat("deliveries", "show", str(delivery), "--json").stdout)
    assert (form["delivery"], form["verdict"], form["deployments"]) == ("d-1", "accepted", [number])


def test_a_delivery_shows_every_mistake_that_it_counts(pushboat: Pushboat, store: Store) -> None:
    """A sentence that says "and 2 more" has them below it, and the list says where to read them."""
    delivery = push(store, "d-1")
    claim = routing_jobs.claim_routing(store, SHOP, "test")
    assert claim is not None
    mistakes = [f".pushboat.yaml:{line}:1: unknown key" for line in (2, 3, 4)]
    decision = Decision(acts=(), sentence=f"refused: {mistakes[0]} (and 2 more)", details="\n".join(mistakes))
    enacting.complete(store, claim, delivery, decision, contained=())
    printed = pushboat("deliveries", "show", str(delivery)).stdout
    assert all(mistake in printed for mistake in mistakes)
    assert f"pushboat deliveries show {delivery}" in pushboat("deliveries", "list").stderr


def test_deliveries_are_listed_with_what_they_did(pushboat: Pushboat, store: Store) -> None:
    """Accepted, ignored and rejected ones; --sha finds "my push did nothing"."""
    push(store, "d-1")
    deliveries.reject(store, "github", "203.0.113.9", "the signature does not match")
    event = Event(kind=EventKind.PING, repository="acme/shop", title="ping")
    deliveries.accept(store, "github", "d-2", event, ignored="a ping: the webhook works")
    printed = pushboat("deliveries", "list").stdout
    assert all(word in printed for word in ("→ accepted", "✗ rejected", "does not match", "the webhook works"))
    found = json.loads(pushboat("deliveries", "list", "--sha", SHA, "--json").stdout)["items"]
    assert [row["delivery"] for row in found] == ["d-1"]


def test_pings_are_folded(pushboat: Pushboat, store: Store) -> None:
    """A webhook that was tried five times takes one line, with the count."""
    event = Event(kind=EventKind.PING, repository="acme/shop", title="ping")
    for name in ("p-1", "p-2", "p-3"):
        deliveries.accept(store, "github", name, event, ignored="ping: the webhook reaches Pushboat")
    push(store, "d-1")
    printed = pushboat("deliveries", "list").stdout
    assert printed.count("ping: the webhook") == 1
    assert "3 pings, the newest: ping" in printed
    assert len(json.loads(pushboat("deliveries", "list", "--json").stdout)["items"]) == 4


def test_a_replay_is_a_new_delivery_and_rings_the_bell(pushboat: Pushboat, store: Store, home: Path) -> None:
    """The same event goes again at once, under a new id that is printed."""
    old = push(store, "d-1")
    with Bell(home / "var") as bell:
        finished = pushboat("deliveries", "replay", str(old))
        assert bell.wait(60)
    assert finished.returncode == 0, finished.stderr
    new = max(row.id for row in deliveries.listed(store))
    assert finished.stdout == f"delivery {old} goes again as {new}\n"


def test_a_delivery_that_is_not_there_is_a_no(pushboat: Pushboat, store: Store) -> None:
    """Exit code 1, and how to find one."""
    for command in ("show", "replay"):
        finished = pushboat("deliveries", command, "99")
        assert finished.returncode == 1
        assert "there is no delivery 99" in finished.stderr


def test_what_strangers_wrote_cannot_steer_the_terminal(pushboat: Pushboat, store: Store) -> None:
    """Control characters in reasons and refs are shown, not obeyed."""
    delivery = push(store, "d-1")
    deployed(store, delivery, EVIL)
    for words in (("status",), ("history",), ("deliveries", "show", str(delivery))):
        printed = pushboat(*words).stdout
        assert "\x1b" not in printed
        assert "\\x1b[31m" in printed


def test_a_reader_who_has_read_enough_is_no_error(pushboat: Pushboat, store: Store) -> None:
    """A closed pipe ends the command quietly."""
    delivery = push(store, "d-1")
    deployed(store, delivery, "fine")
    # The command inherits a stdout whose reader is gone already.
    import os
    import subprocess
    import sys

    reader, writer = os.pipe()
    os.close(reader)
    home = store.engine.url.database
    assert home is not None
    finished = subprocess.run(
        [sys.executable, "-m", "cli.main", "history", "--json"],
        cwd=Path(home).parent.parent,
        env={**os.environ, "HOOK_SECRET": "x" * 20, "TOKEN": "x" * 20},
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert (finished.returncode, finished.stderr) == (0, "")


def test_db_upgrade_makes_the_tables_once(pushboat: Pushboat, home: Path) -> None:
    """The first run makes them, the second has nothing to do; before it, commands say what to run."""
    assert "start `pushboat serve`" in pushboat("status").stderr
    assert "the store is upgraded" in pushboat("db", "upgrade").stderr
    assert "nothing to do" in pushboat("db", "upgrade").stderr
    assert pushboat("status").returncode == 0


def test_show_tells_fields_warnings_and_refusals(pushboat: Pushboat, store: Store) -> None:
    """The terminal says of each object what its page says: why, what to beware of, and each field."""
    number = queued(store, push(store, "1"))
    held = lanes.claim(store, number, "test")
    assert held is not None
    web, job = Ref("apps", "Deployment", "shop", "web"), Ref("batch", "Job", "shop", "j")
    zero = PlanWarning(topic=Topic.SCALED_TO_ZERO, sentence="Deployment/shop/web will run nothing")
    fields = tuple(FieldChange(path=f"spec.f{place}", old="3", new=json.dumps("\x1b[31m")) for place in range(12))
    changes = [
        Change(ref=web, action=Action.CONFIGURED, fields=fields, warnings=(zero,)),
        Change(ref=job, action=Action.REFUSED, why="give the Job a new name"),
    ]
    assert ending.finish(store, held, State.FAILED, "refused", changes=changes)
    said = pushboat("show", str(number)).stdout
    for line in ("refused    Job/shop/j", "give the Job a new name", "warning: Deployment/shop/web will run nothing"):
        assert line in said
    assert "spec.f0: 3 → " in said
    assert "and 2 more fields: --json has them all" in said
    assert "\u001b[31m" not in said
    items = json.loads(pushboat("show", str(number), "--json").stdout)["changes"]
    assert [(each["action"], len(each["fields"])) for each in items] == [("refused", 0), ("configured", 12)]


def test_the_newest_is_shown_by_a_word(pushboat: Pushboat, store: Store) -> None:
    """Who has no number at hand says `latest`: of deployments, and of deliveries."""
    assert "nothing was deployed yet" in pushboat("show", "latest").stderr
    assert "nothing came in yet" in pushboat("deliveries", "show", "latest").stderr
    deployed(store, push(store, "1"), "3 objects: 3 created")
    newest = deployed(store, push(store, "2"), "4 objects: 4 created")
    assert json.loads(pushboat("show", "latest", "--json").stdout)["id"] == newest
    assert json.loads(pushboat("show", f"#{newest}", "--json").stdout)["id"] == newest
    assert json.loads(pushboat("deliveries", "show", "latest", "--json").stdout)["delivery"] == "2"


@pytest.mark.parametrize("written", ["web", "0", "-1", "1.5", "٣", "9" * 5000])
def test_what_is_no_number_is_told_where_numbers_stand(pushboat: Pushboat, store: Store, written: str) -> None:
    """Not a bare usage error: the command that lists them; of a commit, the one that lists its own."""
    for command, lists in ((("show",), "pushboat history"), (("deliveries", "show"), "pushboat deliveries list")):
        refused = pushboat(*command, "--", written)
        assert refused.returncode == 2
        assert f"`{lists}` lists them, and `latest` is the newest" in " ".join(refused.stderr.split())


def test_a_commit_is_no_number_and_leads_to_some(pushboat: Pushboat, store: Store) -> None:
    """Whoever pastes a commit is given the command that finds its deployments."""
    assert "`pushboat history --sha 1a2b3c4` lists them" in pushboat("show", "1a2b3c4").stderr


def test_logs_of_a_number_are_those_of_its_environment(pushboat: Pushboat, store: Store) -> None:
    """`pushboat logs 7` reads the pods of that deployment while they are the newest, and else says which are there."""
    first = deployed(store, push(store, "1"), "3 objects: 3 created")
    second = deployed(store, push(store, "2"), "3 objects: 3 created")
    followed = pushboat("logs", str(first))
    assert followed.returncode == 1
    assert f"was followed by {second}, whose pods are there now: pushboat logs {SHOP} staging" in followed.stderr
    assert "no container of the newest deployment's 0 objects" in pushboat("logs", "latest").stderr
    assert f"logs of which environment: staging? pushboat logs {SHOP} …" in pushboat("logs", SHOP).stderr
    assert "`pushboat history` lists them" in pushboat("logs", "staging").stderr
