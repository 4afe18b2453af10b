"""Does the operator's file call repositories as their forges do? Deliveries have said what they are called there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.configuration import NotSetUp, store
from cli.doctor.report import Line, failed, passed, warned
from pushboat.errors import StoreUnavailable

if TYPE_CHECKING:
    from pushboat.config.operator import Operator
    from pushboat.model.repository import Identity

EDIT = "write `repository: {}` under projects in pushboat.yaml, and restart Pushboat"


def check_repositories(operator: "Operator") -> Iterator[Line]:
    """Compare the names of the operator's file with those that deliveries brought."""
    from pushboat.store import repositories

    try:
        with store(operator) as opened:
            known = repositories.listed(opened)
    except (StoreUnavailable, NotSetUp):
        return  # the line about the store says it
    for identity in known:
        if spelled := operator.spelled(identity.name):
            yield from _check(operator, spelled, identity)


def _check(operator: "Operator", spelled: str, identity: "Identity") -> Iterator[Line]:
    from pushboat.routing.recognising import acceptance, called_now

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
