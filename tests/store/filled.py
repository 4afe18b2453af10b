"""Fills a store with everything that this version can write, through the store's own functions, and reads it back.

tests/store/dumped.py makes of it the stores that later versions upgrade.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from itertools import count
from time import monotonic
from typing import Any

import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model import observed
from pushboat.model.allowance import Allowance
from pushboat.model.caption import Caption
from pushboat.model.changeset import Action, Change
from pushboat.model.container_log import ContainerLog, written
from pushboat.model.deployment import Counts, Deployment, Lane, Late, Promoted
from pushboat.model.footprint import Footprint
from pushboat.model.health import Health
from pushboat.model.hold import Hold, Scope
from pushboat.model.hook import Hook
from pushboat.model.image import ImageRecord
from pushboat.model.json_forms import delivery_form, deployment_form
from pushboat.model.manifest import Ref
from pushboat.model.merge_group import MergeGroup
from pushboat.model.release import Render
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import Status
from pushboat.routing import Cancel, Decision, Leave, Post, PutHold, Reply
from pushboat.routing.holds import PIN, UNMERGED, HoldKind, sentence
from pushboat.sealing import Key
from pushboat.store import (
    announcing,
    attempts,
    audit,
    captions,
    change_sets,
    deliveries,
    deployments,
    enacting,
    ending,
    footprints,
    forge_deployments,
    hinting,
    holds,
    hook_runs,
    images,
    inspections,
    merge_groups,
    outbox,
    plans,
    processes,
    progress_lines,
    proposals,
    quieting,
    release_records,
    repetitions,
    routing_jobs,
    stickies,
    verifications,
)
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import outbox as letters
from pushboat.store.database.schema import pull_requests
from pushboat.store.database.transaction import Transaction
from pushboat.store.footprints import Commit
from pushboat.store.progress_lines import Line
from pushboat.store.repetitions import Repetition
from tests.store.drifted import SCALED, claimed, inspected, released
from tests.store.filled_asks import leave_asks, leave_stamps
from tests.store.filled_repositories import leave_repositories
from tests.store.filled_sessions import leave_sessions
from tests.store.filled_tokens import leave_tokens
from tests.store.filled_traces import leave_traces
from tests.store.repository import NAME, Repository, deploy, plan, push

PAST = 1_790_000_000.0
"""When the dumped stores were filled: a time that has passed."""

PUBLIC = "https://pushboat.example"
LONG = 240.0
WEB = Change(
    ref=Ref("apps", "Deployment", "shop", "web"), action=Action.CREATED, diff="+ replicas: 2\n", notes=("new",)
)
OLD = Change(ref=Ref("", "ConfigMap", "shop", "old"), action=Action.DELETED, diff="", notes=())


class Clocked(Store):
    """A store whose clock goes on by an eighth of a second with each transaction, so that two dumps are equal."""

    def __init__(self, plain: Store, since: float = PAST) -> None:
        super().__init__(plain.engine, plain.turn)
        object.__setattr__(self, "_moments", (since + tick / 8 for tick in count()))

    def _transaction(self, connection: sa.Connection) -> Transaction:
        return Transaction(connection, next(self._moments), self.postgres)


def fill(store: Store) -> None:
    """Leave a row of every sort behind; the dispatcher's heartbeat is the last, and tells when that was."""
    leave_stamps(store)
    shop = Repository(store)
    _ended(shop)
    _untouched(shop)
    _rolled_back(shop)
    _superseded(shop)
    _waiting(shop)
    _troubled(shop)
    _drifted(shop)
    _held(shop)
    _planned(shop)
    _posted(shop)
    _removed(shop)
    leave_asks(store)
    _proposed(store, shop)
    _in_the_queue(store)
    _delivered(store, shop)
    leave_repositories(store)
    leave_tokens(store)
    leave_sessions(store)
    leave_traces(store)
    release_records.sign_due(store, Key("a key of thirty-two characters …"))
    left = Allowance(host="api.github.com", kind="core", left=4999, most=5000, resets_at=2e9)
    processes.beat(store, "worker", 101, heard=(left,))
    processes.beat(store, "dispatcher", 100, "broker: ok")


