"""Which keys open an environment's encrypted files: by their public names, which is what files are encrypted for."""

from collections.abc import Iterator

from cli.doctor.report import Line, failed, passed
from pushboat.config.decryption import NO_KEYS
from pushboat.config.operator import Limits, Operator
from pushboat.errors import NotConfigured
from pushboat.model.wording import listed
from workers.sops.keys import Keys


def check_decryption(operator: Operator) -> Iterator[Line]:
    """Look at the keys of every environment that has some."""
    for project in operator.projects.values():
        for limits in project.environments.written.values():
            if limits.decryption != NO_KEYS:
                yield _check(f"{project.repository} {limits.environment}: decryption", limits)


def _check(check: str, limits: Limits) -> Line:
    keys = Keys.of(limits.environment, limits.decryption)
    try:
        keys.keepers.demand_libraries()
    except NotConfigured as missing:
        return failed(check, missing.summary, "install the extra, or take the key out of `decryption`")
    try:
        names = keys.names
    except NotConfigured as wrong:
        return failed(check, wrong.summary, "write the key anew as `age-keygen` or `gpg` made it")
    return passed(check, f"opens what is encrypted for {listed(names)}")
