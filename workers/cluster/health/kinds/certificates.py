"""cert-manager and trust-manager.

https://cert-manager.io/docs/reference/api-docs/ names the conditions and an Order's and a Challenge's states.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, Contract, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import HEALTHY, Object, condition, degraded, is_true, status, text, words

_CERTIFICATE = Contract(working=("Issuing",))
_REQUEST = Contract(
    broken=("Denied", "InvalidRequest"),
    patient=frozenset({"Pending"}),
    hopeless=frozenset({"Failed", "Denied"}),
)
_BUNDLE = Contract(needed=("Synced",))
_ACME = Phases(
    well=words_of("valid"),
    working=words_of("pending", "processing", "ready", "unknown"),
    over=words_of("invalid", "expired", "errored"),
)


def certificate(live: Object) -> Judgement:
    """Judge a Certificate; one that is still valid but could not be renewed is not healthy."""
    issuing = condition(live, "Issuing")
    if issuing.get("status") == "False" and text(issuing, "reason") == "Failed":
        return degraded(f"could not be issued: {words(issuing)}")
    judgement = by_conditions(live, _CERTIFICATE)
    if judgement is HEALTHY and status(live).get("failedIssuanceAttempts"):
        return degraded(f"its last {status(live)['failedIssuanceAttempts']} renewals failed")
    return judgement


def certificate_request(live: Object) -> Judgement:
    """Judge a CertificateRequest: it is tried once."""
    for each in ("Denied", "InvalidRequest"):
        if is_true(live, each):
            return degraded(f"{each}: {words(condition(live, each))}", certain=True)
    return by_conditions(live, _REQUEST)


def issuer(live: Object) -> Judgement:
    """Judge an Issuer, a ClusterIssuer or a CertificateRequestPolicy."""
    return by_conditions(live, READY)


def bundle(live: Object) -> Judgement:
    """Judge trust-manager's Bundle."""
    return by_conditions(live, _BUNDLE)


def acme(live: Object) -> Judgement:
    """Judge an Order or a Challenge of ACME by its state, a final one of which never changes."""
    return by_phase(text(status(live), "state"), _ACME, text(status(live), "reason"))
