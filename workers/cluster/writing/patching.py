"""Send one server-side apply as a compare-and-set, and settle what stands in its way.

What stands in its way is settled next door (`settling.py`). Force is set only after every conflict was decided.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, LeaseLost, PushboatError
from pushboat.model.changeset import Action, Change, Left, PlanWarning, Topic
from pushboat.model.manifest import Manifest
from workers.cluster.client.connection import APPLY, FIELD_MANAGER, MERGE, Answer, Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered, ApiRefused
from workers.cluster.masking import scrub
from workers.cluster.objects import ABSENT_VERSION, Object
from workers.cluster.planning.diff import compare
from workers.cluster.planning.words import Step
from workers.cluster.writing.filling import filled_in_anew
from workers.cluster.writing.fresh import Fresh, defaulted_anew, still_to_null
from workers.cluster.writing.knowing import unheard, until_known
from workers.cluster.writing.migrating import changed_at_once, migrated
from workers.cluster.writing.recreating import is_to_be_recreated, recreated, recreated_where_asked, tried
from workers.cluster.writing.settling import ATTEMPTS, Patch, placed, settled, still_to_take
from workers.cluster.writing.taking_back import take_back

_NOT_SERVED_YET = "could not find the requested resource"
_NO_ACCOUNT_YET = "error looking up service account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patched:
    """How it ended: the object before and after."""

    before: Object | None
    after: Object
    notes: tuple[str, ...]
    left: tuple[Left, ...]
    warnings: tuple[PlanWarning, ...] = ()
    recreated: str = ""

    @property
    def action(self) -> Action:
        """Say what that was."""
        if self.recreated:
            return Action.RECREATED
        return Action.CREATED if self.before is None else Action.CONFIGURED

    def change(self, step: Step) -> Change:
        """Say it as a change of the step that it was; one that comes is shown as it was written, without defaults."""
        shown = self.after if self.before else step.body
        compared = compare(step.manifest.ref, self.before, shown, step.wishes.rules.tokens)
        return replace(
            step.change,
            action=self.action,
            why=self.recreated,
            diff=compared.text,
            fields=compared.fields,
            notes=self.notes,
            left=self.left,
            warnings=self.warnings,
        )


class NotServed(ApplyRejected):
    """The cluster does not serve the object's kind, or does not yet."""


def send(
    cluster: Cluster,
    step: Step,
    *,
    fence: int,
    may_write: Callable[[], None],
    say: Callable[[str], None] = unheard,
    dry_run: bool = False,
) -> Patched:
    """Apply one object.

    Raises:
        ApplyRejected: the API server refused it; names file, line, object and reason.
        ClusterRefused: it is not granted to us.
    """
    kind = kind_of(cluster, step.manifest)
    patch = _planned(step)
    fresh: Fresh | None = None
    for attempt in range(1, ATTEMPTS + 1):
        may_write()
        try:
            patch = recreated_where_asked(cluster, kind, patch, None if dry_run else may_write)
            patch, fresh = defaulted_anew(cluster, kind, patch, fresh)
            if patch.books and patch.books.moves and not dry_run:
                patch = migrated(cluster, kind, patch, patch.books)
                may_write()
            ask = partial(_request, cluster, kind, patch, dry_run=dry_run)
            answer = until_known(cluster, kind, patch.body, ask, may_write, say)
        except Answered as answered:
            patch = _next(cluster, kind, patch, answered, fence, attempt, None if dry_run else may_write)
        except ClusterUnavailable as away:
            raise ClusterUnavailable(scrub(away.summary, patch.body), retry_after=away.retry_after) from None
        else:
            again = None if dry_run or attempt == ATTEMPTS else _unfinished(patch, answer)
            if again is not None:
                patch = again
                continue
            if patch.live is None and not dry_run:
                _take_back_unless(may_write, cluster, kind, answer.data)
            if not dry_run and attempt < ATTEMPTS:
                patch, is_due = filled_in_anew(cluster, kind, patch, answer.data, may_write, say)
                if is_due:
                    fresh = None
                    continue
            return _patched(patch, answer)
    raise AssertionError  # the last attempt returned or raised


