"""What a pull request leads to: a plan for every environment that its merge would change, a deployment once merged.

`pushboat/plan` is posted on every head, so that a branch rule can require it.
"""

from pushboat.events import Event
from pushboat.model.deployment import short
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import clip
from pushboat.model.wording import listed, printable
from pushboat.routing.decision import Decision, Deploy, Facts, Post
from pushboat.routing.following import MOST_NAMED, in_full, of_branch, of_mistakes, summary
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.pushes import deploy_to, nobody_follows, refused

SUMMARY = "pushboat/plan"


def plan(event: Event, facts: Facts) -> Decision:
    """Plan what the merge would change. A fork's commits are somebody else's: they run nothing by themselves."""
    if event.fork is not False:
        return _of_fork(event)
    if facts.mistakes:
        return _refused(event, facts)
    followers = of_branch(facts.environments, event.base_ref)
    if not followers:
        sentence = f"nothing is affected: no environment follows {printable(event.base_ref, 80)}"
        return Decision(acts=(_summary(event, State.SUCCEEDED, sentence),), sentence=f"#{event.number}: {sentence}")
    names = listed(one.name for one in followers)
    plans = tuple(
        Deploy(
            kind=Kind.PLAN,
            environment=one.name,
            ref=_head(event),
            sha=event.sha,
            author=event.author,
            trigger=Trigger.PULL_REQUEST,
            number=event.number or 0,
            base=event.base_ref,
        )
        for one in followers
    )
    sentence = clip(f"#{event.number}: planning {names} at {short(event.sha)}", LONGEST_SENTENCE)
    return Decision(acts=(_summary(event, State.QUEUED, f"planning {names}"), *plans), sentence=sentence)


def merge(event: Event, facts: Facts) -> Decision:
    """Deploy the merged commit wherever the base branch is followed; its push does the same, and one of them wins."""
    ref = f"refs/heads/{event.base_ref}"
    if facts.mistakes:
        return refused(facts, event.merged_sha, ref)
    followers = of_branch(facts.environments, event.base_ref)
    if not followers:
        return Decision(acts=(), sentence=nobody_follows(facts, printable(event.base_ref, 80), event.merged_sha))
    return deploy_to(followers, event, ref, event.merged_sha, Trigger.MERGE)


def _of_fork(event: Event) -> Decision:
    what_to_do = "so nothing of it is planned; merge it, or push it as a branch here"
    return Decision(
        acts=(_summary(event, State.FAILED, f"from a fork, {what_to_do}"),),
        sentence=f"#{event.number} comes from a fork, {what_to_do}",
    )


def _refused(event: Event, facts: Facts) -> Decision:
    contexts = ["pushboat", SUMMARY, *(f"{SUMMARY}/{name}" for name in facts.named[:MOST_NAMED])]
    acts = of_mistakes(facts.mistakes, contexts, event.sha, _head(event))
    sentence = f"#{event.number}: nothing planned: {summary(facts.mistakes, LONGEST_SENTENCE - 70)}; fix it and push"
    return Decision(acts=acts, sentence=sentence, details=in_full(facts.mistakes))


def _summary(event: Event, state: State, description: str) -> Post:
    return Post(sha=event.sha, context=SUMMARY, state=state, description=clip(description), ref=_head(event))


def _head(event: Event) -> str:
    return f"refs/heads/{event.ref}"
