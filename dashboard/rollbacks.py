"""Before a rollback is asked for on a page: what it would change, as a worker finds it, and the form that asks for it.

Without JavaScript, too: the page comes again by itself until there is an answer. Nobody who must go back is kept from
it by one that is missing. Only the person who asked reads it.
"""

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request

from dashboard import seeing
from dashboard.acting import demand_line, refused
from dashboard.login.door import Door, signed_in
from dashboard.queries import NUMBER
from pushboat.config.operator import Operator
from pushboat.model.deployment import Lane
from pushboat.model.person import Person
from pushboat.model.question import Asker, Question
from pushboat.model.reach import reach_of
from pushboat.model.wording import quoted
from pushboat.store import questions, releases
from pushboat.store.database.engine import Store
from pushboat.store.questions import TooMany
from webhook.failures import answer, not_found

WORD = "rollback"
MOST_SHOWN = 100
"""Objects that are named; the rest is counted."""


def blueprint(operator: Operator, store: Store, people: Door, wake: Callable[[], object]) -> Blueprint:
    """Open `/rollbacks` and `/rollbacks/<number>`; a question that is asked there wakes the dispatchers."""
    door = Blueprint("rollbacks", __name__)

    @door.post("/rollbacks")
    def begin() -> Response:
        person, (repository, _, environment) = signed_in(), request.form.get("place", "").rpartition("/")
        spelled = operator.spelled(repository)
        limits = operator.limits(spelled, environment) if spelled else None
        if person is None or limits is None or not seeing.covers(operator, seeing.reach(), spelled, environment):
            return not_found(seeing.you_may_see(f"environment {quoted(environment)} of {quoted(repository)}"))
        given = {name: request.form[name] for name in ("release", "reason") if request.form.get(name)}
        if why := demand_line(given.values()):
            return why
        if refusal := refused(people, person, spelled, limits.deployers, f"{WORD} {environment}"):
            return refusal
        try:
            place = reach_of(spelled, environment)
            number = questions.ask(store, _asker(person), WORD, place, limits.cluster, given)
        except TooMany:
            return answer(429, "you have asked for more than is answered: wait a moment, and load this page again")
        wake()
        return make_response(redirect(f"/rollbacks/{number}", 303))

    @door.get(f"/rollbacks/{NUMBER}")
    def foreseen(number: int) -> str | Response:
        person, found = signed_in(), questions.find(store, number)
        if person is None or found is None or not _is_theirs(operator, person, found):
            return not_found("There is no such question of yours any more: answers are kept for minutes.")
        waits = found.told is None and not found.lapsed(store.now())
        known = releases.listed(store, Lane(repository=found.reach.only, environment=found.reach.environment), 1)
        newest = known[0].number if known else 0
        return render_template("rollback.html", question=found, waits=waits, newest=newest, most=MOST_SHOWN)

    return door


def _is_theirs(operator: Operator, person: Person, found: Question) -> bool:
    """Say whether somebody asked this, and still sees what it is about."""
    seen = seeing.covers(operator, seeing.reach(), found.reach.only, found.reach.environment)
    return seen and (found.word, found.asker) == (WORD, _asker(person))


def _asker(person: Person) -> Asker:
    return Asker(who=f"{person.realm} {person.subject} {person.name}")
