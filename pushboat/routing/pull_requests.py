"""What a pull request leads to: a plan for every environment that its merge would change, a deployment once merged.

`pushboat/plan` is posted on every head, so that a branch rule can require it.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from pushboat.events import Event, EventKind
from pushboat.model.command_words import SLASH
from pushboat.model.deployment import short
from pushboat.model.proposal import named
from pushboat.model.state import State, Trigger
from pushboat.model.status import clip
from pushboat.model.wording import counted, listed, printable
from pushboat.routing import queueing
from pushboat.routing.decision import Decision, Facts, Post, Withdraw
from pushboat.routing.following import MOST_NAMED, in_full, of_branch, of_mistakes
from pushboat.routing.following import summary as of_mistakes_in_short
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.merge_queue import DESTROYED, TURN, number_of
from pushboat.routing.planning import SUMMARY, plans, summary
from pushboat.routing.pushes import deploy_to, nobody_follows, refused
from pushboat.routing.unpinning import give_up, unpin


def plan(event: Event, facts: Facts) -> Decision:
    """Plan what the merge would change. A fork's commits are somebody else's: they run nothing by themselves."""
    if facts.closed:
        return _nothing(event, "is closed by now")
    if facts.head not in ("", event.sha):
        return _nothing(event, f"has moved on from {short(event.sha)} to {short(facts.head)}")
    if event.kind is EventKind.PULL_REQUEST and event.fork is not False:
        return _of_fork(event, facts)
    if facts.mistakes:
        return _refused(event, facts)
    followers = of_branch(facts.environments, event.base_ref)
    if not followers:
        sentence = f"nothing is affected: no environment follows {printable(event.base_ref, 80)}"
        green = replace(_summary(event, State.SUCCEEDED, sentence), base=event.base_ref)
        return Decision(acts=(green, *_in_the_queue(event, facts)), sentence=f"{_name(event)}: {sentence}")
    touched = [one for one in followers if one.name not in facts.untouched]
    names, same = listed(one.name for one in touched), {one.name for one in followers} - {one.name for one in touched}
    also = f"{counted(len(same), 'environment')} unchanged" if same else ""
    state, said = (State.QUEUED, f"planning {names}") if touched else (State.SUCCEEDED, "changes nothing")
    words = "; ".join(each for each in (said, also) if each)
    whole = replace(_summary(event, state, words), base=event.base_ref if same else "")
    sentence = clip(f"{_name(event)}: {words} at {short(event.sha)}", LONGEST_SENTENCE)
    acts = plans(touched, whole, event.base_ref, event.author, Trigger.PULL_REQUEST)
    return Decision(
        acts=(whole, *acts, *_unplanned(event, facts, same), *_in_the_queue(event, facts)), sentence=sentence
    )


def _unplanned(event: Event, facts: Facts, names: Collection[str]) -> Iterator[Post]:
    """Say of environments that the merge leaves as they are why they are not planned; of many, one line says it."""
    for name in sorted(names) if len(names) <= MOST_NAMED else ():
        said = f"not planned: unchanged, same tree as {short(facts.untouched[name].sha)}"
        yield replace(_summary(event, State.SUCCEEDED, said), context=f"{SUMMARY}/{name}", base=event.base_ref)


def of_group(event: Event, facts: Facts) -> Decision:
    """Plan a merge queue's head, and deploy it before it merges where the operator wants that; or decide about it."""
    if event.action == TURN:
        return Decision(acts=(), sentence="something has ended where the merge queue waits")
    if event.action == DESTROYED:
        return _both(end(event, facts), queueing.leave(event, facts))
    if any(each.gone for each in facts.groups if each.group.sha == event.sha):
        return _nothing(event, "has left the merge queue by now")
    if facts.mistakes:
        refused_too = queueing.refuse(event, facts, of_mistakes_in_short(facts.mistakes, LONGEST_SENTENCE))
        return _both(_refused(event, facts), Decision(acts=refused_too, sentence=""))
    return _both(plan(event, facts), queueing.enter(event, facts))


