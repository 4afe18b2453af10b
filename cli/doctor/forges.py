"""Does each forge know our token and our webhook? The forge's own client looks; here are only the lines."""

import ipaddress
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cli.doctor.report import Line, failed, of_error, passed, skipped
from pushboat.errors import PushboatError

if TYPE_CHECKING:
    from pushboat.config.operator import Operator


def check_forges(operator: "Operator", repositories: Sequence[str]) -> Iterator[Line]:
    """Examine the token, the permissions and the webhook of every repository."""
    from pushboat.forges.table import client_of

    for repository in repositories:
        name, _, path = repository.partition("/")
        forge = operator.forges[name]
        try:
            checks = client_of(forge).checks(path, f"{operator.public_url.rstrip('/')}/webhooks/{name}")
        except PushboatError as error:
            yield of_error(repository, error, f"curl -sSI {forge.api_url or forge.url}  # from this machine")
            continue
        for check in checks:
            place = f"{repository} {check.name}"
            yield passed(place, check.sentence) if check.passed else failed(place, check.sentence, check.fix)
    if not repositories:
        yield skipped("forges", "pushboat.yaml names no repository yet")


def check_public_url(operator: "Operator") -> Iterator[Line]:
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
