"""The front door's wiring: a Flask app made of its doors. All it needs is handed in; nothing happens at import."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from pushboat.config.following import Standing
from pushboat.config.operator import Operator
from pushboat.config.rereading import SecretsInUse
from pushboat.store.database.engine import Store
from webhook import addresses, failures, headers, health, receiving
from webhook.front.limits import Limits
from webhook.front.passing import place
from webhook.viewers import Viewers


class Json(DefaultJSONProvider):
    """JSON in the order in which it is made; what nests more deeply than Python reads is none, as all that is wrong."""

    sort_keys = False

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """Read it.

        Raises:
            ValueError: it is no JSON, or nobody can have meant it.
        """
        try:
            return super().loads(s, **options)
        except RecursionError:
            raise ValueError("it nests too deeply") from None


def create_app(
    operator: Operator, store: Store, ring: Callable[[], None], standing: Callable[[], Standing] | None = None
) -> Flask:
    """Wire the front door; `ring` wakes the dispatcher and never blocks, `standing` says how its file stands."""
    app = Flask("webhook", static_folder=None)
    secrets = secrets_in_use(operator)
    if operator.dashboard:
        furnish(app, operator, nothing=f"deliveries come in here, pages and API stand at {operator.public_url}")
    else:
        furnish(app, operator, place(operator.state))
    viewers = Viewers(operator, secrets, store)
    app.register_blueprint(receiving.blueprint(operator, store, ring, secrets))
    app.register_blueprint(health.blueprint(store, operator, "web", viewers.is_open, standing))
    return app


def furnish(app: Flask, operator: Operator, dashboard: Path | None = None, nothing: str = "") -> None:
    """Give an app what all of ours have: limits, the sender's own address, failures, headers.

    `dashboard` is where another process takes what asks for pages; `nothing` says what else is where nothing is.
    """
    app.json = Json(app)
    app.url_map.strict_slashes = False
    app.extensions["front"] = Limits(spool=operator.state, trusted=operator.trusted_proxies, dashboard=dashboard)
    app.wsgi_app = addresses.look_through(app.wsgi_app, operator.trusted_proxies)  # type: ignore[method-assign]  # Flask's own way
    failures.install(app, nothing)
    headers.install(app)


def secrets_in_use(operator: Operator) -> Mapping[str, SecretsInUse]:
    """Give each forge's webhook secrets, read again when their files change."""
    return {name: SecretsInUse(forge.webhook_secrets) for name, forge in operator.forges.items()}
