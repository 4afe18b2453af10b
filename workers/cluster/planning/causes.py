"""Why a workload changed: the annotation that `kubectl rollout history` shows beside each revision.

It is no part of what a manifest wants: it is sent with a change and makes none, and whoever writes it himself keeps it.
"""

from collections.abc import Sequence

from pushboat.model.manifest import Ref
from workers.cluster.fieldsets import Steps, owns
from workers.cluster.objects import CAUSE, Object, annotations
from workers.cluster.planning.managers import Sort
from workers.cluster.planning.owners import Owner

CAUSE_FIELD: Steps = ("f:metadata", "f:annotations", f"f:{CAUSE}")
_WITH_HISTORY = frozenset({("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet")})


def with_cause(body: Object, ref: Ref, cause: str, found: Sequence[Owner] = ()) -> Object:
    """Say why a workload changes, unless its manifest does, or a tool or controller that it is shared with."""
    if not cause or (ref.group, ref.kind) not in _WITH_HISTORY or CAUSE in annotations(body):
        return body
    if any(each.sort in (Sort.TOOL, Sort.CONTROLLER) and owns(each.fields, CAUSE_FIELD) for each in found):
        return body
    metadata = body["metadata"]
    return {**body, "metadata": {**metadata, "annotations": {**annotations(body), CAUSE: cause}}}
