"""`pushboat show ID|latest`: one deployment or plan as its page tells it, straight from the store."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from cli import configuration, output
from cli.changes import changed
from cli.numbering import NoSuchDeployment, Number, deployment_of
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.model import wording
from pushboat.model.deployment import Deployment, short
from pushboat.model.hook import Hook
from pushboat.model.image import ImageRecord
from pushboat.model.json_forms import change_form, explained_form, progress_form
from pushboat.model.times import ago, exact, lasted
from pushboat.reading import headlines, single
from pushboat.reading.single import Single
from pushboat.routing.holds import told


@click.command()
@click.argument("id_", metavar="ID|latest", type=Number("deployment", "pushboat history"))
@AS_JSON
@click.pass_context
def show(ctx: click.Context, id_: int, *, as_json: bool) -> None:
    """Show one deployment or plan: how it went, what it changed, and each step of it."""
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        found = single.find(store, deployment_of(store, id_).id, operator.drift_every)
        now = store.now()
    if found is None:
        raise NoSuchDeployment("it was forgotten just now; `pushboat history` lists those there are")
    if as_json:
        output.print_json(_form(found, operator.public_url))
        return
    for line in _lines(found, operator.public_url, now):
        output.data(line)


def _form(found: Single, public_url: str) -> dict[str, Any]:
    changes = (*found.objects.changed, *found.objects.unchanged)
    return {
        **explained_form(found.deployment, public_url, with_logs=True, hooks=found.hooks, images=found.images),
        "changes": [change_form(change) for change in changes],
        "progress": [progress_form(line) for line in found.lines],
    }


def _lines(found: Single, public_url: str, now: float) -> Iterator[str]:
    row = found.deployment
    yield f"{output.look(str(row.state))}: {output.one_line(found.headline)}"
    said = map(told, row.holds) if row.holds else [found.reason]
    yield from (output.one_line(line) for line in (*said, headlines.who_acts(row)) if line)
    for name, value in _facts(found, public_url, now):
        yield f"{name:<12}{output.one_line(value)}"
    if row.details:
        yield from ("", *wording.unbold(row.details).splitlines())
    for log in row.logs:
        yield from ("", f"last lines of {output.one_line(log.heading)}:", *(f"  {line}" for line in log.lines))
    if found.objects.changed or found.objects.unchanged:
        yield from ("", f"objects: {wording.did(row.counts)}")
    yield from changed(found.objects.changed)
    yield from _hooks(found.hooks)
    yield from _images(found.images)
    if found.lines:
        yield from ("", "progress:")
    for line in found.lines:
        yield f"  {f'+{lasted(line.at - row.created_at)}':<9}{line.phase:<10}{output.one_line(line.text)}"


def _hooks(hooks: Sequence[Hook]) -> Iterator[str]:
    """Say where each hook stands, and why one failed."""
    if hooks:
        yield from ("", "hooks:")
    for hook in hooks:
        took = f", took {lasted(hook.lasted)}" if hook.lasted is not None else ""
        yield f"  {headlines.of_hook(hook):<11}{output.one_line(f'{hook.said} {hook.ref}'.strip())}{took}"
        if hook.reason:
            yield f"{'':13}{output.one_line(hook.reason)}"


def _images(found: Sequence[ImageRecord]) -> Iterator[str]:
    """Say which content each image was, and what is known of it."""
    if found:
        yield from ("", "images:")
    for each in found:
        yield f"  {output.one_line(each.image)}"
        yield from (f"{'':13}{output.one_line(line)}" for line in (each.digest or "digest not known", *each.said))


def _facts(found: Single, public_url: str, now: float) -> list[tuple[str, str]]:
    row = found.deployment
    runs = found.runs if found.runs is not None and found.runs.id != row.id else None
    facts = [
        ("page", f"{public_url.rstrip('/')}{row.path}"),
        ("repository", row.lane.repository),
        ("environment", row.lane.environment),
        ("commit", f"{row.sha} {row.ref}"),
        ("by", f"{row.author or 'unknown'}, {headlines.asked_by(row)}"),
        ("release", headlines.release_of(row)),
        ("asked for", _when(row.created_at, now)),
        ("ended", _when(row.finished_at, now)),
        ("attempts", str(row.attempts) if row.attempts > 1 else ""),
        ("delivery", f"{row.delivery} (pushboat deliveries show {row.delivery})" if row.delivery else ""),
        ("followed by", _named(found.successor)),
        ("runs now", _named(runs)),
        ("drift", found.drift.sentence if found.drift else ""),
        ("again", headlines.try_again(row)),
    ]
    return [(name, value) for name, value in facts if value]


def _named(other: Deployment | None) -> str:
    return f"{short(other.sha)} (pushboat show {other.id})" if other is not None else ""


def _when(moment: float | None, now: float) -> str:
    return f"{exact(moment)} ({ago(moment, now)})" if moment is not None else ""
