"""How often drift is looked for, and who may let it be put back: the operator grants, the repository may decline."""

import itertools
from pathlib import Path

import pytest

from pushboat.config import operator, repository
from pushboat.config.environment import as_released, effective, said_by
from pushboat.config.operator import Operator
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP, check

LIMITS = "cluster: dev, namespaces: [a]"
GRANTS, NOT = "self_heal: true", "self_heal: false"


def read(drift: str = "", written: str = "") -> Operator:
    """Read an operator's file with one environment."""
    text = f"{drift}{FORGES}{CLUSTERS}{SHOP}      stage: {{{LIMITS}{written and ', ' + written}}}\n"
    return operator.parse(text, Path("/tmp/pushboat.yaml"), ENVIRON)


@pytest.mark.parametrize(("written", "every"), [("", 600), ("drift: {}", 600), ("drift: {every: 1h}", 3600)])
def test_environments_are_compared_every_ten_minutes_or_as_the_operator_says(written: str, every: float) -> None:
    """I say nothing, and drift is found within ten minutes."""
    assert read(written).drift_every == every


@pytest.mark.parametrize("written", ["0", "'0'"])
def test_the_timer_may_be_off(written: str) -> None:
    """I only want to ask myself."""
    assert read(f"drift: {{every: {written}}}").drift_every == 0


@pytest.mark.parametrize(
    ("drift", "written", "message"),
    [
        ("{every: ¦9s}", "", "'every' is too short: at least 10s, or 0 for only when somebody asks"),
        ("{every: ¦10}", "", "'every' has no unit: write 10s or 10m"),
        (
            "{every: 0}",
            ", self_heal: ¦true",
            "nothing is put back while 'drift' has 'every: 0': say how often to look",
        ),
        ("{}", ", self_heal: ¦sometimes", "'self_heal' must be true or false"),
    ],
)
def test_a_mistake_says_what_to_write(drift: str, written: str, message: str, tmp_path: Path) -> None:
    """Whoever wrote it reads where it is and what is meant."""
    check(f"drift: {drift}{FORGES}{CLUSTERS}{SHOP}      stage: {{{LIMITS}{written}}}\n", message, tmp_path)


@pytest.mark.parametrize(("grants", "declines"), list(itertools.product(["", GRANTS, NOT], [False, True])))
def test_drift_is_put_back_only_where_both_agree(grants: str, declines: bool) -> None:
    """The operator's yes is needed, and the pushed file's no is enough, now and when its release is put back."""
    project = read(written=grants).projects["github/acme/shop"]
    text = f"environments: {{stage: {{branch: main, path: deploy{', ' + NOT if declines else ''}}}}}"
    found = effective(project, repository.parse(text))["stage"]
    assert found.self_heal is (grants == GRANTS and not declines)
    stored = said_by(found)
    assert as_released(project.environments["stage"], stored) == found
    granted_since = read(written=GRANTS).projects["github/acme/shop"].environments["stage"]
    assert as_released(granted_since, stored).self_heal is not (declines or grants == NOT)
