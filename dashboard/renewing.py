"""Open pages renew themselves: each says what it knows of, and is made again only where there is something newer.

Two hundred people may have the overview open, and it takes a tenth of a second to make where there is much to see.
"""

from flask import Blueprint, Response, g, request

from pushboat.store.database.engine import Store
from pushboat.store.newest import newest


def renewing(door: Blueprint, store: Store) -> Blueprint:
    """Let a blueprint's pages answer 304 to whoever has seen the newest; who may not look is stopped before that."""

    @door.before_request
    def unchanged() -> Response | None:
        g.newest = newest(store)
        seen = request.headers.get("If-None-Match", "")
        return Response(status=304) if seen == f'"{g.newest}"' else None

    return door


def newest_seen() -> str:
    """Give what this page knows of; empty where it does not renew itself."""
    return str(g.get("newest", ""))
