"""Does each forge know our token and our webhook? The forge's own client looks; here are only the lines."""

from collections.abc import Iterator, Sequence

from pushboat.config.operator import Forge, Operator, Project
from pushboat.config.project import DEPLOY
from pushboat.errors import PushboatError, Unavailable
from pushboat.forges.table import client_of
from pushboat.model.wording import listed
from workers.checks.words import Line, failed, of_error, passed, skipped, unknown


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
