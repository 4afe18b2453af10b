"""Whose request it is: the sender's address, looked for behind the proxies that the operator trusts. Pure."""

import ipaddress
from collections.abc import Iterable, Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


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


def _is_within(address: str, networks: Iterable[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(mapped in network for network in networks)
