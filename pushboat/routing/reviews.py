"""A workflow's job asks whether it may deploy to one of our environments: not while something holds that, or it is ill.

Only an App is asked. Each request gets one answer: a job that was refused runs again once the reason has gone.
"""

from pushboat.events import Event
from pushboat.model.forge_answer import Reviewed
from pushboat.model.state import State
from pushboat.model.wording import code, printable
from pushboat.routing.decision import Decision, Facts
from pushboat.routing.holds import in_order, sentence

LONGEST_COMMENT = 500
LONGEST_REASON = 350
"""Characters of people's and pods' own words, which stand as code: GitHub renders the comment."""
_AGAIN = "run the job again once that has ended"
_TROUBLE = (State.FAILED, State.ERRORED)


def review(event: Event, facts: Facts) -> Decision:
    """Answer from the holds that bind whoever asks, and from how the environment stands."""
    why = _reason(event, facts)
    where = printable(event.environment)
    comment = f"{why}: {_AGAIN}" if why else f"nothing holds {where}, and it is well"
    act = Reviewed(run=event.run, environment=event.environment, approved=not why, comment=comment[:LONGEST_COMMENT])
    word = "refused" if why else "approved"
    return Decision(acts=(act,), sentence=f"{word} a workflow's deployment to {where}: {comment[:LONGEST_COMMENT]}")


def _reason(event: Event, facts: Facts) -> str:
    where = printable(event.environment)
    if event.environment not in facts.limits:
        return f"Pushboat has no environment {where} here, so nobody knows what holds it"
    if facts.holds:
        said = "; then ".join(sentence(hold) for hold in in_order(facts.holds))
        return f"{where} is held: {code(said, LONGEST_REASON)}"
    stands = next((each for each in facts.standings if each.environment == event.environment), None)
    busy = next((each for each in stands.unfinished if each.state is State.RUNNING), None) if stands else None
    if busy:
        return f"{busy.kind_word} {busy.id} is on its way to {where}"
    latest = stands.latest if stands else None
    if latest and latest.state in _TROUBLE:
        return f"{where} is not well since {latest.kind_word} {latest.id}: {code(latest.reason, LONGEST_REASON)}"
    return ""
