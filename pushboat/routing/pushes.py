"""What a push leads to: a deployment in every environment that follows the branch or the tag."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from pushboat.config.environment import Environment
from pushboat.events import Event
from pushboat.model.deployment import short
from pushboat.model.footprint import Stand
from pushboat.model.state import Kind, Trigger
from pushboat.model.status import clip
from pushboat.model.wording import counted, listed, printable
from pushboat.routing.decision import Decision, Deploy, Facts, Leave
from pushboat.routing.following import (
    MOST_NAMED,
    all_described,
    in_full,
    nothing_active,
    of_branch,
    of_mistakes,
    of_tag,
    summary,
)
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.leaving import leaves


def push(event: Event, facts: Facts) -> Decision:
    """Deploy a pushed commit wherever its ref is followed."""
    if facts.mistakes:
        return refused(facts, event.sha, event.ref)
    if event.tag:
        followers, what = of_tag(facts.environments, event.tag), f"tag {printable(event.tag, 80)}"
    else:
        followers, what = of_branch(facts.environments, event.branch), printable(event.branch, 80)
    left = leaves(event, facts)
    if not followers:
        return _leaving(left, Decision(acts=(), sentence=nobody_follows(facts, what, event.sha)))
    if event.found == "first":
        followers = [one for one in followers if one.first == "deploy"]
        if not followers:
            return Decision(acts=(), sentence=f"nothing deployed: who follows {what} waits for its first push")
    trigger = Trigger.CATCH_UP if event.found else Trigger.PUSH
    decision = deploy_to(followers, event, event.ref, event.sha, trigger, facts.untouched)
    decision = _leaving(left, decision)
    return replace(decision, sentence=f"{decision.sentence}; {_WORDS[event.found]}") if event.found else decision


def _leaving(left: tuple[Leave, ...], decision: Decision) -> Decision:
    """Add what leaves the file with this commit."""
    if not left:
        return decision
    sentence = clip(f"{decision.sentence}; {left[0].description}", LONGEST_SENTENCE)
    return replace(decision, acts=(*decision.acts, *left), sentence=sentence)


_WORDS = {
    "missed": "no delivery told of this push, a look at the repository found it",
    "first": "this was the first look at the repository",
}
"""Why a push that nobody told us of deploys."""


def deploy_to(
    followers: list[Environment],
    event: Event,
    ref: str,
    sha: str,
    trigger: Trigger,
    untouched: Mapping[str, Stand] = MappingProxyType({}),
) -> Decision:
    """Deploy a commit to environments, once: a merge arrives as a pull request and as a push."""
    acts = tuple(
        Deploy(
            kind=Kind.DEPLOY,
            environment=one.name,
            ref=ref,
            sha=sha,
            author=event.author,
            trigger=trigger,
            once=True,
            same=untouched.get(one.name),
        )
        for one in followers
    )
    return Decision(acts=acts, sentence=clip(_deploying(sha, acts), LONGEST_SENTENCE))


def _deploying(sha: str, acts: Sequence[Deploy]) -> str:
    touched, others = [act.environment for act in acts if not act.same], [act.environment for act in acts if act.same]
    unchanged = listed(others) if len(others) <= MOST_NAMED else counted(len(others), "environment")
    if not touched:
        return f"nothing to deploy of {short(sha)}: {unchanged} unchanged"
    also = f"; {unchanged} unchanged" if others else ""
    return f"deploying {short(sha)} to {listed(touched)}{also}"


def nobody_follows(facts: Facts, what: str, sha: str) -> str:
    """Say that no environment follows a ref, and what would have to be pushed instead."""
    if not facts.environments:
        return f"nothing deployed: {nothing_active(facts.has_file, short(sha))}"
    others = all_described(facts.environments.values())
    return clip(f"nothing deployed: no environment follows {what} ({others})", LONGEST_SENTENCE)


def refused(facts: Facts, sha: str, ref: str) -> Decision:
    """Post the file's mistakes where the environments' statuses would stand; nothing deploys."""
    contexts = ["pushboat", *(f"pushboat/{name}" for name in facts.named[:MOST_NAMED])]
    said = summary(facts.mistakes, LONGEST_SENTENCE - 60)
    sentence = f"nothing deployed: {said}{' Fix' if said.endswith('?') else '; fix'} it and push again"
    acts = of_mistakes(facts.mistakes, contexts, sha, ref)
    return Decision(acts=acts, sentence=sentence, details=in_full(facts.mistakes))
