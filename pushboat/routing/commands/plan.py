"""Plan what merging this pull request would do, also where it comes from a fork; nothing is written.

What is planned is the head that the comment's writer saw. Whoever has write permission may: a fork's commits are a
stranger's, and somebody should have looked at them. With an environment only that one is planned again, and of the
others what has no plan yet; a fork is planned for all of them. `pushboat plan` leaves no ask:
it tells whoever asked.
"""

from pushboat.errors import CommandRefused, NotYetSupported
from pushboat.model.ask import Ask, Source
from pushboat.model.command_words import SLASH
from pushboat.model.deployment import short
from pushboat.model.state import State, Trigger
from pushboat.model.wording import code, listed, printable
from pushboat.routing.buttons import nobody_proposes
from pushboat.routing.command import Command
from pushboat.routing.decision import Decision, Facts, PullRequest
from pushboat.routing.following import all_described, of_branch
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.permission import writers_only
from pushboat.routing.planning import SUMMARY, plans, summary
from pushboat.routing.saying import done, mistaken, moved_on

TRIGGERS = {Source.BUTTON: Trigger.BUTTON}


def may(ask: Ask, facts: Facts) -> None:
    """Refuse whoever may not write.

    Raises:
        NotYetSupported, CommandRefused: there is no pull request to be planned.
    """
    if not ask.number and ask.source is Source.BUTTON:
        raise nobody_proposes(ask)
    if not ask.number:
        raise NotYetSupported(f"not yet supported on the command line: comment {SLASH} plan on a pull request")
    writers_only(ask, facts)


def lead(ask: Ask, facts: Facts) -> Decision:
    """Queue the plans and say of which commit."""
    pull_request, commit = facts.pull_request, facts.commit
    assert pull_request, "a comment that is routed stands on a pull request"
    _refuse_what_is_over(pull_request)
    assert commit is not None, "the worker finds the commit before a command about one is routed"
    if commit.sha != pull_request.head_sha:
        raise moved_on(ask, facts, commit.sha, pull_request.head_sha)
    if facts.mistakes:
        raise mistaken(facts.mistakes, commit)
    followers = of_branch(facts.environments, pull_request.base_ref)
    if not followers:
        nothing = f"nothing is affected: no environment follows {printable(pull_request.base_ref, 80)}"
        base = pull_request.base_ref
        green = summary(ask.number, commit.sha, commit.ref, State.SUCCEEDED, nothing, base=base)
        body = f"Nothing is affected: no environment follows {code(pull_request.base_ref)}."
        return done(ask, f"#{ask.number}: {nothing}", body, green)
    only = ask.environment if not pull_request.fork else ""
    wanted = [one for one in followers if ask.environment in ("", one.name)]
    if not wanted:
        raise CommandRefused(
            f"Merging #{ask.number} into {code(pull_request.base_ref)} deploys nothing to {ask.environment} "
            f"({code(all_described(facts.environments.values()), LONGEST_SENTENCE)})."
        )
    chosen = wanted if only else followers
    names = listed(one.name for one in chosen)
    whole = summary(ask.number, commit.sha, commit.ref, State.QUEUED, f"planning {names}")
    trigger = TRIGGERS.get(ask.source, Trigger.COMMENT)
    acts = plans(followers, whole, pull_request.base_ref, ask.who, trigger, only=only)
    sentence = f"#{ask.number}: planning {names} at {short(commit.sha)}, as {printable(ask.who)} said"
    body = (
        f"Planning {names} at {code(short(commit.sha))}. What merging would do stands beside the commit, "
        f"as {code(SUMMARY)}."
    )
    return done(ask, sentence, body, *((whole,) if not only else ()), *acts)


def _refuse_what_is_over(pull_request: PullRequest) -> None:
    number = pull_request.number
    if pull_request.merged:
        raise CommandRefused(f"#{number} is merged already: there is nothing left to plan.")
    if not pull_request.open:
        raise CommandRefused(f"#{number} is closed: reopen it to plan it.")


COMMAND = Command(
    word="plan",
    grammar="/deploy plan [environment]",
    about=__doc__,
    may=may,
    lead=lead,
    about_a_commit=True,
    of_forks=True,
)
