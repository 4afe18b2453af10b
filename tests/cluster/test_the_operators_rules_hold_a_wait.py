"""A deployment waits for what the operator's own rule says, of kinds that nobody else would look at."""

from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.errors import Unhealthy
from pushboat.model.health import Health
from tests.cluster.desk import Desk, config_map
from tests.configuration.test_operator_file import ENVIRON, SMALLEST

RULE = """
health:
  - kind: ConfigMap
    healthy: "'sealed' in object.data"
    reason: "'waits for the seal of ' + object.metadata.name"
"""


@pytest.mark.proves("health-rules")
def test_a_deployment_waits_as_long_as_the_operators_rule_does_not_hold(desk: Desk) -> None:
    """I wrote a rule for ConfigMaps: one that does not fulfil it is red with my words, one that does is green."""
    rules = operator.parse(f"{RULE}\n{SMALLEST}", Path("/tmp/pushboat.yaml"), ENVIRON).health
    strict = replace(desk, cluster=replace(desk.cluster, rules=rules))
    open_one, sealed = config_map("settings", colour="blue"), config_map("settings", sealed="yes")
    strict.deploy(open_one)
    with pytest.raises(Unhealthy, match="waits for the seal of settings"):
        strict.wait(open_one, deadline=0.5)
    assert desk.wait(open_one)[0].judgement.health is Health.HEALTHY
    strict.deploy(sealed)
    assert [each.judgement.health for each in strict.wait(sealed)] == [Health.HEALTHY]
