"""Take one's own approval of a commit back; what it let go and has not begun yet waits again.

Whoever gave it may, and nobody else: another one's falls away by itself once its giver may not approve any more.
"""

from pushboat.errors import CommandRefused
from pushboat.model.approval import same_name
from pushboat.model.ask import Ask
from pushboat.model.deployment import short
from pushboat.model.wording import called, code, printable
from pushboat.routing import approving
from pushboat.routing.command import WAITING, Command
from pushboat.routing.decision import Decision, Facts
from pushboat.routing.permission import approvers_only
from pushboat.routing.saying import done


def lead(ask: Ask, facts: Facts) -> Decision:
    """Let the asker's approval count no more."""
    commit, where = facts.commit, ask.environment
    if commit is None:
        raise CommandRefused(f"#{ask.number} has no commit that could have been approved for {where}.")
    mine = [each for each in facts.approvals if not each.ended and same_name(each.who) == same_name(ask.who)]
    if not mine:
        raise CommandRefused(
            f"{called(ask.who)} has not approved {code(short(commit.sha))} for {where}: there is nothing to take back."
        )
    whom = approving.whom(facts.limits[where].approvers, silent=facts.silent)
    act = approving.Unapprove(environment=where, sha=commit.sha, who=ask.who, whom=whom)
    sentence = f"{printable(ask.who)} took back the approval of {short(commit.sha)} for {where}"
    body = f"{called(ask.who)} took back the approval of {code(short(commit.sha))} for {where}; what has begun goes on."
    return done(ask, sentence, body, act)


COMMAND = Command(
    word="unapprove",
    grammar="/deploy unapprove <environment>",
    about=__doc__,
    may=approvers_only,
    lead=lead,
    about_a_commit=True,
    of_approvals=True,
    options=(WAITING,),
)
