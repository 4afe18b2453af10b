"""A store with something of everything that the API tells of."""

from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.changeset import Action, Change, FieldChange, Left, PlanWarning, Topic
from pushboat.model.container_log import ContainerLog, written
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind, State
from tests.pages.ledger import Ledger

WEB = Ref("apps", "Deployment", "shop-staging", "web")
CHANGES = (
    Change(ref=Ref("", "ConfigMap", "shop-staging", "settings"), action=Action.CREATED, diff="+a: 1"),
    Change(
        ref=WEB,
        action=Action.CONFIGURED,
        fields=(FieldChange(path="spec.replicas", old="1", new="2"), FieldChange(path="spec.paused", new="true")),
        left=(Left("spec.paused", "HorizontalPodAutoscaler"),),
        warnings=(PlanWarning(topic=Topic.RESTARTS, sentence="pods restart"),),
        notes=("took spec.replicas over",),
    ),
    Change(ref=Ref("batch", "Job", "shop-staging", "migrate"), action=Action.RECREATED, why="spec.template"),
)
LOGS = written([ContainerLog(pod="web-1", container="web", lines=("started", "crashed"), previous=True)])


def fill(ledger: Ledger) -> None:
    """Let deployments of every sort be there, and deliveries of every sort."""
    ledger.ended(State.SUCCEEDED, "3 objects: 1 created, 1 configured, 1 recreated", changes=CHANGES)
    ledger.ended(State.FAILED, "Deployment/shop-staging/web crashes", details="**read** the log", logs=LOGS)
    ledger.ended(State.SUCCEEDED, "would change 3 objects", kind=Kind.PLAN, number=7, changes=CHANGES)
    ledger.running("production")
    ledger.refused(".pushboat.yaml:1:1 no environments", ".pushboat.yaml:2:1 path is missing")
    ask = Ask(
        word="deploy",
        who="ada",
        source=Source.COMMENT,
        repository=f"{ledger.forge}/acme/shop",
        environment="staging",
        number=7,
    )
    ledger.asked(ask, AskVerdict.REFUSED, "ada may not deploy to staging")
    ledger.asked(ask, None)
