"""Plan what the files of a tree would change, and let the cluster try it: a dry run, of which nothing stays."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pushboat.config.operator import Limits
from pushboat.errors import ClusterRefused, DeploymentFailed
from pushboat.model import wording
from pushboat.model.changeset import Action, ChangeSet
from pushboat.model.deployment import Lane
from pushboat.model.json_forms import change_form
from pushboat.model.question import Said, Told
from pushboat.reading.changed import changed
from workers.cluster.writing.dry_running import dry_run
from workers.deploying import images, schemas, summaries
from workers.deploying.looking_ahead import parts_ahead, plan_ahead, said_ahead
from workers.deploying.too_early import refuse_too_early
from workers.questions.answering import NO
from workers.questions.rendering import Files
from workers.questions.trees import Tree
from workers.tools import Tools

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


def planned(tools: Tools, lane: Lane, limits: Limits, tree: Tree) -> Planned:
    """Find out what deploying a tree would change; the cluster is asked as the environment's service account.

    Raises:
        ClusterUnavailable, RegistryUnavailable: who knows does not answer.
        NotConfigured: a registry wants another login.
        Unclear: `.pushboat.yaml` has no such environment.
    """
    with tempfile.TemporaryDirectory(prefix="plan-", dir=tools.scratch) as folder:
        cluster = tools.clusters.of(limits)
        return _planned(Files(tools=tools, lane=lane, tree=tree, cluster=cluster, scratch=Path(folder)))


def told_of(found: Planned, tree: Tree) -> Told:
    """Say it as terminals do: where it would be refused, the exit code is a no."""
    form = {
        **({"sha": tree.commit} if tree.commit else {}),
        "verdict": "refused" if found.refused else "accepted",
        "sentence": found.sentence,
        "details": wording.unbold(found.details),
        "changes": [change_form(each) for each in found.changes.changes],
        "notes": list(found.lines),
    }
    said: list[Said] = [("✗" if found.refused else "✔", " ".join(found.sentence.split()))]
    if found.refused:
        said.append(("", f"{tree.bringing} would be refused; nothing was written"))
    return Told(code=NO if found.refused else 0, form=form, lines=tuple(_lines(found)), said=tuple(said))


def _lines(found: Planned) -> Iterator[str]:
    yield from changed(each for each in found.changes.changes if each.action is not Action.UNCHANGED)
    yield from (f"- {' '.join(line.split())}" for line in found.lines)
    if found.details:
        yield from wording.unbold(found.details).splitlines()


def _planned(files: Files) -> Planned:
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
    wanted, cluster, tools = files.wanted(), files.cluster, files.tools
    if gated := images.gated(tools.operator, files.lane, wanted, tools.store.now()):
        lines += gated.lines()
        images.refuse(gated.judgement)
    plan = plan_ahead(tools.operator, tools.store, cluster, files.lane, wanted, tools.encryption_key, files.wishes_of)
    parts = parts_ahead(tools.store, files.lane, wanted, plan, tools.key)
    lines += said_ahead(cluster, wanted, parts)
    refuse_too_early(cluster, parts)
    lines += schemas.refuse_mistakes(cluster, plan, (*parts.runs, *parts.on_failure), seen.append)
    changes = dry_run(cluster, plan, seen.append)
    untried = sum(any(_NOT_TRIED in note for note in each.notes) for each in changes.changes)
    more = f"; {wording.counted(untried, 'object')} could not be tried yet" if untried else ""
    return f"{summaries.planned(changes, parts.number_of_hooks)}{more}"
