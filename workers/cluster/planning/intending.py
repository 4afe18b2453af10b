"""Name in a few characters what an object's step would write, so that a later plan can be compared with this one.

It goes by what is declared and by what of that the object lacks, without asking the API server: so a plan that was
tried and a plan that is carried out have the same intents as long as the objects are the same.
"""

import hashlib
import json
from collections.abc import Iterable

from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Ref
from workers.cluster.fieldsets import spelled
from workers.cluster.objects import APPLIED, Object, annotations, is_secret
from workers.cluster.planning.books import departed
from workers.cluster.planning.diff import lacking
from workers.cluster.planning.fitting import Wishes
from workers.cluster.planning.owners import owners_of

_KEYED = "."
"""Stands between the key's own mark and the digest, where a key had a part in it."""


def intent(wishes: Wishes, action: Action, body: Object, live: Object | None) -> str:
    """Digest what would be written; nothing where nothing would be."""
    tokens = wishes.rules.tokens
    if action is Action.UNCHANGED:
        return ""
    if live is None:
        said: object = annotations(wishes.body)[APPLIED]
    else:
        found = owners_of(live, wishes.declared, wishes.rules, ours=True)
        said = (
            [(each.path, each.old, each.new) for each in lacking(live, body, tokens)],
            [spelled(steps) for steps in departed(found, wishes.body)],
        )
    text = json.dumps([action, said], ensure_ascii=True)
    if is_secret(wishes.body):
        return f"{tokens.mark}{_KEYED}{tokens.digest(text)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def differing(shown: Iterable[Change], now: Iterable[Change]) -> tuple[Ref, ...]:
    """Name the objects that a plan would do something else to than the one that was shown."""
    before, after = ({each.ref: each for each in changes} for changes in (shown, now))
    refs = dict.fromkeys((*after, *before))
    return tuple(ref for ref in refs if not _alike(before.get(ref), after.get(ref)))


def _alike(shown: Change | None, now: Change | None) -> bool:
    """Compare two steps; of an object that is in neither revision nor inventory, nothing is done."""
    if shown is None or now is None or not (shown.intent and now.intent):
        return _action(shown) is _action(now)
    old, _, _ = shown.intent.partition(_KEYED)
    new, _, _ = now.intent.partition(_KEYED)
    if _KEYED in shown.intent and old != new:  # by another machine's key: what is in it cannot be compared
        return True
    return shown.intent == now.intent


def _action(change: Change | None) -> Action:
    return change.action if change is not None else Action.UNCHANGED
