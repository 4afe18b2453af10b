"""A known kind whose controller has never spoken holds a deployment up for a while, not for ever."""

from pushboat.model.health import Finding
from pushboat.model.manifest import Ref
from workers.cluster.health import assess
from workers.cluster.waiting.holding import FOR_EVER, SPEAKS_AT_ALL_WITHIN, holds_for

SEALED = {"apiVersion": "bitnami.com/v1alpha1", "kind": "SealedSecret", "metadata": {"name": "x", "generation": 2}}
REF = Ref("bitnami.com", "SealedSecret", "shop", "x")


def test_a_controller_that_may_not_be_there_is_waited_for_for_a_while() -> None:
    """Nothing says that there is a controller at all."""
    assert holds_for(Finding(REF, assess(SEALED))) == SPEAKS_AT_ALL_WITHIN


def test_a_controller_that_has_spoken_is_waited_for() -> None:
    """It is there, and has only not come to the newest version yet."""
    status = {"observedGeneration": 1, "conditions": [{"type": "Synced", "status": "True"}]}
    assert holds_for(Finding(REF, assess({**SEALED, "status": status}))) == FOR_EVER
