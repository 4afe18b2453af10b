"""Does each forge know our token and our webhook? The forge's own client looks; here are only the lines."""

import ipaddress
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from cli.doctor.report import Line, failed, of_error, passed, skipped, unknown
from cli.pinging import PingRefused, PingUnanswered, ping
from cli.readiness import bracketed, own_address
from pushboat.config.operator import Forge, Operator, Project
from pushboat.config.project import DEPLOY
from pushboat.errors import PushboatError, Unavailable
from pushboat.forges.table import client_of
from pushboat.model.wording import listed


def check_forges(operator: Operator, repositories: Sequence[str]) -> Iterator[Line]:
    """Examine the token, the permissions and the webhook of every repository."""
    for repository in repositories:
        name, _, path = repository.partition("/")
        forge = operator.forges[name]
        try:
            checks = client_of(forge).checks(path, f"{operator.public_url.rstrip('/')}/webhooks/{name}")
        except PushboatError as error:
            yield _of_trouble(repository, forge, error)
            continue
        for check in checks:
            place = f"{repository} {check.name}"
            yield passed(place, check.sentence) if check.passed else failed(place, check.sentence, check.fix)
        yield from _of_merge_queue(operator.projects[repository], forge)
    if not repositories:
        yield skipped("forges", "pushboat.yaml names no repository yet")


def _of_merge_queue(project: Project, forge: Forge) -> Iterator[Line]:
    """Say whether news of merge groups can reach us where they are to be deployed: a token hears of none."""
    wanted = [name for name, limits in project.environments.written.items() if limits.merge_queue == DEPLOY]
    if not wanted:
        return
    place, where = f"{project.repository} merge queue", listed(wanted)
    if forge.app:
        yield passed(place, f"its groups are deployed to {where} before they merge, if the App is told of Merge group")
        return
    sentence = f"its groups are to be deployed to {where}, and whoever acts with a token is told of none"
    yield failed(place, sentence, f"set forges.{forge.name}.app in pushboat.yaml, with the event Merge group")


def _of_trouble(repository: str, forge: Forge, error: PushboatError) -> Line:
    """Name the address: that it is the wrong one is as likely as that nobody is there."""
    if not isinstance(error, Unavailable) or not forge.api_url:
        return of_error(repository, error, f"look at forges.{forge.name} in pushboat.yaml")
    setting = f"forges.{forge.name}.api_url in pushboat.yaml"
    fix = f"check the network, the proxy (HTTPS_PROXY) and {setting}; this shows the same: curl -sSI {forge.api_url}"
    return unknown(repository, f"{error.summary}; its address is {forge.api_url}", fix)


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
