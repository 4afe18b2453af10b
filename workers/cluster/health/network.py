"""Service and Ingress: only one that asks for an address from outside has something to wait for."""

from pushboat.model.health import Judgement
from workers.cluster.health.reading import HEALTHY, Object, progressing, spec, status


def service(live: Object) -> Judgement:
    """Judge a Service: a load balancer needs its address, any other works once it is stored."""
    if spec(live).get("type") != "LoadBalancer" or spec(live).get("externalIPs") or _has_address(live):
        return HEALTHY
    return progressing("has no load balancer's address yet")


def ingress(live: Object) -> Judgement:
    """Judge an Ingress by its address; some controllers never report one."""
    return HEALTHY if _has_address(live) else progressing("has no address yet")


def _has_address(live: Object) -> bool:
    balancer = status(live).get("loadBalancer")
    return isinstance(balancer, dict) and bool(balancer.get("ingress"))