def _ended(shop: Repository) -> None:
    for number, state in enumerate((State.SUCCEEDED, State.FAILED, State.ERRORED, State.CANCELLED)):
        (made,) = shop.route(deploy(f"e{number}", f"ended-{state}", ref="refs/tags/v1"))
        claim = shop.claim(made)
        forge_deployments.remember(shop.store, made.id, 4711)
        forge_deployments.note_url(shop.store, made.id, "https://shop.example")
        progress_lines.record(shop.store, [Line(deployment=made.id, phase="checkout", text="checked out deploy/ at e")])
        progress_lines.record(shop.store, [Line(deployment=made.id, phase="apply", text="applying 2 objects")])
        pod = observed.Observed(ref=Ref("", "Pod", "shop", "web-1"), health=Health.HEALTHY)
        progress_lines.record(shop.store, [], [Line(deployment=made.id, phase="", text=observed.written([pod]))])
        captions.note(shop.store, NAME, {f"e{number}": Caption("Let it run", "Ada", 1)})
        images.note(shop.store, claim, [ImageRecord(image="shop:1", digest=f"sha256:{'a' * 64}", said=("is signed",))])
        hook = Hook(key="before Job/shop/migrate", said="PreSync", group="batch", run=f"{made.id}-e-before")
        hook_runs.due(shop.store, claim, [Hook(key="before Secret/shop/login", said="PreSync"), hook])
        hook_runs.began(shop.store, claim, hook.key)
        hook_runs.ended(shop.store, claim, hook.key, "failed", "no such table")
        verifications.note_before(shop.store, claim, "errors", 0.25)
        verifications.lasted(shop.store, claim, "errors")
        verifications.comes_back(shop.store, claim, "errors", 30.0)
        verifications.passed(shop.store, claim, "errors")
        counts = Counts(created=1, configured=2, deleted=1, unchanged=7, recreated=1, refused=1)
        ending.finish(
            shop.store,
            claim,
            state,
            f"it {state}",
            details="```\nlog\n```",
            logs=written([ContainerLog(pod="web-1", container="app", lines=("no database",))]),
            counts=counts,
            changes=[WEB, OLD],
            render=Render(
                contents={WEB.ref: "a digest"}, packed=b"packed", said="what was said", place='{"cluster": "dev"}'
            ),
        )


def _untouched(shop: Repository) -> None:
    """A commit leaves an environment as the one before did."""
    (carried_out,) = shop.route(deploy("u0", "untouched"))
    footprint = Footprint(roots={"deploy": "040000 of u"}, settings="digest of settings", served="of a cluster")
    claim = shop.claim(carried_out)
    made = Render(contents={WEB.ref: "a digest"}, packed=b"packed", said="said", place="{}")
    ending.finish(shop.store, claim, State.SUCCEEDED, "ok", render=made, footprint=footprint)
    now = Commit(ref=carried_out.ref, sha="u1", delivery=1 << 40)
    (stand,) = footprints.standing(shop.store, NAME, now, 1e9)
    (repeated,) = shop.route(replace(deploy("u1", "untouched"), same=stand))
    assert repeated.state is State.SUCCEEDED
    passed = Repetition(
        repository=NAME,
        ref=repeated.ref,
        sha="u2",
        author=repeated.author,
        trigger=repeated.trigger,
        delivery=repeated.delivery or 0,
        environments=frozenset({"untouched"}),
    )
    with shop.store.writing() as tx:
        repetitions.keep(tx, passed)


def _rolled_back(shop: Repository) -> None:
    """What failed after it wrote something is answered by a rollback, which waits."""
    (good,) = shop.route(deploy("f1", "mended"))
    render = Render(contents={WEB.ref: "a digest"}, packed=b"packed", said="what was said")
    ending.finish(shop.store, shop.claim(good), State.SUCCEEDED, "healthy", render=render)
    (bad,) = shop.route(deploy("f2", "mended"))
    wrote = Counts(configured=1)
    ending.finish(shop.store, shop.claim(bad), State.FAILED, "web crashes", counts=wrote, rollback=True)


