"""The story of what a deployment left behind: hooks that still ran when it ended, and no worker could let go.

A worker that dies, or a cluster that is away, leaves objects that cannot be deleted, for our finalizer is on them.
No lease guards these writes: only what the run of an ended deployment made is touched, and only as it was read.
"""

import logging

from pushboat.config.environment import as_released
from pushboat.errors import PushboatError, StoreUnavailable
from pushboat.logs import about
from pushboat.model.deployment import Deployment, ids_of
from pushboat.model.manifest import Ref
from pushboat.store import deployments, hook_runs
from workers.cluster.client.lines import nothing_to_ask
from workers.cluster.hooks.ending import leave
from workers.tools import Tools

logger = logging.getLogger(__name__)


def let_go(tools: Tools, number: int) -> None:
    """Let the hooks of an ended deployment go; what the cluster does not answer is asked again later."""
    deployment = deployments.find(tools.store, number)
    if deployment is None or not deployment.state.ended:
        return
    with about(**ids_of(deployment)):
        try:
            _let_go(tools, deployment)
        except StoreUnavailable:
            raise
        except PushboatError as trouble:
            logger.warning("hooks of deployment %s are not let go: %s", number, trouble.summary)


def _let_go(tools: Tools, deployment: Deployment) -> None:
    limits = tools.project(deployment.lane.repository).environments.get(deployment.lane.environment)
    if limits is None:
        return
    nothing_rendered = {"path": "."}
    cluster = tools.clusters.of(as_released(limits, nothing_rendered))
    for hook in hook_runs.running(tools.store, deployment.id):
        kind, *_, name = hook.ref.split("/")
        namespace = "/".join(hook.ref.split("/")[1:-1])
        leave(cluster, Ref(hook.group, kind, namespace, name), hook.run, nothing_to_ask)
        hook_runs.left(tools.store, deployment.id, hook.key)
