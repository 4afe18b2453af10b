"""Is what forges were told of us true: the address, and the secrets that the Pushboat which runs here takes?"""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from cli.pinging import PingRefused, PingUnanswered, ping
from cli.readiness import bracketed, own_address
from pushboat.config.operator import Operator
from workers.checks.words import Line, failed, passed, skipped


def check_secrets_in_use(operator: Operator) -> Iterator[Line]:
    """Ask the Pushboat that runs here whether it takes what is signed with the secrets of today."""
    address = f"http://{bracketed(own_address(operator.host))}:{operator.port}"
    for forge in operator.forges.values():
        check = f"forge {forge.name}: running secret"
        try:
            ping(address, forge)
        except PingRefused as refusal:
            yield failed(check, refusal.summary, _RESTART)
        except PingUnanswered as trouble:
            yield skipped(check, f"cannot be asked: {trouble.summary}")
        else:
            yield passed(check, "the running Pushboat takes what a hook signs")


_RESTART = (
    "restart Pushboat: it keeps pushboat.yaml and the variables that it was started with (only a secret's file is read "
    "again when it changes)"
)


def check_public_url(operator: Operator) -> Iterator[Line]:
    """Check that a forge elsewhere could reach the address that we give it."""
    host = urlsplit(operator.public_url).hostname or ""
    far = [forge.name for forge in operator.forges.values() if forge.url and not private(urlsplit(forge.url).hostname)]
    if far and private(host):
        sentence = f"{operator.public_url} is not reachable from {', '.join(far)}: their webhooks will not arrive"
        yield failed("public_url", sentence, "set public_url to the address that the forge reaches, behind TLS")
    else:
        yield passed("public_url", operator.public_url)


def private(host: str | None) -> bool:
    """Say whether an address is of this machine or of a private network, as far as its name tells."""
    if not host or host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