def _proposed(store: Store, shop: Repository) -> None:
    """A pull request that asks about its head, with its comment, whose base has moved since; one closed, one merged."""
    planned = replace(plan("k1", "proposed", 11), base="main")
    (asked,) = shop.route(planned)
    plans.note_base(store, asked.id, "k0")
    ending.finish(store, shop.claim(asked), State.SUCCEEDED, "1 to create")
    with store.writing() as tx:
        proposals.base_moved(tx, NAME, "main")
    turn = stickies.Due(repository=NAME, number=11, marks=(), written=False)
    stickies.say(store, turn, "**Merging deploys to proposed.**", "pushboat-sticky-1")
    for action, number in (("opened", 12), ("closed", 12), ("opened", 13), ("merged", 13)):
        pull = Event(kind=EventKind.PULL_REQUEST, action=action, repository="acme/shop", number=number, sha="k2")
        event = replace(pull, merged_sha="k3" if action == "merged" else "", base_ref="main")
        deliveries.accept(store, "github", f"pull-request-{number}-{action}", event)
        shop.route_waiting()


def _in_the_queue(store: Store) -> None:
    """A merge group that is deployed before it merges."""
    place = {"repository": NAME, "environment": "queued", "ref": "refs/heads/gh-readonly-queue/main/pr-7-q0"}
    group = MergeGroup(**place, number=-7, sha="q1", base="main", base_sha="q0", author="ann")
    with store.writing() as tx:
        merge_groups.enter(tx, group)
        merge_groups.begin(tx, Lane(repository=NAME, environment="queued"), group.sha, group.ref, 1)


def _removed(shop: Repository) -> None:
    """Leave an environment that is to be destroyed without its hooks, and one that left the repository's file."""
    shop.route(deploy("r1", "removed", kind=Kind.REMOVAL, skip_hooks=True, trigger=Trigger.COMMAND))
    shop.route(deploy("r2", "left"))
    shop.route(Leave(environment="left", sha="r3", ref="refs/heads/main", description="left left .pushboat.yaml"))


def _superseded(shop: Repository) -> None:
    first = shop.push("a1")
    second = shop.push("a2", contains=[first])
    forced = shop.push("a3")
    ending.finish(shop.store, shop.claim(forced), State.SUCCEEDED, "healthy")
    assert shop.row(second).state is State.SUPERSEDED
    (follower,) = shop.route(deploy("b1", "followed"))
    (newest,) = shop.route(deploy("b2", "followed"), contained=[follower.id])
    shop.route(deploy("b0", "followed"), outdated={"followed": Late(newest.id)})


def _waiting(shop: Repository) -> None:
    (running,) = shop.route(deploy("c1", "running"))
    shop.claim(running, LONG)
    shop.route(deploy("c2", "running"), contained=[running.id])
    (again,) = shop.route(deploy("d1", "again"))
    ending.give_back(shop.store, shop.claim(again), "the cluster does not answer", LONG)
    (orphan,) = shop.route(deploy("d2", "orphaned"))
    shop.claim(orphan, -1.0)
    assert ending.sweep(shop.store) == 1
    (dead,) = shop.route(deploy("d3", "dead"))
    shop.claim(dead, 0.0)
    (hinted,) = shop.route(deploy("d4", "hinted", prune_many=True))
    hinting.hinted(shop.store, [hinted.id])


def _troubled(shop: Repository) -> None:
    """Leave one that waits for health while the cluster is away, and one that was told to stop."""
    (stuck,) = shop.route(deploy("l1", "troubled"))
    claim = shop.claim(stuck, LONG)
    attempts.mean(shop.store, claim, {WEB.ref: Action.CREATED}, rolls_back=True)
    attempts.keep(shop.store, claim, [WEB])
    attempts.waited(shop.store, claim, anew=True)
    attempts.in_trouble(shop.store, claim, "wait")
    (stopping,) = shop.route(deploy("l2", "stopping"))
    shop.claim(stopping, LONG)
    shop.route(Cancel(environment="stopping", by="ann"))


