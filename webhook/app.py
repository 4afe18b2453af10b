"""The front door's wiring: a Flask app made of its doors. All it needs is handed in; nothing happens at import."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from pushboat.config.operator import Operator
from pushboat.config.rereading import SecretsInUse
from pushboat.model import times, wording
from pushboat.model.deployment import short
from pushboat.model.refs import short_name
from pushboat.reading import headlines
from pushboat.routing.holds import all_told
from pushboat.store.database.engine import Store
from webhook import addresses, api, failures, filters, headers, health, pages, receiving
from webhook.front.limits import Limits
from webhook.viewers import Viewers

STATIC = Path(__file__).parent / "static"


def create_app(operator: Operator, store: Store, ring: Callable[[], None]) -> Flask:
    """Wire the front door; `ring` wakes the dispatcher and never blocks."""
    app = Flask("webhook")
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of the default provider, which Flask types by its base
    app.url_map.strict_slashes = False
    app.extensions["front"] = Limits(spool=operator.state, trusted=operator.trusted_proxies)
    app.wsgi_app = addresses.look_through(app.wsgi_app, operator.trusted_proxies)  # type: ignore[method-assign]  # Flask's own way
    secrets = {name: SecretsInUse(forge.webhook_secrets) for name, forge in operator.forges.items()}
    viewers = Viewers(operator, secrets)
    app.before_request(viewers.stop)
    failures.install(app)
    headers.install(app)
    app.register_blueprint(receiving.blueprint(operator, store, ring, secrets))
    app.register_blueprint(api.blueprint(operator, store))
    app.register_blueprint(health.blueprint(store, operator.state, viewers.is_open))
    app.register_blueprint(pages.blueprint(operator, store))
    _teach_templates(app)
    return app


def _teach_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for word in (times.exact, filters.iso, times.ago, times.lasted, filters.blocks, filters.diff_lines):
        app.jinja_env.filters[word.__name__] = word
    app.jinja_env.filters.update(
        short=short,
        short_ref=short_name,
        proposal=filters.proposal,
        tally=wording.did,
        beside=wording.beside,
        all_told=all_told,
        who_acts=headlines.who_acts,
        of_hook=headlines.of_hook,
        try_again=headlines.try_again,
        asked_by=headlines.asked_by,
        release_of=headlines.release_of,
    )
    app.jinja_env.finalize = filters.readable
    app.jinja_env.globals.update(version=_version())


def _version() -> str:
    """Digest the static files, so that browsers fetch them again exactly when they change."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