def _planned(step: Step) -> Patch:
    return Patch(
        wishes=step.wishes,
        body=step.body,
        before=step.live,
        live=step.live,
        books=step.books,
        notes=step.notes,
        left=step.left,
    )


def _patched(patch: Patch, answer: Answer) -> Patched:
    warned = tuple(scrub(text, patch.body) for text in answer.warnings)
    return Patched(
        before=patch.before,
        after=answer.data,
        notes=patch.notes,
        left=patch.left,
        warnings=tuple(PlanWarning(topic=Topic.API, sentence=text) for text in warned),
        recreated=patch.recreated,
    )


def _unfinished(patch: Patch, answer: Answer) -> Patch | None:
    return still_to_take(patch, answer.data) or still_to_null(patch, answer.data)


def _next(
    cluster: Cluster,
    kind: Kind,
    patch: Patch,
    refused: Answered,
    fence: int,
    attempt: int,
    may_write: Callable[[], None] | None,
) -> Patch:
    """Make the next attempt of one that was refused; where nobody `may_write`, it is only tried."""
    if attempt == ATTEMPTS:
        raise _last(cluster, kind, patch, refused, fence) from refused
    if is_to_be_recreated(patch, refused):
        return recreated(cluster, kind, patch, refused, may_write)
    if not _temporary(refused):
        raise placed(patch, refused) from refused
    return settled(cluster, kind, patch, refused, fence, attempt)


def _last(cluster: Cluster, kind: Kind, patch: Patch, refused: Answered, fence: int) -> PushboatError:
    """Say why there is no further attempt; what could go on is nobody's mistake and may be tried later."""
    if refused.code != CONFLICT:
        return placed(patch, refused)
    settled(cluster, kind, patch, refused, fence, ATTEMPTS)
    return ClusterUnavailable(f"{patch.manifest.ref}: somebody else keeps changing it")


def kind_of(cluster: Cluster, manifest: Manifest) -> Kind:
    """Find a manifest's kind in its very version.

    Raises:
        NotServed: the cluster does not serve it, or does not yet.
        ClusterUnavailable: its objects live elsewhere than when they were held against the limits; a new try does that.
    """
    kind = cluster.kinds.find(manifest.ref.group, manifest.version, manifest.ref.kind)
    if kind is None:
        raise NotServed(f"{manifest.place}: {manifest.ref}: the cluster does not serve {manifest.api_version}")
    if kind.namespaced != bool(manifest.ref.namespace):
        lives = "in a namespace" if kind.namespaced else "outside of namespaces"
        raise ClusterUnavailable(f"{manifest.ref}: the cluster keeps {kind.kind} {lives} by now")
    return kind


def _request(cluster: Cluster, kind: Kind, patch: Patch, *, dry_run: bool) -> Answer:
    version = patch.live["metadata"]["resourceVersion"] if patch.live else ABSENT_VERSION
    body = {**patch.body, "metadata": {**patch.body["metadata"], "resourceVersion": version}}
    query = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict"}
    if dry_run and patch.recreated:
        return tried(cluster, kind, patch)
    if dry_run:
        query["dryRun"] = "All"
    path = kind.path(patch.manifest.ref.namespace, patch.manifest.ref.name)
    if dry_run and patch.books is not None:
        return cluster.request("PATCH", path, query, changed_at_once(patch, body), MERGE)
    return cluster.request("PATCH", path, {**query, "force": str(patch.force).lower()}, body, APPLY)


def _temporary(refused: Answered) -> bool:
    not_served = refused.code == NOT_FOUND and _NOT_SERVED_YET in refused.summary
    return refused.code == CONFLICT or not_served or _NO_ACCOUNT_YET in refused.summary


def _take_back_unless(may_write: Callable[[], None], cluster: Cluster, kind: Kind, made: Object) -> None:
    """Delete what we created after our lease had gone: no resource version guards an object that was not there.

    What the next worker has written meanwhile is another one's, and stays.
    """
    try:
        may_write()
    except LeaseLost:
        with suppress(ApiRefused, ClusterRefused):
            take_back(cluster, kind.path(made["metadata"].get("namespace", ""), made["metadata"]["name"]), made)
        raise
