"""The show room's wiring: a Flask app made of pages and API. All it needs is handed in; nothing happens at import."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask, Response, make_response, render_template

from dashboard import (
    acting,
    audit,
    commit,
    deliveries,
    differing,
    environment,
    filters,
    home,
    metrics,
    pages,
    pull_request,
    repository,
    rollbacks,
    search,
)
from dashboard.api import door
from dashboard.login.door import Door, form_token, sees_nothing, signed_in
from dashboard.renewing import newest_seen, renewing
from dashboard.taking_over import taking_over
from dashboard.watchers import Watchers
from pushboat.config.following import Standing
from pushboat.config.operator import Operator
from pushboat.model import times, wording
from pushboat.model.deployment import short
from pushboat.model.refs import short_name
from pushboat.queue.bell import ring
from pushboat.reading import headlines
from pushboat.reading.forge_links import ForgeLinks
from pushboat.reading.told import progress_of
from pushboat.routing.holds import all_told
from pushboat.store.database.engine import Store
from webhook import failures, health
from webhook.app import furnish, secrets_in_use
from webhook.viewers import Viewers

STATIC = Path(__file__).parent / "static"


def _call_nobody() -> None:
    """Be alone with one dispatcher, on this machine."""


def create_app(
    operator: Operator,
    store: Store,
    standing: Callable[[], Standing] | None = None,
    call: Callable[[], object] = _call_nobody,
) -> Flask:
    """Wire the show room; `standing` says how the operator's file stands, `call` tells other machines' dispatchers."""

    def wake() -> None:
        ring(operator.state)
        call()

    app = Flask("dashboard")
    furnish(app, operator)
    app.wsgi_app = taking_over(app.wsgi_app, Watchers(partial(progress_of, store)))  # type: ignore[method-assign]  # as Flask has it
    if operator.dashboard:
        app.add_url_rule("/webhooks/<path:forge>", "misled", partial(_misled, operator), methods=["POST"])
    app.extensions[failures.PAGE] = _failure
    people = Door(operator, store) if operator.login else None
    viewers = Viewers(operator, secrets_in_use(operator), store, people.let_in if people else None)
    app.before_request(viewers.stop)
    app.register_blueprint(door.blueprint(operator, store, wake))
    for page in (home, environment, commit, pull_request, repository, deliveries, audit):
        app.register_blueprint(renewing(page.blueprint(operator, store), store))
    for page in (pages, differing, search, metrics):
        app.register_blueprint(page.blueprint(operator, store))
    if people:
        app.register_blueprint(people.blueprint())
        app.register_blueprint(acting.blueprint(operator, store, people, wake))
        app.register_blueprint(rollbacks.blueprint(operator, store, people, wake))
    app.register_blueprint(health.blueprint(store, operator, "dashboard", viewers.is_open, standing))
    _teach_templates(app, ForgeLinks(operator.forges))
    app.jinja_env.globals["called"] = operator.login.called if operator.login else ""
    may = {"may_act": partial(acting.may_act, operator), "may_replay": partial(acting.may_replay, operator)}
    app.jinja_env.globals.update(may)
    return app


def _misled(operator: Operator, forge: str) -> Response:
    host, port = operator.host, operator.port
    return failures.not_found(
        f"deliveries come in at {host}:{port}, and this is the dashboard's address: "
        f"let the proxy pass /webhooks/{forge} there, or send to that address"
    )


def _failure(code: int, sentence: str) -> Response:
    return make_response(render_template("failure.html", code=code, sentence=sentence))


def _teach_templates(app: Flask, links: ForgeLinks) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for word in (times.exact, filters.iso, times.ago, times.lasted, filters.blocks, filters.diff_lines):
        app.jinja_env.filters[word.__name__] = word
    app.jinja_env.filters.update(
        short=short,
        short_ref=short_name,
        proposal=filters.proposal,
        pods=filters.pods,
        shape=filters.shape,
        beyond=filters.beyond,
        to_do=filters.to_do,
        together=filters.together,
        brief=filters.brief,
        why=filters.why,
        tally=wording.did,
        beside=wording.beside,
        all_told=all_told,
        who_acts=headlines.who_acts,
        unheard=headlines.unheard,
        of_hook=headlines.of_hook,
        try_again=headlines.try_again,
        asked_by=headlines.asked_by,
        release_of=headlines.release_of,
    )
    app.jinja_env.finalize = filters.readable
    people = {"signed_in": signed_in, "form_token": form_token, "sees_nothing": sees_nothing}
    app.jinja_env.globals["newest_seen"] = newest_seen
    app.jinja_env.globals.update(version=_version(), links=links, **people)


def _version() -> str:
    """Digest the static files, so that browsers fetch them again exactly when they change."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
