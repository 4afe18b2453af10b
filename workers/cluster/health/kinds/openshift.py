"""OpenShift's own: routes and deployment configurations.

https://docs.openshift.com/container-platform/latest/rest_api/ names their statuses.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    condition_in,
    degraded,
    mappings,
    number,
    progressing,
    spec,
    status,
    suspended,
    text,
    unspoken,
    words,
)


def route(live: Object) -> Judgement:
    """Judge a Route: every router that speaks of it has to admit it."""
    routers = list(mappings(status(live).get("ingress")))
    for each in routers:
        admitted = condition_in(each, "Admitted")
        if admitted.get("status") == "False":
            return degraded(f"{text(each, 'routerName')} does not admit it: {words(admitted)}")
        if admitted.get("status") != "True":
            return progressing(f"{text(each, 'routerName')} has not admitted it yet")
    return HEALTHY if routers else unspoken("no router has said anything of it yet")


def deployment_config(live: Object) -> Judgement:
    """Judge a DeploymentConfig as the Deployment that it was before there were any."""
    if spec(live).get("paused") is True:
        return suspended("is paused (spec.paused)")
    progress = condition(live, "Progressing")
    if progress.get("status") == "False":
        return degraded(words(progress))
    found, wanted = status(live), number(spec(live), "replicas", 1)
    if "observedGeneration" not in found:
        return unspoken()
    for name in ("updatedReplicas", "availableReplicas"):
        if number(found, name) < wanted:
            return progressing(f"{number(found, name)} of {wanted} {name.removesuffix('Replicas')}")
    surplus = number(found, "replicas") - number(found, "updatedReplicas")
    return progressing(f"{surplus} old to go") if surplus > 0 else HEALTHY
