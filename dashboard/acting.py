"""What pages take from people who signed in: asks for an environment, and replays. Only a form of ours counts.

Whoever asks is held against the forge's word of this very moment; then the ask is stored as those of the API are.
"""

from collections.abc import Callable, Iterable

from flask import Blueprint, Response, make_response, redirect, request

from dashboard import seeing
from dashboard.api.asks import too_many
from dashboard.login.door import Door, rights, signed_in
from dashboard.queries import NUMBER
from pushboat.config.operator import Operator
from pushboat.config.values import is_team
from pushboat.errors import CommandRefused, ForgeRefused, ForgeUnavailable
from pushboat.model.ask import Ask, Source
from pushboat.model.command_words import BY_TOKEN
from pushboat.model.person import Person
from pushboat.model.rights import ADMIN
from pushboat.model.wording import quoted
from pushboat.routing.permission import is_among
from pushboat.store import deliveries
from pushboat.store.database.engine import Store
from webhook.failures import answer, not_found

LONGEST = 200
UNREADABLE = "this form cannot be read; load the page again"
SILENT = "the forge does not say whether you may, so nothing was done; try again in a moment"


def blueprint(operator: Operator, store: Store, people: Door, wake: Callable[[], object]) -> Blueprint:
    """Open `/asks` and `/deliveries/<number>/replay`; whatever is taken there wakes the dispatchers."""
    door = Blueprint("acting", __name__)

    @door.post("/asks")
    def ask() -> Response:
        person = signed_in()
        word, (repository, _, environment) = request.form.get("word", ""), request.form.get("place", "").rpartition("/")
        spelled = operator.spelled(repository)
        limits = operator.limits(spelled, environment) if spelled else None
        if person is None or limits is None or not seeing.covers(operator, seeing.reach(), spelled, environment):
            return not_found(seeing.you_may_see(f"environment {quoted(environment)} of {quoted(repository)}"))
        arguments = {name: request.form[name] for name in BY_TOKEN.get(word, ()) if request.form.get(name)}
        if word not in BY_TOKEN:
            return answer(400, UNREADABLE)
        if why := demand_line(arguments.values()):
            return why
        if refusal := refused(people, person, spelled, limits.deployers, f"{word} {environment}"):
            return refusal
        wanted = Ask(
            word=word,
            who=person.who,
            source=Source.PAGE,
            repository=spelled,
            environment=environment,
            arguments=arguments,
        )
        return _led(wake, deliveries.accept_ask(store, wanted))

    @door.post(f"/deliveries/{NUMBER}/replay")
    def replay(number: int) -> Response:
        person, row = signed_in(), deliveries.find(store, number)
        if person is None or row is None or not seeing.tells(operator, seeing.reach(), row):
            return not_found(seeing.you_may_see(f"delivery {number}"))
        if refusal := refused(people, person, operator.spelled(row.repository), (ADMIN,), f"replay delivery {number}"):
            return refusal
        try:
            who = Ask(word="replay", who=person.who, source=Source.PAGE, repository=row.repository, environment="")
            return _led(wake, deliveries.replay(store, number, who))
        except CommandRefused as why:
            return answer(409, why.summary)

    return door


def may_act(operator: Operator, repository: str, environment: str) -> bool:
    """Say whether an environment's page has forms: a team's members learn when they ask whether they are some."""
    mine, limits = rights(), operator.limits(operator.spelled(repository), environment)
    if mine is None or limits is None:
        return False
    team = any(map(is_team, limits.deployers))
    return team or is_among(mine.person.who, mine.level(operator.spelled(repository)), limits.deployers)


def may_replay(operator: Operator, repository: str) -> bool:
    """Say whether a delivery's page has a form."""
    mine = rights()
    return mine is not None and mine.level(operator.spelled(repository)) == ADMIN


def demand_line(values: Iterable[str]) -> Response | None:
    """Refuse a form whose texts are not one line each, of a length that people type."""
    return None if all(map(_is_a_line, values)) else answer(400, UNREADABLE)


def refused(people: Door, person: Person, repository: str, wanted: tuple[str, ...], what: str) -> Response | None:
    """Refuse who may not do this by their forge's word of this very moment; None where they may."""
    try:
        may = people.permissions.may(person, repository, wanted)
    except (ForgeUnavailable, ForgeRefused, TimeoutError):
        return answer(503, SILENT)
    if may:
        return None if people.asks.allow(person.who) else too_many()
    return answer(
        403, f"not done: {person.who} may not {what}, which takes one of {', '.join(wanted)} at {person.realm}"
    )


def _led(wake: Callable[[], object], number: int) -> Response:
    wake()
    return make_response(redirect(f"/deliveries/{number}", 303))


def _is_a_line(value: str) -> bool:
    return value.isprintable() and len(value) <= LONGEST