def _held(shop: Repository) -> None:
    paused = Scope(repository=NAME, environment="paused")
    shop.route(deploy("k1", "paused"))
    holds.put(shop.store, Hold(kind="pause", scope=paused, by="ann", reason="we migrate"))
    (gated,) = shop.route(deploy("k2", "gated"))
    gate = HoldKind(name="tide", sentence=lambda hold: f"waits for {hold.subject}", plans=True)
    alone = Hold(kind=gate.name, scope=Scope(deployment=gated.id), by="ops", subject="tests")
    holds.put(shop.store, alone, {gate.name: gate})
    frozen = Scope(repository=NAME, environment="frozen")
    freeze = HoldKind(name="frost", sentence=lambda hold: f"frozen by {hold.by}", begun=False, breakable=True)
    ahead = Hold(kind=freeze.name, scope=frozen, by="the calendar", begins=PAST + 50_000)
    holds.put(shop.store, replace(ahead, spares="ann"), {freeze.name: freeze})
    shop.route(deploy("k4", "frozen", glass="the shop is down"))
    promoted = Promoted(environment="ended-succeeded", release=1)
    shop.route(deploy("k6", "promoted", trigger=Trigger.PROMOTION, promoted=promoted))
    everything = Scope(repository="github/acme/other")
    back = Hold(kind=PIN, scope=Scope(repository=NAME, environment="ended-succeeded"), by="ann", subject="release 1")
    (rollback,) = shop.route(PutHold(hold=back), deploy("e0", "ended-succeeded", release=1, trigger=Trigger.ROLLBACK))
    shop.claim(rollback, LONG)
    proposed = Scope(repository=NAME, environment="proposed")
    hold = Hold(kind=UNMERGED, scope=proposed, by="ann", subject="#7", pull_request=7, sha="k3")
    shop.route(
        PutHold(hold=hold), deploy("k3", "proposed", pull_request=7, trigger=Trigger.COMMENT, follows="refs/heads/main")
    )
    holds.put(shop.store, Hold(kind="pause", scope=everything, by="ann", until=PAST + 100_000))


def _planned(shop: Repository) -> None:
    ended, failed = shop.route(replace(plan("f1"), base="main"), plan("f1", "production"))
    ending.finish(shop.store, shop.claim(ended), State.SUCCEEDED, "1 to create", changes=[WEB])
    ending.finish(shop.store, shop.claim(failed), State.FAILED, "app.yaml:3: unknown field")
    shop.route(plan("f2", number=8))


def _posted(shop: Repository) -> None:
    """Leave letters that were sent, given up, put off, taken and never touched; one forge asks for a pause."""
    taken = outbox.due_head(shop.store, "reporter", "github", limit=4, lease=LONG)
    outbox.sent(shop.store, taken[0])
    outbox.dead(shop.store, taken[1], "422: no commit found")
    outbox.retry(shop.store, taken[2], "502", 60.0)
    outbox.due_head(shop.store, "reporter", "github", limit=1, collapsed_after=0.0)
    refused = Post(sha="g", context="pushboat", state=State.FAILED, description="bad")
    shop.route(Reply(number=7, body="deploys `staging`"), refused)
    ended = Status(context="pushboat", state=State.FAILED, description="bad", path="/")
    with shop.store.writing() as tx:
        announcing.announce_status(tx, "gitlab/acme/shop", "h", ended)
    outbox.sent(shop.store, outbox.due_head(shop.store, "reporter", "gitlab", limit=1)[0])  # and is read back later
    quieting.quiet(shop.store, "gitlab", LONG, "gitlab limits our requests")


def _drifted(shop: Repository) -> None:
    """Leave drift that is to be put back and looked at just now, and some that waits and that nobody knows of today."""
    for sha, name in (("n1", "drifted"), ("n2", "drifted-and-paused")):
        (made,) = shop.route(deploy(sha, name))
        released(shop.store, made)
        lane = Lane(repository=NAME, environment=name)
        if sha == "n2":
            holds.put(shop.store, Hold(kind="pause", scope=Scope(repository=NAME, environment=name), by="ann"))
        inspected(shop.store, lane, SCALED, heals=True)
    inspections.troubled(shop.store, claimed(shop.store, lane), "cluster dev does not answer", LONG)
    claimed(shop.store, Lane(repository=NAME, environment="drifted"))


