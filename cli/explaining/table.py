"""Every code there is, by subject; the rules of policy bring their own words along."""

from collections.abc import Mapping

from cli.explaining.checks import CHECKS
from cli.explaining.findings import FINDINGS
from cli.explaining.refusals import REFUSALS
from cli.explaining.troubles import TROUBLES
from cli.explaining.waits import WAITS
from cli.explaining.words import Explanation, row
from pushboat.policy.table import RULES
from pushboat.policy.words import Rule

_WHEN = {
    "off": " where the policy turns it on",
    "warn": ", and warns unless the policy says otherwise",
    "deny": ", and denies unless the policy says otherwise",
}


def _of_rule(rule: Rule) -> Explanation:
    return row(
        rule.name,
        f"{rule.reason}.",
        f"A rule of the group {rule.groups[0]} looks for it{_WHEN[rule.verdict]}.",
        f"{rule.fix[0].upper()}{rule.fix[1:]}.",
        f"policy: {{rules: {{{rule.name}: deny}}}}",
        "policy.md#the-rules-that-pushboat-brings-along",
    )


SUBJECTS: Mapping[str, tuple[Explanation, ...]] = {
    "Findings in files": FINDINGS,
    "Rules of policy": tuple(_of_rule(each) for each in RULES.values()),
    "Errors": (*REFUSALS, *TROUBLES),
    "Why something waits": WAITS,
    "The doctor's checks": CHECKS,
}
"""In the order in which the page and the list show them."""

BY_CODE: Mapping[str, Explanation] = {each.code: each for rows in SUBJECTS.values() for each in rows}
