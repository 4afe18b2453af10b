"""May our token read the rules of the forge's own environments, and what do they demand? Said before they count."""

from collections.abc import Iterator

from cli.known_environments import as_far_as_known
from pushboat.config.kinds import KINDS
from pushboat.config.operator import Operator
from pushboat.config.project import HONOUR
from pushboat.errors import PushboatError
from pushboat.forges.answers import Forbidden
from pushboat.forges.protocol import Client
from pushboat.forges.table import client_of
from pushboat.model.forge_rules import ForgeRules
from pushboat.model.times import lasted
from pushboat.model.wording import listed
from pushboat.routing.forge_rules import unreadable
from workers.checks.words import Line, failed, passed


def check_environments(operator: Operator) -> Iterator[Line]:
    """Ask for the rules of every environment that is to keep them; of a forge that is away other lines tell."""
    for repository, environments in as_far_as_known(operator).items():
        forge, _, path = repository.partition("/")
        kept = [name for name, limits in environments.items() if limits.forge_environments == HONOUR]
        scope = KINDS[operator.forges[forge].kind].reads_environments
        if not scope or not kept:
            continue
        try:
            client = client_of(operator.forges[forge])
            yield from _check(client, repository, path, kept, scope)
        except PushboatError:
            continue  # the lines about the forge say what is wrong with it


def _check(client: Client, repository: str, path: str, names: list[str], scope: str) -> Iterator[Line]:
    for name in names:
        check = f"{repository} {name}: forge's rules"
        try:
            rules = client.environment_rules(path, name)
        except Forbidden:
            fix = f"give the token {scope}, or set forge_environments: ignore at {name}"
            yield failed(check, f"{unreadable(name, scope)}; until then every deployment there is refused", fix)
            continue
        if demands := listed(demanded(rules)):
            yield passed(check, f"the forge's environment demands {demands}; deployments keep to it")


def demanded(rules: ForgeRules) -> Iterator[str]:
    """Name what rules demand, in few words."""
    if rules.deployers:
        yield "certain deployers"
    if rules.branches is not None or rules.tags is not None:
        yield "certain branches or tags"
    if rules.consents:
        yield "approvals"
    if rules.wait:
        yield f"a wait of {lasted(rules.wait)}"
    if rules.unknown:
        yield "something that Pushboat does not know, and so refuses"
