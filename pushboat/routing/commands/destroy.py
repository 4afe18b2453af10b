"""Delete everything that an environment has in its cluster, and say what stays and why.

What another environment has, what somebody's annotation keeps, and what is not ours stays, and is named. Its releases
are kept: a rollback brings one back, and the next push deploys anew. What waits for the environment is given up, and
its pin ends, to a release or to a pull request. The command line asks for the environment's name; scripts say it with
--yes. There is no comment for this: whoever runs Pushboat does it.
"""

from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask
from pushboat.model.hold import Scope
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.wording import printable
from pushboat.routing.command import Command, Option
from pushboat.routing.decision import Decision, Deploy, Facts, LiftHold
from pushboat.routing.holds import PINS, pins, with_line
from pushboat.routing.holds import sentence as sentence_of
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done

SKIP_HOOKS = "skip_hooks"
LONGEST_REASON = 300
FOREIGN = (
    "Its releases are not in this Pushboat's store: everything in its inventory goes, and hooks of its removal are not "
    "known, so none runs"
)


def lead(ask: Ask, facts: Facts) -> Decision:
    """Queue the removal, under the commit that was there last."""
    where, who = ask.environment, printable(ask.who)
    ref, sha, known = _last(where, facts)
    scope = Scope(repository=ask.repository, environment=where)
    lifted = [LiftHold(kind=each.kind, scope=scope, subject=each.subject) for each in pins(facts.holds, scope)]
    act = Deploy(
        kind=Kind.REMOVAL,
        environment=where,
        ref=ref,
        sha=sha,
        author=ask.who,
        trigger=Trigger.COMMAND,
        skip_hooks=SKIP_HOOKS in ask.arguments,
    )
    reason = ask.arguments.get("reason", "")
    why = f": {printable(reason, LONGEST_REASON)}" if reason else ""
    unknown = "" if known else f". {FOREIGN}"
    sentence = f"destroying {where}, as {who} said{why}{unknown}"
    others = [hold for hold in facts.holds if hold.kind not in PINS and hold.scope.covers(ask.repository, where)]
    if held := with_line(others, ask.at):
        sentence = f"{sentence}. Something else holds it: {'; '.join(map(sentence_of, held))}"
    return done(ask, sentence, sentence, *lifted, act)


def _last(where: str, facts: Facts) -> tuple[str, str, bool]:
    """Give the ref and commit that were there last, and whether our store knows more of it than the cluster says."""
    standing = next((each for each in facts.standings if each.environment == where), Standing(environment=where))
    if last := standing.runs or standing.latest:
        return last.ref, last.sha, True
    if facts.commit:
        return facts.commit.ref, facts.commit.sha, False
    raise CommandRefused(
        f"Nothing was ever deployed to {where}, as far as this Pushboat knows, and no inventory of it is in its "
        f"cluster, so there is nothing to destroy. If another one deployed it under another name, say that "
        f"under formerly."
    )


COMMAND = Command(
    word="destroy",
    about=__doc__,
    inherits=True,
    may=deployers_only,
    lead=lead,
    ends_as=State.SUCCEEDED,
    typed=True,
    instead="Environments are not destroyed by a comment: whoever runs Pushboat says `pushboat destroy`.",
    options=(
        Option(name="reason", metavar="TEXT", help="Why; it is kept with who asked."),
        Option(name=SKIP_HOOKS, help="Run none of the hooks that are for a removal."),
    ),
)
