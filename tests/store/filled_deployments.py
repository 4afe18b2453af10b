"""Leaves deployments of every sort behind: ended, superseded, waiting, in trouble, drifted and held ones."""

from dataclasses import replace

from pushboat.model import observed
from pushboat.model.caption import Caption
from pushboat.model.changeset import Action, Change
from pushboat.model.container_log import ContainerLog, written
from pushboat.model.deployment import Counts, Lane, Late, Promoted
from pushboat.model.footprint import Footprint
from pushboat.model.health import Health
from pushboat.model.hold import Hold, Scope
from pushboat.model.hook import Hook
from pushboat.model.image import ImageRecord
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State, Trigger
from pushboat.routing import Cancel, PutHold
from pushboat.routing.holds import PIN, UNMERGED, HoldKind
from pushboat.store import (
    attempts,
    captions,
    ending,
    footprints,
    forge_deployments,
    hinting,
    holds,
    hook_runs,
    images,
    inspections,
    progress_lines,
    repetitions,
    verifications,
)
from pushboat.store.footprints import Commit
from pushboat.store.progress_lines import Line
from pushboat.store.repetitions import Repetition
from tests.store.drifted import SCALED, claimed, inspected, released
from tests.store.repository import NAME, Repository, deploy

PAST = 1_790_000_000.0
"""When the dumped stores were filled: a time that has passed."""
LONG = 240.0
WEB = Change(
    ref=Ref("apps", "Deployment", "shop", "web"), action=Action.CREATED, diff="+ replicas: 2\n", notes=("new",)
)
OLD = Change(ref=Ref("", "ConfigMap", "shop", "old"), action=Action.DELETED, diff="", notes=())


def leave_deployments(shop: Repository) -> None:
    """Leave them in a repository."""
    _ended(shop)
    _untouched(shop)
    _rolled_back(shop)
    _superseded(shop)
    _waiting(shop)
    _troubled(shop)
    _drifted(shop)
    _held(shop)


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
