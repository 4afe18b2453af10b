"""Ingress controllers with kinds of their own: Contour and NGINX.

https://projectcontour.io/docs/main/config/fundamentals/#httpproxy-status-reporting and
https://docs.nginx.com/nginx-ingress-controller/configuration/ name the states.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import Object, condition, degraded, mappings, status, text

_CONTOUR = Contract(needed=("Valid",), hopeless=frozenset())
_NGINX = Phases(well=words_of("Valid"), broken=words_of("Warning", "Invalid"))


def http_proxy(live: Object) -> Judgement:
    """Judge Contour's HTTPProxy, with the errors that it lists below its one condition."""
    for each in mappings(condition(live, "Valid").get("errors")):
        return degraded(f"{text(each, 'type')}: {text(each, 'message')}")
    return by_conditions(live, _CONTOUR)


def nginx(live: Object) -> Judgement:
    """Judge a VirtualServer, a VirtualServerRoute, a TransportServer or a Policy of NGINX."""
    return by_phase(text(status(live), "state"), _NGINX, text(status(live), "message"))
