"""Can those sign whom the operator lists, and for how long? Said before a commit is refused for it."""

import time
from collections.abc import Iterator

from pushboat.config.operator import Limits, Operator
from pushboat.config.signers import Signer, Sort
from pushboat.model.times import day
from pushboat.model.wording import listed, printable
from workers.checks.words import Line, failed, passed, skipped, warned
from workers.source.signatures.lasting import lasting

SOON = 30 * 86_400
"""Seconds before a key's end from which on the doctor speaks of it."""
RENEW = {
    Sort.SSH: "set a later valid-before in the file of allowed signers, or list another key",
    Sort.OPENPGP: "its owner renews it (gpg --quick-set-expire FINGERPRINT 1y) and you replace the file",
}


def check_signers(operator: Operator) -> Iterator[Line]:
    """Look at the keys of every environment that lists signers."""
    now = time.time()
    for project in operator.projects.values():
        for limits in project.environments.written.values():
            if limits.signers:
                yield from _check(f"{project.repository} {limits.environment}: signers", limits, now)


def _check(check: str, limits: Limits, now: float) -> Iterator[Line]:
    wrong = [line for signer in limits.signers if (line := _wrong(check, signer, now))]
    yield from wrong
    if wrong:
        return
    names = listed(printable(each.name) for each in limits.signers)
    if limits.signed:
        yield passed(check, f"only commits that {names} signed come here")
    else:
        yield skipped(check, f"{names} may sign, where the repository's file wants that")


def _wrong(check: str, signer: Signer, now: float) -> Line | None:
    name, found = printable(signer.name), lasting(signer)
    fix = RENEW.get(signer.sort, "")
    if found.trouble:
        sentence = f"{found.trouble}; every commit that {name} signs is refused"
        return failed(check, sentence, f"ask {name} for the key as it is now, and replace the file")
    if found.ends <= now:
        return failed(check, f"{name}'s key ended on {day(found.ends)}: what was made since is refused", fix)
    if found.ends <= now + SOON:
        return warned(check, f"{name}'s key ends on {day(found.ends)}: what is made then is refused", fix)
    return None
