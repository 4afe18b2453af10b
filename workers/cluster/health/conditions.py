"""Judge by conditions: what a family's documentation says of them, and what everybody takes them to mean.

Nobody is healthy beside bad news: a condition that says that something failed outweighs a Ready one.
"""

from dataclasses import dataclass

from pushboat.model.health import Health, Judgement
from workers.cluster.health.reading import (
    HEALTHY,
    UNSEEN,
    Object,
    behind,
    conditions_in,
    degraded,
    mapping,
    metadata,
    progressing,
    status,
    suspended,
    unspoken,
    words,
)

Found = dict[str, "Object"]

_ADVERSE = frozenset(
    {
        "Stalled", "Degraded", "Failed", "Failure", "Failing", "Error", "Errored", "Errors", "ErrorOccurred", "Blocked",
        "Conflict", "Conflicted", "Invalid", "InvalidSpec", "InvalidRequest", "NotReady", "Unhealthy", "Unavailable",
        "Unschedulable", "Misconfigured", "Rejected", "Denied", "Fallback", "HasErrors", "ACK.Terminal",
        "ACK.Recoverable",
    }
)  # fmt: skip
"""Types that are bad news when they are True."""
_ADVERSE_ENDINGS = ("Error", "Errors", "Failed", "Failure", "Unhealthy", "Unavailable", "Degraded", "Unsupported")
_FIRM = ("Synced", "Accepted", "Reconciled", "Healthy", "Available", "ResolvedRefs", "Installed", "Established")
"""Types that are bad news when they are False beside a condition that says all is well."""
_HEADLINES = ("Ready", "Available", "Healthy", "Succeeded")
"""What sums a status up, the first that is there; nothing else is understood without a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What the documentation of some kinds says of their conditions: types, and the reasons that matter."""

    needed: tuple[str, ...] = ("Ready",)
    """True, all of them, when the object does what it says."""
    broken: tuple[str, ...] = ()
    """True when something is wrong, beyond the types that anybody would take for bad news."""
    working: tuple[str, ...] = ()
    """True while the controller is at it."""
    paused: tuple[str, ...] = ()
    """True while somebody holds it back."""
    patient: frozenset[str] = frozenset()
    """Reasons with which a needed one is not True for now: no failure."""
    hopeless: frozenset[str] = frozenset()
    """Reasons with which a needed one stays untrue until the object changes."""


READY = Contract()


def by_conditions(live: Object, contract: Contract = READY) -> Judgement:
    """Judge an object by its conditions as its kind's documentation reads them."""
    found = by_type(live)
    if not any(each in found for each in contract.needed):
        return _without_a_word(live, found, contract)
    for each in contract.paused:
        if _says(found, each, "True"):
            return suspended(f"is paused: {words(found[each]) or each}")
    for each in contract.broken:
        if _says(found, each, "True"):
            return degraded(_told(found[each], each))
    for each in contract.working:
        if _says(found, each, "True"):
            return progressing(_told(found[each], each))
    for each in contract.needed:
        judgement = _needed(live, found, each, contract)
        if judgement is not HEALTHY:
            return judgement
    return HEALTHY


def by_type(live: Object) -> Found:
    """Give the conditions by their types; the first of a type counts."""
    found: Found = {}
    for each in conditions_in(status(live)):
        kind = each.get("type")
        if isinstance(kind, str):
            found.setdefault(kind, each)
    return found


def bad_news(live: Object) -> Judgement | None:
    """Find a condition that nobody writes while all is well, whatever the kind."""
    for each, found in by_type(live).items():
        if found.get("status") == "True" and _is_adverse(each):
            return degraded(_told(found, each))
        if found.get("status") == "False" and each in _FIRM:
            return degraded(_told(found, f"not {each}"))
    return None


def by_convention(live: Object, kind: str) -> Judgement:
    """Judge a kind without a rule by the words that most controllers share; what says none of them is Unverified."""
    found = by_type(live)
    for each, one in found.items():
        if one.get("status") == "True" and _is_adverse(each):
            return degraded(_told(one, each))
    if _says(found, "Synced", "False"):
        return degraded(_told(found["Synced"], "not Synced"))
    headline = next((each for each in _HEADLINES if each in found), "")
    if not headline:
        reason = f"no rule says when a {kind} is healthy"
        return Judgement(Health.UNVERIFIED, reason, spoken=bool(mapping(live.get("status"))))
    one = found[headline]
    if _is_old(live, one):
        return progressing(UNSEEN)
    if one.get("status") == "True":
        return HEALTHY
    return progressing(words(one) or f"is not {headline.lower()}")


def outdated(live: Object) -> bool:
    """Say whether all conditions that name the generation they speak of name an older one."""
    seen = [each["observedGeneration"] for each in conditions_in(status(live)) if "observedGeneration" in each]
    return bool(seen) and all(behind(each, metadata(live).get("generation")) for each in seen)


def is_current(live: Object, found: Object) -> bool:
    """Say whether a condition is True, and of the newest version."""
    return found.get("status") == "True" and not _is_old(live, found)


def _needed(live: Object, found: Found, kind: str, contract: Contract) -> Judgement:
    one = found.get(kind)
    if one is None:
        return progressing(f"nothing is said of {kind} yet")
    if _is_old(live, one):
        return progressing(UNSEEN)
    if one.get("status") == "True":
        return HEALTHY
    reason = str(one.get("reason") or "")
    if one.get("status") == "False" and reason not in contract.patient:
        return degraded(_told(one, f"not {kind}"), certain=reason in contract.hopeless)
    return progressing(words(one) or f"is not {kind} yet")


def _without_a_word(live: Object, found: Found, contract: Contract) -> Judgement:
    for each in contract.broken:
        if _says(found, each, "True"):
            return degraded(_told(found[each], each))
    if news := bad_news(live):
        return news
    for each in contract.paused:
        if _says(found, each, "True"):
            return suspended(f"is paused: {words(found[each]) or each}")
    return unspoken() if not found else progressing(f"nothing is said of {contract.needed[0]} yet")


def _is_old(live: Object, found: Object) -> bool:
    return behind(found.get("observedGeneration"), metadata(live).get("generation"))


def _is_adverse(kind: str) -> bool:
    return kind in _ADVERSE or (kind.endswith(_ADVERSE_ENDINGS) and not kind.startswith("No"))


def _says(found: Found, kind: str, value: str) -> bool:
    return kind in found and found[kind].get("status") == value


def _told(found: Object, kind: str) -> str:
    """Put bad news into words: the type, where its message does not speak for itself."""
    said = words(found)
    reason = found.get("reason")
    if said and isinstance(reason, str) and reason not in said:
        return f"{reason}: {said}"
    return said or kind
