"""What the server finds of itself, for whoever asks from elsewhere: no more than concerns what their token sees."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from pushboat.model.question import Told
from pushboat.model.reach import EVERYTHING, Reach
from pushboat.model.wording import listed
from pushboat.reading.environments import Overview, overview
from pushboat.reading.processes import signs
from workers.checks.clusters import check_clusters
from workers.checks.deployed import released
from workers.checks.forges import check_forges
from workers.checks.standing import of_configuration, of_drift, of_left_behind, of_processes
from workers.checks.words import Line, skipped
from workers.questions.speaking import There
from workers.tools import Tools

ONLY_THERE = (
    "machine",
    "configuration",
    "secrets",
    "files of secrets",
    "deployers",
    "signers",
    "decryption",
    "pages",
    "public_url",
    "proxies",
    "charts",
    "state",
    "disk",
    "holds that nobody ends",
    "repositories",
    "patterns",
    "letters",
    "receivers",
    "traces",
    "missed pushes",
    "forge's rules of environments",
)
"""What the command line looks at beside all that, in its order."""


def examined(tools: Tools, reach: Reach, there: There) -> Told:
    """Look at processes, environments, clusters and forges; `there` are the environments within reach."""
    return Told(form={"items": [_form(each) for each in _lines(tools, reach, there)]})


def _form(line: Line) -> dict[str, str]:
    return {"check": line.check, "result": str(line.result), "sentence": line.sentence, "fix": line.fix}


def _lines(tools: Tools, reach: Reach, there: There) -> Iterator[Line]:
    operator = tools.operator
    found = signs(tools.store)
    yield from of_processes(found)
    if reach == EVERYTHING:  # it names files and projects of others
        yield from of_configuration(found)
    known = [each for each in overview(tools.store, operator, reach.only) if _is_seen(each, there)]
    yield from of_left_behind(known)
    wanted = {limits.cluster for environments in there.values() for limits in environments.values()}
    accesses = [access for name, access in operator.clusters.items() if name in wanted]
    for line in check_clusters(accesses, there, partial(released, tools.store)):
        yield line if reach == EVERYTHING else replace(line, fix="")  # it names files of the server's machine
    yield from of_drift(known)
    if reach.environment:
        yield skipped("forges", "this token is for one environment, and a forge's hook is a whole repository's")
    else:
        yield from check_forges(operator, list(there))
    yield skipped(listed(ONLY_THERE), "are looked at on the server's machine alone: `pushboat doctor` there")


def _is_seen(one: Overview, there: There) -> bool:
    return one.environment in there.get(one.repository, {})
