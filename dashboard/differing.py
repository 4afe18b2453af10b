"""What differs between two releases of an environment: chosen on its page, or on this one."""

from flask import Blueprint, Response, render_template, request

from dashboard import environment, queries, seeing
from dashboard.queries import refuse_unknown
from pushboat.config.operator import Operator
from pushboat.model.deployment import Lane
from pushboat.reading.between import NoSuchRelease, between, sentence
from pushboat.reading.environments import overview
from pushboat.store import releases
from pushboat.store.database.engine import Store
from webhook.failures import not_found

SHOWN_UNFOLDED = 20
"""Up to this many objects show what differs at once."""
MOST_OFFERED = 200


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/environments/<forge>/<path>/<environment>/diff`."""
    door = Blueprint("differing", __name__)

    @door.get("/environments/<path:place>/diff")
    def diff(place: str) -> str | Response:
        repository, _, name = place.rpartition("/")
        found = next((one for one in overview(store, operator, repository) if one.environment == name), None)
        if found is None or not seeing.covers(operator, seeing.reach(), repository, name):
            return environment.shown(operator, store, f"{place}/diff")  # somebody's environment is called so
        refuse_unknown(request, ("from", "to"))
        lane = Lane(repository=found.repository, environment=found.environment)
        try:
            seen = between(store, lane, *queries.releases(request))
        except NoSuchRelease as gone:
            return not_found(gone.summary)
        kept = [each for each in releases.listed(store, lane, MOST_OFFERED) if each.kept]
        return render_template(
            "diff.html",
            lane=lane,
            seen=seen,
            headline=sentence(seen),
            kept=kept,
            unfolded=len(seen.changes) <= SHOWN_UNFOLDED,
        )

    return door
