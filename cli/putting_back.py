"""What to put back into the operator's file before an environment that has left it can be destroyed: never guessed."""

import json

import click
import yaml

from pushboat.config.operator import Operator
from pushboat.model.deployment import Lane
from pushboat.store import releases
from pushboat.store.database.engine import Store


def demand(operator: Operator, store: Store, lane: Lane) -> None:
    """Refuse where the operator's file does not say any more where an environment lies.

    Raises:
        UsageError: with the lines to put back, as its newest release has them.
    """
    project = operator.projects.get(lane.repository)
    if project and lane.environment in project.environments:
        return
    place = json.loads(releases.place(store, lane) or "{}")
    if not place:
        return  # nothing of it was ever kept: whoever asked is told what there is
    one = {"repository": lane.repository, "environments": {lane.environment: place}}
    lines = yaml.safe_dump({"projects": [one]}, sort_keys=False)
    cluster = str(place.get("cluster"))
    also = "" if cluster in operator.clusters else f"\nand cluster {cluster} under clusters, which is not there either"
    raise click.UsageError(
        f"pushboat.yaml does not say any more where {lane.environment} of {lane.repository} lies: put this back, as it "
        f"was at its newest release, and ask again:\n\n{lines}{also}"
    )
