"""A merge that brings what its pull request brought before: it runs already, and the cluster is left alone.

Only what nobody doubts counts: the same files of git in the same environment, brought to its end, with nothing begun,
drifted, taken over by another environment or unknown since. Whoever asks for a deployment by its name gets one. Hooks
and what verifies have had their turn with that content and have none now: that is said.
"""

import json

from pushboat.config.environment import Environment, place_of, said_by
from pushboat.errors import CheckoutFailed, InvalidRepositoryFile
from pushboat.model.changeset import ChangeSet, as_they_are
from pushboat.model.deployment import Deployment, Lane, short
from pushboat.model.proposal import named as whose
from pushboat.model.release import RUNS, Release, Render
from pushboat.model.state import BY_THEMSELVES, Kind, State
from pushboat.model.wording import listed
from pushboat.store import change_sets, inspections, releases
from pushboat.store.database.engine import Store
from workers.deploying import gates, shared, signed
from workers.deploying.claimed import Claimed
from workers.deploying.packing import named
from workers.deploying.sources import environment_at
from workers.source.environments import tree_at
from workers.tools import Tools

UNSEEN = "; nobody looked whether it has drifted: drift.every is 0"
"""Said where no timer compares what runs with its release, so that nobody can doubt it."""


def end_if_the_same(tools: Tools, work: Claimed) -> bool:
    """End a deployment whose content runs already, as a release of its own; False where there is something to do."""
    deployment = work.deployment
    if deployment.kind is not Kind.DEPLOY or deployment.trigger not in BY_THEMSELVES or deployment.again:
        return False
    if work.tally.meant or work.claim.took_over:  # an earlier worker's last writes must first be shut out
        return False
    release = _runs_unmerged(tools.store, deployment.lane)
    render = releases.render(tools.store, deployment.lane, release.number) if release else None
    if release is None or render is None:
        return False
    with work.step("checkout"):
        environment = _as_it_was(tools, deployment, release, render)
    if environment is None:
        return False
    signed.demand(tools, deployment, environment)  # the same files, and another commit
    gates.ask_after(tools, work)  # whoever was asked about the pull request was not asked about its merge
    of = f"{short(release.sha)} of {whose(release.pull_request)}"
    same = "the commit" if release.sha == deployment.sha else "the same tree as"
    left = f"already running: {same} {of}, so the cluster was left alone{_had_their_turn(environment, render)}"
    left += "" if tools.operator.drift_every else UNSEEN
    there = ChangeSet(as_they_are(change_sets.listed(tools.store, release.deployment)))
    work.say("plan", left)
    work.end(State.SUCCEEDED, left, there, render=render)
    return True


def _had_their_turn(environment: Environment, render: Render) -> str:
    """Say what the release brought beside its objects, which does not happen once more."""
    had = [
        *(["hooks"] if any(digest.startswith(RUNS) for digest in render.contents.values()) else []),
        *(["verify"] if environment.verify else []),
    ]
    return f"; {listed(had)} ran then" if had else ""


def _runs_unmerged(store: Store, lane: Lane) -> Release | None:
    """Give the release that a pull request brought before its merge, where surely that is what runs."""
    with store.reading() as tx:
        release = releases.newest_in(tx, lane)
        if release is None or not release.pull_request or not release.kept:  # as nearly always: no more need be read
            return None
        seen = inspections.seen(tx, lane)
    if seen.halfway or seen.destroyed:
        return None
    found = next((each for each in inspections.listed(store, lane.repository) if each.lane == lane), None)
    doubted = found is not None and bool(found.count or found.trouble or found.unhealed)
    return None if doubted else release


def _as_it_was(tools: Tools, deployment: Deployment, release: Release, render: Render) -> Environment | None:
    """Give the environment of a deployment that would bring just what a release brought; else None."""
    name = deployment.lane.repository
    try:
        mine, theirs = (tree_at(tools, name, sha) for sha in (deployment.sha, release.sha))
    except CheckoutFailed:  # the pull request's commit is gone with its branch: that is no fault of the merge
        return None
    if mine != theirs:
        return None
    try:
        environment = environment_at(tools, name, deployment.sha, deployment.lane.environment)
    except InvalidRepositoryFile:  # the operator's limits have changed since; the deployment says it
        return None
    if environment is None or render.said != named(said_by(environment)):
        return None
    if shared.is_claimed(tools.operator, tools.store, deployment.lane, environment, render):
        return None
    return environment if render.place == json.dumps(place_of(environment)) else None
