"""Plan what the files of a work tree would change, and let the cluster try it: a dry run, of which nothing stays."""

from dataclasses import dataclass, field

from cli.here.rendering import Files
from pushboat.errors import ClusterRefused, DeploymentFailed
from pushboat.model import wording
from pushboat.model.changeset import ChangeSet
from pushboat.sealing import Key
from workers.cluster.writing.dry_running import dry_run
from workers.deploying import images, schemas, summaries
from workers.deploying.looking_ahead import parts_ahead, plan_ahead, said_ahead
from workers.deploying.too_early import refuse_too_early

_NOT_TRIED = "not tried: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a push of the files would come to: in one sentence, object by object, and what is said beside it.

    `refused` says that the sentence is why it would be refused, with `details`.
    """

    sentence: str
    changes: ChangeSet = field(default_factory=ChangeSet)
    lines: tuple[str, ...] = ()
    refused: bool = False
    details: str = ""


def planned(files: Files) -> Planned:
    """Find out what a push of the files would change.

    Raises:
        ClusterUnavailable, RegistryUnavailable: who knows does not answer.
        NotConfigured: a registry wants another login.
        UsageError: `.pushboat.yaml` has no such environment.
    """
    seen: list[ChangeSet] = []
    lines: list[str] = []
    try:
        sentence = _tried(files, seen, lines)
    except (DeploymentFailed, ClusterRefused) as refused:
        shown = seen[-1] if seen else ChangeSet()
        return Planned(
            sentence=refused.summary, changes=shown, lines=tuple(lines), refused=True, details=refused.details
        )
    return Planned(sentence=sentence, changes=seen[-1], lines=tuple(lines))


def _tried(files: Files, seen: list[ChangeSet], lines: list[str]) -> str:
    wanted, cluster = files.wanted(), files.cluster
    if gated := images.gated(files.operator, files.lane, wanted, files.store.now()):
        lines += gated.lines()
        images.refuse(gated.judgement)
    plan = plan_ahead(files.operator, files.store, cluster, files.lane, wanted, files.key, files.wishes_of)
    parts = parts_ahead(files.store, files.lane, wanted, plan, Key(files.key))
    lines += said_ahead(cluster, wanted, parts)
    refuse_too_early(cluster, parts)
    lines += schemas.refuse_mistakes(cluster, plan, (*parts.runs, *parts.on_failure), seen.append)
    changes = dry_run(cluster, plan, seen.append)
    untried = sum(any(_NOT_TRIED in note for note in each.notes) for each in changes.changes)
    more = f"; {wording.counted(untried, 'object')} could not be tried yet" if untried else ""
    return f"{summaries.planned(changes, parts.number_of_hooks)}{more}"
