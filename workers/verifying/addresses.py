"""Which addresses may be asked on behalf of a repository, whatever name leads to them.

A name is looked up once, all its addresses are checked, and one of those is connected to: what the name leads to a
moment later is nobody's business. Addresses of the network's own services (a cloud's metadata, with its credentials)
are asked for nobody; this machine only where the operator lists it by a name of its own.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread

from pushboat.config.urls import is_loopback
from pushboat.errors import VerificationRefused
from pushboat.logs import entrusted

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

METADATA = frozenset(
    ipaddress.ip_address(each)
    for each in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)
"""Where clouds answer with credentials, beside the link-local 169.254.169.254: Alibaba, Azure, Oracle, AWS, Google."""
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")


Resolver = Callable[[str, int], Iterable[str]]


def resolve(host: str, port: int) -> Iterable[str]:
    """Ask the machine's resolver, which takes its time."""
    return (str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


def addresses_of(host: str, port: int, within: float, resolver: Resolver = resolve) -> tuple[str, ...]:
    """Look a host up, once, in so many seconds, and give where it may be asked.

    Raises:
        VerificationRefused: one of its addresses is nobody's to ask.
        OSError: nobody knows the host, or nobody said so in time (TimeoutError).
    """
    addresses = _in_time(lambda: tuple(dict.fromkeys(resolver(host, port))), within)
    for each in addresses:
        if why := refusal(each, loopback=is_loopback(host)):
            raise VerificationRefused(
                f"verify asks {host}, which leads to {each}, {why}: take it out of `verify_hosts`, or mend its name"
            )
    return addresses


def _in_time(look_up: Callable[[], tuple[str, ...]], within: float) -> tuple[str, ...]:
    """Wait for a resolver, which knows no deadline: one that goes on is left to itself."""
    answers: SimpleQueue[tuple[str, ...] | OSError] = SimpleQueue()

    def look() -> None:
        try:
            answers.put(look_up())
        except (OSError, UnicodeError) as trouble:  # a name that no encoding can carry is one that nobody knows
            answers.put(trouble if isinstance(trouble, OSError) else socket.gaierror(str(trouble)))

    Thread(target=entrusted(look), daemon=True, name="resolver").start()
    try:
        found = answers.get(timeout=max(0.0, within))
    except Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    return found


def refusal(written: str, *, loopback: bool = False) -> str:
    """Say why an address is asked for nobody; empty where it may be."""
    for address in _meant(ipaddress.ip_address(written.partition("%")[0])):
        if why := _refusal(address, loopback=loopback):
            return why
    return ""


def _meant(address: Address) -> Iterator[Address]:
    """Give an address, or the one of the older protocol that it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
    elif address.ipv4_mapped:
        yield address.ipv4_mapped
    elif address in _TRANSLATED:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    elif address.teredo:
        yield from address.teredo
    else:
        yield address
        if address.sixtofour:
            yield address.sixtofour


def _refusal(address: Address, *, loopback: bool) -> str:
    if address.is_loopback:
        return "" if loopback else "which is this machine"
    if address in METADATA:
        return "where a cloud keeps credentials"
    if address.is_link_local:
        return "a link-local address"
    if address.is_multicast:
        return "a multicast address"
    if address.is_unspecified or address in _THIS_NETWORK:
        return "which is no address"
    return "a reserved address" if address.is_reserved else ""