def _delivered(store: Store, shop: Repository) -> None:
    deliveries.accept(store, "github", "ping", push("h"), ignored="we do not follow it")
    deliveries.reject(store, "github", "10.0.0.1", "the signature is wrong")
    mistaken = shop.receive("i1")
    claim = routing_jobs.claim_routing(store, NAME, "router", LONG)
    assert claim
    decision = Decision(acts=(), sentence="nothing deployed: 2 mistakes", details=".pushboat.yaml:1:1: one\n:2:1: two")
    enacting.complete(store, replace(claim, took_up=monotonic()), mistaken, decision)
    waiting = deliveries.replay(store, deliveries.listed(store)[-1].id)
    routing_jobs.in_doubt(store, claim, waiting)
    routing_jobs.in_trouble(store, claim, waiting)
    routing_jobs.postpone(store, claim, waiting, "waiting: github does not answer", LONG)
    deliveries.accept(store, "gitlab", "other", push("j1", "acme/other"), headers={"x-gitlab-event": "Push Hook"})
    assert deliveries.accept(store, "github", "delivery-1", push("e0")).duplicate  # last: it costs Postgres a number
    assert routing_jobs.next_unrouted(store, claim) is None


def readings(store: Store) -> dict[str, Any]:
    """Read back what an upgrade must leave as it is, whatever the time."""
    with store.reading() as tx:
        unsent = tx.rows(sa.select(letters).where(letters.c.sent_at.is_(None)).order_by(letters.c.id))
        columns = (pull_requests.c.repository, pull_requests.c.number, pull_requests.c.head, pull_requests.c.before)
        heads = tx.rows(sa.select(*columns).order_by(pull_requests.c.repository, pull_requests.c.number))
    everything = deployments.listed(store, kinds=tuple(Kind), limit=1000)
    return {
        "deployments": [_form(row) for row in everything],
        "changes": {str(row.id): _written(change_sets.listed(store, row.id)) for row in everything},
        "progress": {str(row.id): [line.text for line in progress_lines.listed(store, row.id)] for row in everything},
        "deliveries": [delivery_form(row) for row in deliveries.listed(store, limit=1000)],
        "letters": [[row[name] for name in ("id", "stream", "forge", "attempts", "error")] for row in unsent],
        "holds": [[hold.kind, asdict(hold.scope), hold.by, sentence(hold), hold.since] for hold in holds.listed(store)],
        "heads": [list(row.values()) for row in heads],
        "audit": [[entry.word, entry.who, entry.verdict, entry.reason, entry.ask] for entry in audit.listed(store)],
        "meant": {
            str(row.id): [[str(ref), action] for ref, action in attempts.meant(store, row.id).items()]
            for row in everything
        },
        "beats": [[beat.name, beat.pid, beat.at, beat.note] for beat in processes.beats(store)],
    }


def _form(row: Deployment) -> dict[str, Any]:
    """Write a deployment without the seconds that it waits, which belong to the moment of reading."""
    return {**deployment_form(row, PUBLIC), "reason": row.reason, "waits": row.waits.partition("; again in")[0]}


def due(store: Store) -> dict[str, Any]:
    """Say what may happen next, at the time when the store was filled."""
    ready = hinting.due(store)
    return {
        "hinted": sorted(ready),
        "routed": routing_jobs.due_repositories(store),
        "posted": sorted(
            each.id
            for forge in outbox.due_forges(store)
            for each in outbox.due_head(store, "reporter", forge, limit=1000)
        ),
        "swept": ending.sweep(store),
        "claimed": [number for number in sorted(ready) if Repository(store).claim(_found(store, number))],
    }


def _found(store: Store, number: int) -> Deployment:
    found = deployments.find(store, number)
    assert found
    return found


def _written(changes: Iterable[Change]) -> list[list[Any]]:
    return [[str(one.ref), str(one.action), one.diff, list(one.notes)] for one in changes]
