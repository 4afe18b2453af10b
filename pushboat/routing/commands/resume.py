"""End the pause of an environment: the newest commit that waits there is deployed.

Whoever may pause may resume, also what somebody else paused. At the terminal only, as `pause` is.
"""

from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask
from pushboat.model.hold import Scope
from pushboat.model.wording import printable
from pushboat.routing.command import Command
from pushboat.routing.decision import Decision, Facts, LiftHold
from pushboat.routing.holds import sentence, with_line
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done, next_in


def lead(ask: Ask, facts: Facts) -> Decision:
    """Lift the pause of exactly this environment."""
    where = ask.environment
    scope = Scope(repository=ask.repository, environment=where)
    binding = [hold for hold in facts.holds if hold.scope.environment in ("", where) and not hold.scope.deployment]
    pauses = [hold for hold in binding if hold.kind == "pause" and hold.scope == scope]
    others = [sentence(hold) for hold in with_line(binding, ask.at) if hold not in pauses]
    still = f" Something else holds it: {'; '.join(others)}." if others else ""
    if not pauses:
        raise CommandRefused(f"{where} is not paused, so there is nothing to resume.{still}")
    words = f"resuming {where}, as {printable(ask.who)} said: {next_in(where, facts)}; it was {sentence(pauses[0])}"
    said = f"{words}.{still}" if still else words
    return done(ask, said, said, LiftHold(kind="pause", scope=scope))


COMMAND = Command(word="resume", about=__doc__, may=deployers_only, lead=lead, lets_go=True)
