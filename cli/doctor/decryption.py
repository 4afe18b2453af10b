"""Which keys open an environment's encrypted files, by their public names; those that others keep are tried there."""

from collections.abc import Iterator

from pushboat.config.decryption import NO_KEYS
from pushboat.config.operator import Limits, Operator
from pushboat.errors import NotConfigured
from pushboat.model.wording import listed
from workers.checks.words import Line, failed, passed, unknown, warned
from workers.sops.keepers.asking import Away
from workers.sops.keepers.choosing import Tried
from workers.sops.keys import Keys


def check_decryption(operator: Operator) -> Iterator[Line]:
    """Look at the keys of every environment that has some."""
    for project in operator.projects.values():
        for limits in project.environments.written.values():
            if limits.decryption != NO_KEYS:
                yield from _check(f"{project.repository} {limits.environment}: decryption", limits)


def _check(check: str, limits: Limits) -> Iterator[Line]:
    keys = Keys.of(limits.environment, limits.decryption)
    try:
        keys.keepers.demand_libraries()
    except NotConfigured as missing:
        yield failed(check, missing.summary, "install the extra, or take the key out of `decryption`")
        return
    try:
        names = keys.names
    except NotConfigured as wrong:
        yield failed(check, wrong.summary, "write the key anew as `age-keygen` or `gpg` made it")
        return
    yield passed(check, f"opens what is encrypted for {listed(names)}")
    yield from (_kept(check, each) for each in keys.keepers.tried())


def _kept(check: str, tried: Tried) -> Line:
    if isinstance(tried.trouble, Away):
        return unknown(check, f"{tried.name} does not answer: {tried.trouble}", "look after it, and at the way to it")
    if tried.trouble:
        return failed(check, f"{tried.name} does not open with this login: {tried.trouble}", tried.mend)
    if tried.ends:
        return warned(check, f"{tried.name} opens with this login, but {tried.ends}", tried.mend)
    return passed(check, f"{tried.name} opens with this login")
