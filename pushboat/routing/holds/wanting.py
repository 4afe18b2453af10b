"""Which holds a new deployment begins with: asked of every kind, whoever and whatever it was that wants to deploy."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pushboat.model.state import Kind
from pushboat.routing.decision import Act, Decision, Deploy, Facts
from pushboat.routing.holds.kind import HoldKind, none
from pushboat.routing.holds.table import KINDS


def with_holds(decision: Decision, facts: Facts, kinds: Mapping[str, HoldKind] = KINDS) -> Decision:
    """Give each deployment of a decision the holds that it begins with; plans and removals begin with none."""
    return replace(decision, acts=tuple(_with_its_own(decision.acts, facts, kinds)))


def _with_its_own(acts: Iterable[Act], facts: Facts, kinds: Mapping[str, HoldKind]) -> Iterable[Act]:
    wants = [kind.wants for kind in kinds.values() if kind.wants is not none]  # two thousand deployments are asked of
    by_commit = {sha: replace(facts, environments=found) for sha, found in facts.files.items()}
    for act in acts:
        if isinstance(act, Deploy) and act.kind is Kind.DEPLOY:
            known = by_commit.get(act.sha, facts)  # as its own file has it
            own = tuple(hold for wanted in wants for hold in wanted(act, known))
            yield act if own == act.holds else replace(act, holds=own)
        else:
            yield act
