"""All rules that Pushboat brings along: a new one is a row in the file of its subject, and a test of it."""

from collections.abc import Mapping

from pushboat.policy import availability, baseline, hygiene, restricted, rights, wiring
from pushboat.policy.words import AVAILABILITY, BASELINE, HYGIENE, RESTRICTED, WIRING, Rule

RULES: Mapping[str, Rule] = {
    each.name: each
    for each in (
        *baseline.RULES,
        *restricted.RULES,
        *hygiene.RULES,
        *rights.RULES,
        *wiring.RULES,
        *availability.RULES,
    )
}
GROUPS = (BASELINE, RESTRICTED, HYGIENE, WIRING, AVAILABILITY)
