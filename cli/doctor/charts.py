"""Which Helm renders here: said where it is, or where a chart needs it; whoever deploys none needs none."""

import os
from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.doctor.machine import check_renderer
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import StoreUnavailable
from pushboat.store.deployments import latest_by_lane
from workers.checks.words import Line
from workers.render.helm.running import MISSING
from workers.render.renderers import HELM, find


def check_charts(operator: Operator) -> Iterator[Line]:
    """Say which version renders charts, or that it is missing where one was to be deployed."""
    if find(HELM, os.environ) is not None or _fixes_charts(operator) or _lacked(operator):
        yield check_renderer(HELM, "folders with a Chart.yaml")


def _fixes_charts(operator: Operator) -> bool:
    fixed = [limits.fixed for each in operator.projects.values() for limits in each.environments.written.values()]
    return any("helm" in said or said.get("render") == "helm" for said in fixed)


def _lacked(operator: Operator) -> bool:
    """Say whether the newest deployment of any environment failed for want of it."""
    try:
        with opened_store(operator) as store:
            return any(MISSING in each.reason for each in latest_by_lane(store))
    except (StoreUnavailable, NotSetUp):
        return False
