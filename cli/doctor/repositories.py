"""Does the operator's file call repositories as their forges do, and do we see where their branches and tags stand?"""

from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.opening import opened_store
from pushboat.config.kinds import KINDS
from pushboat.config.operator import Operator
from pushboat.errors import PushboatError
from pushboat.model.head import Look
from pushboat.model.repository import Identity
from pushboat.routing.recognising import acceptance, called_now
from pushboat.store import forge_deployments, looks, repositories
from workers.catching_up.coverage import ALL, described
from workers.checks.words import Line, failed, passed, skipped, unknown, warned

EDIT = "write `repository: {}` under projects in pushboat.yaml, and restart Pushboat"


def check_repositories(operator: Operator) -> Iterator[Line]:
    """Compare the names of the operator's file with those that deliveries brought, and see how the last looks went."""
    try:
        with opened_store(operator) as opened:
            known, seen = repositories.listed(opened), looks.listed(opened)
            unlisted = {one: forge_deployments.forbidden(opened, *one.split("/", 1)) for one in operator.projects}
    except (PushboatError, NotSetUp):
        return  # the line about the store says it
    for identity in known:
        if spelled := operator.spelled(identity.name):
            yield from _check(operator, spelled, identity)
    yield from (_look(operator, look) for look in seen if look.repository in operator.projects)
    yield from (_unlisted(operator, repository, why) for repository, why in unlisted.items() if why)


def _check(operator: Operator, spelled: str, identity: Identity) -> Iterator[Line]:
    today = f"{identity.forge}/{identity.path}"
    check = f"{spelled} name"
    if operator.canonical(today) != identity.name:
        path = spelled.partition("/")[2]
        yield failed(check, called_now(path, identity.path), EDIT.format(today))
    elif today != spelled:
        sentence = f"the forge writes it {identity.path}; it is the same repository, but people look for one name"
        yield warned(check, sentence, EDIT.format(today))
    else:
        yield passed(check, "as the forge has it")
    if identity.rival:
        ids = f"the forge's id is {identity.rival}, not {identity.id}"
        sentence = f"another repository of this name ({ids}) sends deliveries, and they are refused"
        yield failed(check, sentence, f"{acceptance(identity.name, identity.rival)}  # if that one is meant")


def _unlisted(operator: Operator, repository: str, why: str) -> Line:
    """Say that the forge's own list of deployments is not told, which nothing else is red for."""
    kind = KINDS[operator.forges[repository.partition("/")[0]].kind]
    sentence = f"the forge's own list of deployments is not told: {why}"
    fix = f"give the token {kind.lists_deployments}, or set forge_deployments: false at the environments"
    return warned(f"{repository} deployments", sentence, fix)


def _look(operator: Operator, look: Look) -> Line:
    """Say whether missed pushes would be found."""
    check = f"{look.repository} heads"
    if look.trouble:
        sentence = f"its heads could not be looked at, so a push that no delivery tells of stays unseen: {look.trouble}"
        return unknown(check, sentence, f"pushboat hook doctor {look.repository}")
    if not look.looked_at:
        return skipped(check, "not looked at yet; that comes within minutes of the start")
    if look.covered != ALL:
        sentence = f"it has so many refs that missed pushes are found of these only: {described(look.covered)}"
        return warned(check, sentence, "delete branches and tags that nobody needs")
    if look.log_trouble:
        sentence = f"pushes are found, but comments that were lost are not: {look.log_trouble}"
        kind = KINDS[operator.forges[look.repository.partition("/")[0]].kind]
        return warned(check, sentence, f"let the token read the repository's webhooks: {kind.sees_webhooks}")
    return passed(check, "its heads are looked at every few minutes, so that no push is missed")
