"""What a merge queue's groups lead to where they are deployed before they merge: one at a time, in the queue's order.

A group begins when it is built on what its base branch holds: then all before it are merged. Until the queue merges or
drops it the environment is its own. Dropped, it is undone by the release that ran before it; merged, its deployment
becomes the branch's, and its push has nothing left to do. Any delivery of the repository moves the queue on.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from pushboat.config.project import DEPLOY
from pushboat.events import Event
from pushboat.model.deployment import short
from pushboat.model.hold import Hold, Scope
from pushboat.model.merge_group import MERGE_GROUP, MergeGroup, Queued
from pushboat.model.proposal import named
from pushboat.model.state import BY_THEMSELVES, WRITING, Kind, State, Trigger
from pushboat.model.status import clip
from pushboat.model.wording import listed, printable
from pushboat.routing.decision import Act, Decision, Deploy, Facts, LiftHold, Post, PutHold
from pushboat.routing.following import of_branch
from pushboat.routing.group_acts import Drop, Enter
from pushboat.routing.holds import PINS, UNMERGED
from pushboat.routing.holds import sentence as sentence_of
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.undoing import dropped, lifted, merged, post

BEFORE_THE_MERGE = "deployed by the merge queue, before the merge"


def enter(event: Event, facts: Facts) -> Decision:
    """Let a group wait for its turn in each environment that deploys it, and say under each where it stands."""
    acts: list[Act] = []
    said: list[str] = []
    for environment, why in _without_it(event.base_ref, facts).items():
        acts.append(post(event.sha, event.ref, environment, State.SUCCEEDED, why))
    for each in _new(facts, event.sha):
        where = each.group.environment
        acts.append(Enter(group=each.group))
        why = "; ".join(("waits for its turn in the merge queue", *map(sentence_of, each.pins)))
        acts.append(post(event.sha, event.ref, where, State.QUEUED, why))
        said.append(f"{named(each.group.number)} is to be deployed to {where} before it merges")
    return Decision(acts=tuple(acts), sentence="; ".join(said))


def refuse(event: Event, facts: Facts, why: str) -> tuple[Post, ...]:
    """Say under each environment that a merge queue deploys to that a group is not deployed, and why."""
    return tuple(
        post(event.sha, event.ref, each, State.FAILED, f"nothing deployed: {why}") for each in _queued_for(facts)
    )


def before_the_queue(sha: str, base: str, facts: Facts, *, fork: bool = False) -> tuple[Post, ...]:
    """Say on a pull request's head what becomes of it in the queue: it enters only where all that is required is
    green. Of a `fork`'s head nobody has read the file."""
    without = {} if fork else _without_it(base, facts)
    return tuple(
        replace(post(sha, "", each, State.SUCCEEDED, without.get(each, BEFORE_THE_MERGE)), first=True)
        for each in _queued_for(facts)
    )


def leave(event: Event, facts: Facts) -> Decision:
    """Decide about a group that the queue has merged or dropped, wherever it waits, runs or ran."""
    acts: list[Act] = []
    said: list[str] = []
    for each in facts.groups:
        if (each.group.sha, each.group.ref) == (event.sha, event.ref):
            more, sentence = merged(each) if each.merged else dropped(each)
            acts += more
            said += [sentence] if sentence else []
    return Decision(acts=tuple(acts), sentence="; ".join(said))


def move_on(decision: Decision, facts: Facts) -> Decision:
    """Add what a decision leads to in the merge queue: what its deployments merge, and who is next."""
    decision = _without_the_gone(decision, facts)
    if not facts.groups:
        return decision
    acts, said = list(decision.acts), [decision.sentence] if decision.sentence else []
    settled: set[str] = set()
    for each in facts.groups:
        if any(_is_merged_by(each.group, act) for act in decision.acts):
            more, sentence = merged(each)
            acts = [*more, *acts]
            said += [sentence] if sentence else []
            settled |= {each.group.environment} if sentence else set()
    for each in _next(facts.groups, acts, settled):
        acts += _begin(each)
        said.append(f"{named(each.group.number)} of the merge queue is next in {each.group.environment}")
    return replace(decision, acts=tuple(acts), sentence=clip("; ".join(said), LONGEST_SENTENCE))