def merge(event: Event, facts: Facts) -> Decision:
    """Deploy the merged commit wherever the base branch is followed; its push does the same, and one of them wins."""
    decision = unpin(event, facts, _merged(event, facts))
    return replace(decision, acts=(*decision.acts, Withdraw(number=_number(event), merged=True)))


def end(event: Event, facts: Facts) -> Decision:
    """Let what was closed, or has left the merge queue, ask about its commit no more."""
    if facts.pull_request and facts.pull_request.open:
        return Decision(acts=(), sentence=f"#{event.number} was closed, and is open again: nothing of it ends")
    closed = event.kind is EventKind.PULL_REQUEST
    why = "closed without a merge: nothing to deploy" if closed else "has left the merge queue, or was merged from it"
    sentence = f"#{event.number} was {why}" if closed else f"{_name(event)} {why}"
    gone = Withdraw(number=_number(event), merged=not closed, sha="" if closed else event.sha)
    decision = Decision(acts=(), sentence=sentence)
    decision = give_up(event, facts, unpin(event, facts, decision)) if closed else decision
    return replace(decision, acts=(*decision.acts, gone))


def _merged(event: Event, facts: Facts) -> Decision:
    if not event.merged_sha:
        return Decision(acts=(), sentence=f"#{event.number} was merged; the push that comes with it deploys")
    ref = f"refs/heads/{event.base_ref}"
    if facts.mistakes:
        return refused(facts, event.merged_sha, ref)
    followers = of_branch(facts.environments, event.base_ref)
    if not followers:
        return Decision(acts=(), sentence=nobody_follows(facts, printable(event.base_ref, 80), event.merged_sha))
    return deploy_to(followers, event, ref, event.merged_sha, Trigger.MERGE, facts.untouched)


def _nothing(event: Event, why: str) -> Decision:
    return Decision(acts=(), sentence=f"{_name(event)} {why}: nothing of it is planned")


def _both(first: Decision, more: Decision) -> Decision:
    sentence = clip("; ".join(each for each in (first.sentence, more.sentence) if each), LONGEST_SENTENCE)
    return replace(first, acts=(*first.acts, *more.acts), sentence=sentence)


def _in_the_queue(event: Event, facts: Facts, *, fork: bool = False) -> tuple[Post, ...]:
    if event.kind is not EventKind.PULL_REQUEST:
        return ()
    return queueing.before_the_queue(event.sha, event.base_ref, facts, fork=fork)


def _of_fork(event: Event, facts: Facts) -> Decision:
    what_to_do = f"so nothing of it is planned by itself; someone with write access can comment {SLASH} plan"
    return Decision(
        acts=(_summary(event, State.FAILED, f"from a fork, {what_to_do}"), *_in_the_queue(event, facts, fork=True)),
        sentence=f"#{event.number} comes from a fork, {what_to_do}",
    )


def _refused(event: Event, facts: Facts) -> Decision:
    contexts = ["pushboat", SUMMARY, *(f"{SUMMARY}/{name}" for name in facts.named[:MOST_NAMED])]
    acts = of_mistakes(facts.mistakes, contexts, event.sha, _head(event))
    acts = tuple(replace(act, number=_number(event)) for act in acts)
    why = of_mistakes_in_short(facts.mistakes, LONGEST_SENTENCE - 70)
    sentence = clip(f"{_name(event)}: nothing planned: {why}; fix it and push", LONGEST_SENTENCE)
    return Decision(acts=acts, sentence=sentence, details=in_full(facts.mistakes))


def _summary(event: Event, state: State, description: str) -> Post:
    return summary(_number(event), event.sha, _head(event), state, description)


def _number(event: Event) -> int:
    return number_of(event) if event.kind is EventKind.MERGE_GROUP else event.number or 0


def _name(event: Event) -> str:
    return named(_number(event)) if event.kind is EventKind.PULL_REQUEST else printable(event.ref, 120)


def _head(event: Event) -> str:
    return f"refs/heads/{event.ref.removeprefix('refs/heads/')}"
