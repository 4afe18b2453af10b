"""The page of policy says what there is: each rule as it is, and no rule that is not there."""

import re

from pushboat.config.policy import OF_SECRETS
from pushboat.policy.table import GROUPS, RULES
from pushboat.quantities import FUNCTIONS
from tests.policy.page import PAGE, written
from workers.review.rules import RULES as REVIEWED


def test_the_table_of_rules_is_the_code() -> None:
    """`python -m tests.policy.page` writes it."""
    assert PAGE.read_text() == written()


def test_every_counterpart_of_another_tools_check_is_there() -> None:
    """Whoever comes from kubeval, kube-score or kubesec finds each of its checks here, under a name that counts."""
    rows = PAGE.read_text().partition("## From other tools")[2].splitlines()[4:]
    assert len(rows) >= 35
    for row in rows:
        here = re.findall(r"`([a-z-]+)`", row.split("|")[2])
        assert here
        assert set(here) <= {*RULES, *REVIEWED}, row


def test_groups_and_functions_are_named() -> None:
    page = PAGE.read_text()
    assert [name for name in (*GROUPS, *OF_SECRETS) if f"`{name}`" not in page] == []
    assert [name for name, *_ in FUNCTIONS if f"`{name}`" not in page] == []