def _without_the_gone(decision: Decision, facts: Facts) -> Decision:
    """Let nobody deploy a group once more (by Re-run, say) of which the queue has decided."""
    mine = {(each.group.environment, each.group.sha) for each in facts.groups if each.group.begun}
    gone = [
        act
        for act in decision.acts
        if isinstance(act, Deploy)
        and act.kind is Kind.DEPLOY
        and act.pull_request < 0
        and not act.release
        and (act.environment, act.sha) not in mine
    ]
    if not gone:
        return decision
    names = listed(f"{named(act.pull_request)} ({short(act.sha)})" for act in gone)
    sentence = f"{decision.sentence}; {names} has left the queue, so nothing of it is deployed"
    acts = tuple(act for act in decision.acts if act not in gone)
    return replace(decision, acts=acts, sentence=clip(sentence, LONGEST_SENTENCE))


def _is_merged_by(group: MergeGroup, act: Act) -> bool:
    """Say whether a deployment is of what the base branch holds now, and that is this group's very commit."""
    return (
        isinstance(act, Deploy)
        and act.kind is Kind.DEPLOY
        and act.trigger in BY_THEMSELVES
        and not act.release
        and not act.pull_request
        and (act.environment, act.sha, act.ref) == (group.environment, group.sha, f"refs/heads/{group.base}")
    )


def _next(groups: Iterable[Queued], acts: Sequence[Act], settled: Collection[str]) -> list[Queued]:
    """Pick who begins: nobody where another one is not decided about, or something else is on its way there.

    `settled` are environments of which this decision's own deployment is there already, and not begun again.
    """
    over = {_key(act.group) for act in acts if isinstance(act, Drop)}
    there = [each for each in groups if _key(each.group) not in over]
    taken = {each.group.environment for each in there if each.group.begun}
    taken |= {act.environment for act in acts if isinstance(act, Deploy) and act.kind in WRITING} - set(settled)
    found: dict[str, Queued] = {}
    for each in there:
        entered = not each.new or any(isinstance(act, Enter) and act.group == each.group for act in acts)
        if each.first and entered and not each.waits and each.group.environment not in taken | _pinned(each, acts):
            found.setdefault(each.group.environment, each)
    return list(found.values())


def _pinned(each: Queued, acts: Iterable[Act]) -> set[str]:
    """Name the environment of a group where it is pinned to somebody else once a decision is carried out."""
    pins = {(hold.kind, hold.scope, hold.subject) for hold in each.pins}
    pins -= {(act.kind, act.scope, act.subject) for act in acts if isinstance(act, LiftHold)}
    pins |= {(act.hold.kind, act.hold.scope, "") for act in acts if isinstance(act, PutHold) and act.hold.kind in PINS}
    return {scope.environment for _, scope, _ in pins}


def _key(group: MergeGroup) -> tuple[str, str, str]:
    return group.environment, group.ref, group.sha


def _begin(each: Queued) -> tuple[Act, ...]:
    group = each.group
    scope = Scope(repository=group.repository, environment=group.environment)
    hold = Hold(
        kind=MERGE_GROUP,
        scope=scope,
        by="the merge queue",
        subject=f"{group.ref} {group.sha}",
        pull_request=group.number,
        sha=group.sha,
    )
    deploy = Deploy(
        kind=Kind.DEPLOY,
        environment=group.environment,
        ref=group.ref,
        sha=group.sha,
        author=group.author,
        trigger=Trigger.MERGE_QUEUE,
        pull_request=group.number,
    )
    return (*lifted(each.holds, UNMERGED), PutHold(hold=hold), deploy)


def _new(facts: Facts, sha: str) -> list[Queued]:
    return [each for each in facts.groups if each.new and each.group.sha == sha]


def _queued_for(facts: Facts) -> list[str]:
    return [name for name, limits in facts.limits.items() if limits.merge_queue == DEPLOY]


def _without_it(base: str, facts: Facts) -> dict[str, str]:
    """Say of each environment that a merge queue deploys to why this base's merge deploys nothing there."""
    followers = {each.name for each in of_branch(facts.environments, base)}
    return {
        name: f"does not follow {printable(base, 80)}: the merge deploys nothing here"
        for name in _queued_for(facts)
        if name not in followers
    }
