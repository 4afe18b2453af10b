"""Fit what a manifest wants to the object that is there: what to send, whose entries to take in, what to leave; pure.

It is done when the plan is made, and again where somebody wrote the object between reading and writing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pushboat.model.changeset import Left
from pushboat.model.manifest import Manifest
from workers.cluster.fieldsets import owns, spelled
from workers.cluster.objects import Object, declared, digest, dropped, marked
from workers.cluster.paths import Path, find, named, values, without
from workers.cluster.planning.adopting import Refusal, adopted, refusals
from workers.cluster.planning.books import Books, departed, rewritten, shared
from workers.cluster.planning.causes import with_cause
from workers.cluster.planning.conflicts import Decision, verdicts
from workers.cluster.planning.managers import Sort
from workers.cluster.planning.owners import Owner, owners_of
from workers.cluster.planning.rules import Rules
from workers.cluster.planning.telling import refusal, told, told_of_books
from workers.cluster.records import recorded
from workers.manifests.directives.reading import directives_in
from workers.manifests.directives.words import NOTHING, Directives, Mode

REPLICAS = "spec.replicas"
OPERATOR = "ignore"
"""Whose a field is that `ignore` leaves alone: whoever writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a manifest wants, whatever is there: `declared` is its own words, `body` has our marks too.

    `scaler` names the autoscaler that counts its replicas, where one does and the manifest does not; `said` is what
    other tools' annotations ask for.
    """

    manifest: Manifest
    declared: Object = field(repr=False)
    body: Object = field(repr=False)
    rules: Rules = field(default_factory=Rules)
    scaler: str = ""
    said: Directives = NOTHING

    def sent(self, body: Object) -> Object:
        """Give a body as it is sent: with the record of all that is declared, also of what is left alone this time."""
        return recorded(body, self.declared)

    @property
    def new(self) -> Object:
        """Give the body that is sent where nothing is there."""
        return self.sent(with_cause(self.body, self.manifest.ref, self.rules.cause))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What to send; the books to write before, where they must change; whether the object is not as we left it."""

    body: Object = field(repr=False)
    books: Books | None = None
    drifted: bool = False
    notes: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    refused: tuple[Refusal, ...] = ()


def wish(manifest: Manifest, part_of: str, rules: Rules, scaler: str = "") -> Wishes:
    """Read a manifest's wishes."""
    said = declared(manifest)
    if scaler and "replicas" in said["spec"]:  # written as null, which would be the default until it is set again
        said = without(said, ("spec", "replicas"))
    body = marked(said, part_of, digest(_apart_from(said, rules.ignored(manifest.ref))))
    return Wishes(
        manifest=manifest, declared=said, body=body, rules=rules, scaler=scaler, said=directives_in(manifest.body)
    )


def notes_of(manifest: Manifest) -> tuple[str, ...]:
    """Say what of a manifest is not sent, whatever is there."""
    names = dropped(manifest)
    return (
        (f"{', '.join(names)} left out: only the API server writes {'them' if len(names) > 1 else 'it'}",)
        if names
        else ()
    )


def fit(wishes: Wishes, live: Object, *, ours: bool) -> Fit:
    """Fit a manifest's wishes to an object; `ours` says that the object is in our inventory already."""
    rules = wishes.rules
    found = owners_of(live, wishes.declared, rules, ours=ours)
    if not ours and (refused := refusals(live, wishes.declared, found, rules)):
        return Fit(body=wishes.body, refused=refused)
    ignored = [one for one in rules.ignored(wishes.manifest.ref) if any(find(wishes.body, one)) or any(find(live, one))]
    body = wishes.body
    for one in ignored:
        body = _without_all(body, [path for path in find(body, one) if _is_there(body, path, live)])
    decided = list(verdicts(body, live, found, rules))
    refusals_of_fields = (refusal(each, body, live) for each in decided if each.decision is Decision.REFUSE)
    if refused := tuple(dict.fromkeys(refusals_of_fields)):
        return Fit(body=body, refused=refused)
    stays = [each for each in decided if each.decision is Decision.LEAVE]
    taken = [each for each in decided if each.decision is Decision.TAKE]
    handed = _handed(wishes, found)
    to_send = _without_all(body, [each.path for each in stays])
    merges = wishes.said.mode is Mode.MERGE  # what others wrote is theirs, and stays
    books = rewritten(live, to_send, found, rules, (*ignored, *handed), take=not merges)
    gone = departed(found, wishes.body)
    if ours and not (decided or ignored or handed or books or gone):  # as we left it: most objects of most pushes
        return Fit(body=with_cause(to_send, wishes.manifest.ref, rules.cause, found))
    notes = (
        *(() if ours else adopted(live, wishes.declared, found)),
        *(f"{field} is left alone: this environment ignores it" for field in ignored),
        *(told(each, body) for each in stays),
        *(told(each, body) for each in taken if ours and each.by),
        *told_of_books(books, ours=ours),
        *(f"{field} stays {next(values(live, field))}: {wishes.scaler} sets it from now on" for field in handed),
    )
    held = shared(gone, found, rules) if not handed else ()
    leaving = books is not None and bool(books.leaving)
    return Fit(
        body=with_cause(to_send, wishes.manifest.ref, rules.cause, found),
        books=books,
        drifted=bool(taken) or leaving or (ours and bool(gone)),
        notes=(*notes, *(f"{spelled(steps)} stays: {by.holder} holds it too" for steps, by in held)),
        left=_once(
            (
                *(Left(field, OPERATOR) for field in ignored),
                *(Left(named(body, each.path), str(each.by.holder) if each.by else "") for each in stays),
                *(Left(spelled(steps), str(by.holder)) for steps, by in (*(books.kept if books else ()), *held)),
                *(Left(field, wishes.scaler) for field in handed),
            )
        ),
    )


def _once(left: Iterable[Left]) -> tuple[Left, ...]:
    """Name each field once, by whom was found to have it first."""
    found: dict[str, Left] = {}
    for each in left:
        found.setdefault(each.field, each)
    return tuple(found.values())


def _handed(wishes: Wishes, found: Sequence[Owner]) -> tuple[str, ...]:
    """List the fields that an autoscaler sets from now on: they keep their value until it does."""
    if not wishes.scaler or any(find(wishes.body, REPLICAS)):
        return ()
    before = [each for each in found if each.sort is not Sort.CONTROLLER and not each.holder.subresource]
    return (REPLICAS,) if any(owns(each.fields, ("f:spec", "f:replicas")) for each in before) else ()


def _is_there(body: Object, path: Path, live: Object) -> bool:
    """Say whether what a field belongs to is there already; a new item of a list comes whole."""
    items = [place for place, step in enumerate(path) if isinstance(step, int)]
    return not items or any(find(live, named(body, path[: items[-1] + 1])))


def _apart_from(body: Object, fields: Sequence[str]) -> Object:
    for one in fields:
        body = _without_all(body, list(find(body, one)))
    return body


def _without_all(body: Object, paths: Sequence[Path]) -> Object:
    for path in reversed(paths):  # the last item of a list first, so that the other paths stay true
        body = without(body, path)
    return body
