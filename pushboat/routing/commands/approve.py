"""Approve a commit for an environment that asks for approvals: the head that is shown, or the commit commented on.

Whoever is among the environment's `approvers` may, but for who opened the pull request, pushed some of the commits, or
asked for the deployment: the forge's names count, never git's author. An approval is of one commit and one environment
and dies with the commit: what is pushed later, and what a merge makes, is asked for anew. At the moment of starting the
forge is asked once more whether each of those who approved still may. `/deploy unapprove` takes one's own back. Where
the forge's own environment names reviewers, its rules say whose approval counts, the asker's too.
"""

from pushboat.errors import CommandRefused, NotPermitted
from pushboat.model.approval import same_name
from pushboat.model.ask import Ask, Source
from pushboat.model.command_words import SLASH
from pushboat.model.deployment import Deployment, short
from pushboat.model.state import State
from pushboat.model.wording import called, code, counted, printable
from pushboat.routing import approving
from pushboat.routing.command import WAITING, Command
from pushboat.routing.decision import Decision, Facts
from pushboat.routing.forge_rules import REVIEWERS
from pushboat.routing.permission import approvers_only
from pushboat.routing.saying import done, moved_on


def lead(ask: Ask, facts: Facts) -> Decision:
    """Note the approval, and say what is missing still."""
    number, pull_request = ask.number, facts.pull_request
    if pull_request and pull_request.fork and not pull_request.merged:
        raise CommandRefused(f"#{number} comes from a fork, and is deployed once it is merged: approve its merge then.")
    if pull_request and not pull_request.open and not pull_request.merged:
        raise CommandRefused(f"#{number} is closed: reopen it to deploy it.")
    commit = facts.commit
    assert commit is not None, "the worker finds the commit before a command about one is routed"
    if pull_request and facts.moved:
        raise moved_on(ask, facts, commit.sha, pull_request.head_sha)
    where, limits = ask.environment, facts.limits[ask.environment]
    needed = approving.wanted(facts.environments.get(where), limits)
    by_the_forge = _waits_for_reviewers(facts, where, commit.sha)
    if not needed and not by_the_forge:
        raise CommandRefused(f"{where} asks for no approvals, so there is nothing to approve.")
    if needed:
        _refuse_who_is_behind(ask, facts, commit.sha)
    given = approving.that_count(facts.approvals, facts.behind_it)
    if any(same_name(each.who) == same_name(ask.who) for each in given):
        raise CommandRefused(f"{called(ask.who)} has approved {code(short(commit.sha))} for {where} already.")
    act = approving.Approve(
        environment=where,
        sha=commit.sha,
        who=ask.who,
        source=ask.source,
        number=number,
        opener=pull_request.opener if pull_request else "",
        whom=approving.whom(limits.approvers, silent=facts.silent),
    )
    left = needed - len(given) - 1
    enough = "the forge's own rules are asked again" if by_the_forge else "that is enough"
    then = f"{counted(left, 'more approval')} {'is' if left == 1 else 'are'} needed" if left > 0 else enough
    sentence = f"{printable(ask.who)} approved {short(commit.sha)} for {where}: {then}"
    waits = "" if _waiting(facts, where, commit.sha) else f" Nothing of it waits there yet: {code(f'{SLASH} {where}')}."
    said = f"{called(ask.who)} approved {code(short(commit.sha))} for {where}: {then}.{waits}"
    return done(ask, sentence, f"{said} It holds for this commit alone.", act)


def _refuse_who_is_behind(ask: Ask, facts: Facts, sha: str) -> None:
    """Refuse the approval of whoever wants the commit there anyway."""
    who, why = called(ask.who), facts.behind_it.get(same_name(ask.who), "")
    if ask.source is Source.COMMAND:
        why = ""
    waiting = _waiting(facts, ask.environment, sha)
    if waiting and all(same_name(each.author) == same_name(ask.who) for each in waiting):
        why = why or "asked for the deployment"
    if why:
        raise NotPermitted(f"{who} {why}, so somebody else must approve {code(short(sha))}.")


def _waits_for_reviewers(facts: Facts, environment: str, sha: str) -> bool:
    """Say whether a deployment of the commit waits for those whom the forge's own environment names."""
    waiting = {each.id for each in _waiting(facts, environment, sha)}
    return any(hold.kind == REVIEWERS and hold.scope.deployment in waiting for hold in facts.holds)


def _waiting(facts: Facts, environment: str, sha: str) -> list[Deployment]:
    """List the commit's deployments that wait for their turn."""
    there = [each for each in facts.standings if each.environment == environment]
    every = [each for standing in there for each in standing.unfinished]
    return [each for each in every if each.sha == sha and each.state is State.QUEUED]


COMMAND = Command(
    word="approve",
    grammar="/deploy approve <environment>",
    about=__doc__,
    may=approvers_only,
    lead=lead,
    about_a_commit=True,
    of_approvals=True,
    options=(WAITING,),
)
