"""Addresses in the operator's file: no credentials in them, and nothing that carries one in clear text."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
LONGEST_SEEN = 255
"""Characters; GitLab keeps no longer one."""
_SCP = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*@(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?P<path>[^/-].*)")


def web_address(url: str) -> str:
    """Accept the address of a forge or its API, without the last '/'."""
    parts = _split(url)
    if parts.scheme not in ("http", "https"):
        raise ValueError("must begin with https://")
    _refuse_clear_text(parts)
    if parts.query or parts.fragment:
        raise ValueError("must not have a query or a fragment")
    return url.rstrip("/")


def public_address(url: str) -> str:
    """Accept the address under which people reach our pages, without the last '/'."""
    parts = _split(url)
    if parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://pushboat.example.com")
    return url.rstrip("/")


def clone_address(url: str) -> str:
    """Accept the pattern of the address that git fetches from."""
    if "{repository}" not in url or "{" in url.replace("{repository}", "", 1):
        raise ValueError("must contain {repository} once, such as https://git.example.com/{repository}.git")
    concrete = url.replace("{repository}", "acme/shop")
    if _SCP.fullmatch(concrete) and concrete.isprintable() and " " not in concrete:
        return url
    parts = _split(concrete)
    if parts.scheme not in ("https", "ssh", "http"):
        raise ValueError("must be https or ssh")
    _refuse_clear_text(parts)
    return url


def seen_address(url: str) -> str:
    """Accept an address under which people look at what runs in an environment."""
    parts = _split(url)
    if parts.scheme not in ("http", "https") or parts.username is not None or "\\" in url:
        raise ValueError("must be an address that people open, such as https://staging.example.com")
    if len(url) > LONGEST_SEEN:
        raise ValueError(f"has more than {LONGEST_SEEN} characters")
    return url


def asked_address(url: str) -> str:
    """Accept an address that is asked whether something works."""
    parts = _split(url)
    if parts.scheme not in ("http", "https"):
        raise ValueError("must begin with https://")
    if parts.fragment or parts.username is not None:
        raise ValueError("must have neither credentials nor a '#' in it")
    if parts.port == 0 or "\\" in url:
        raise ValueError("is no address")
    return url


def asked_host(written: str) -> str:
    """Accept a host that may be asked: shop.example, *.shop.example:8443, or http://… where it speaks no TLS."""
    scheme, _, rest = written.rpartition("://")
    star = rest.startswith("*.")
    if scheme in ("", "http", "https") and not set("/?*") & set(rest[star:]):
        try:
            return host_of(asked_address(f"{scheme or 'https'}://{rest[2 * star :]}"), "*." * star)
        except ValueError:
            pass
    raise ValueError("lists hosts such as shop.example, *.shop.example:8443 or http://shop.internal:8080")


def host_of(url: str, star: str = "") -> str:
    """Name whom an address asks, as `asked_host` has it: without what is usual."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or _PORTS[parts.scheme]
    shown = f"[{host}]" if ":" in host else f"{star}{host}"
    return f"{'http://' * (parts.scheme == 'http')}{shown}{f':{port}' * (port != _PORTS[parts.scheme])}"


def may_be_asked(url: str, hosts: Iterable[str]) -> bool:
    """Say whether one of these hosts is the one of an address; `*.` stands for any name in front."""
    whom = host_of(url)
    return any(host == whom or _under(whom, host) for host in hosts)


def shows_tokens(host: str) -> bool:
    """Say whether what is sent to a host of `asked_host`'s form can be read on the way."""
    return host.startswith("http://") and not is_loopback(urlsplit(host).hostname or "")


def _under(whom: str, pattern: str) -> bool:
    before, star, after = pattern.partition("*")
    name = whom.removeprefix(before).removesuffix(after)
    return bool(star) and "/" not in name and whom == f"{before}{name}{after}"


def listen_address(written: str) -> str:
    """Accept host:port, with an IPv6 address in brackets."""
    host, port = host_and_port(written)
    if not host or not port:
        raise ValueError("must be host:port, such as 127.0.0.1:8700 or [::1]:8700")
    return written


def host_and_port(written: str) -> tuple[str, int]:
    """Split host:port; an empty host or port 0 where it is neither."""
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]]+)):([0-9]{1,5})", written)
    if match is None:
        return "", 0
    port = int(match[3])
    if match[1]:
        host = match[1] if is_address(match[1]) else ""
    else:
        host = match[2] if _HOST.fullmatch(match[2]) else ""
    return host, port if port <= 65535 else 0


def reachable(host: str) -> str:
    """Give a host to put in links for one that is listened on; an IPv6 address goes in brackets."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - recognised, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def has_password(url: str) -> bool:
    """Say whether a password stands in a URL."""
    return bool(re.search(r"//[^/@]*:[^/@]+@", url)) or bool(re.search(r"[?&]password=[^&]", url))


def _split(url: str) -> SplitResult:
    if url.startswith("-"):
        raise ValueError("must not begin with '-': git would take it for an option")
    if not url.isprintable() or " " in url or not url.isascii():
        raise ValueError("must be plain characters without spaces")
    try:
        parts = urlsplit(url)
        port_and_host = (parts.port, parts.hostname)
    except ValueError as error:
        raise ValueError("is no address") from error
    host = port_and_host[1] or ""
    if not _HOST.fullmatch(host) and not is_address(host):
        raise ValueError("has no host: write it as https://host/…")
    if parts.password is not None or (parts.username and parts.scheme != "ssh"):
        raise ValueError("must not have credentials in it: they belong into 'token'")
    if parts.username and parts.username.startswith("-"):
        raise ValueError("must not have a user that begins with '-'")
    return parts


def _refuse_clear_text(parts: SplitResult) -> None:
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("is plain http, which shows the token to the network: use https (http only for this machine)")


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, by its literal address or as `localhost`; no name is looked up."""
    return host == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)


def is_address(host: str) -> bool:
    """Say whether a host is written as an address, and not as a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


WebAddress = Annotated[str, AfterValidator(web_address)]
PublicAddress = Annotated[str, AfterValidator(public_address)]
CloneAddress = Annotated[str, AfterValidator(clone_address)]
ListenAddress = Annotated[str, AfterValidator(listen_address)]
