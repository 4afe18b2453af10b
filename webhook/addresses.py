"""Whose request it is: the sender's address, looked for behind the proxies that the operator trusts. Pure."""

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pushboat.config.pages import Network


def source(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Give the nearest address that is no trusted proxy; without trusted proxies, the peer whatever it forwards.

    `forwarded` is X-Forwarded-For, where each proxy adds at the right who called it. Only what trusted proxies wrote
    counts, so the first address from the right that is not one of theirs ends the search.
    """
    found = peer
    for address in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not _is_within(found, trusted):
            break
        try:
            found = str(ipaddress.ip_address(address))
        except ValueError:
            break
    return found


def look_through(application: Callable[..., Any], trusted: Sequence[Network]) -> Callable[..., Any]:
    """Wrap a WSGI application so that it sees whose request it is, and not whose proxy brought it."""

    def looking(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        peer, forwarded = environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "")
        return application({**environ, "REMOTE_ADDR": source(peer, forwarded, trusted)}, start_response)

    return looking


def _is_within(address: str, networks: Iterable[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(mapped in network for network in networks)
