"""`pushboat show ID|latest`: one deployment or plan as its page tells it, from the store here or from elsewhere."""

from collections.abc import Iterator

import click

from cli import configuration, elsewhere, output
from cli.changes import read_change
from cli.elsewhere import Elsewhere, Json, NotThere
from cli.numbering import NoSuchDeployment, Number, deployment_of, number_there
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat import later_words
from pushboat.model import wording
from pushboat.model.changeset import Action
from pushboat.model.container_log import ContainerLog
from pushboat.model.deployment import Counts, short
from pushboat.model.hook import Hook, HookState
from pushboat.model.json_forms import instant
from pushboat.model.times import ago, exact, lasted
from pushboat.reading import headlines, single
from pushboat.reading.changed import changed
from pushboat.reading.whole import whole_form


@click.command()
@click.argument("id_", metavar="ID|latest", type=Number("deployment", "pushboat history"))
@AS_JSON
@click.pass_context
def show(ctx: click.Context, id_: int, *, as_json: bool) -> None:
    """Show one deployment or plan: how it went, what it changed, and each step of it."""
    there = elsewhere.named()
    form, now = _asked(there, id_) if there else _looked_up(ctx, id_)
    if as_json:
        output.print_json(form)
        return
    for line in _lines(form, now):
        output.data(line)


def _looked_up(ctx: click.Context, number: int) -> tuple[Json, float]:
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        found = single.find(store, deployment_of(store, number).id, operator.drift_every)
        now = store.now()
    if found is None:
        raise NoSuchDeployment("it was forgotten just now; `pushboat history` lists those there are")
    return whole_form(found, operator.public_url, with_logs=True), now


def _asked(there: Elsewhere, number: int) -> tuple[Json, float]:
    number = number_there(there, number)
    try:
        answer = there.get(f"deployments/{number}/whole")
    except NotThere as gone:
        raise NoSuchDeployment(f"{gone.summary}; `pushboat history` lists those there are") from gone
    return answer.form, answer.now


def _lines(form: Json, now: float) -> Iterator[str]:
    yield f"{output.look(form['state'])}: {output.one_line(form['headline'])}"
    yield from map(output.one_line, form["told"])
    for name, value in _facts(form, now):
        yield f"{name:<12}{output.one_line(value)}"
    if form["details"]:
        yield from ("", *wording.unbold(form["details"]).splitlines())
    for each in form["logs"] or ():  # null: they are not shown to who asks
        log = ContainerLog(pod=each["pod"], container=each["container"], previous=each["previous"], lines=())
        yield from ("", f"last lines of {output.one_line(log.heading)}:", *(f"  {line}" for line in each["lines"]))
    if form["changes"]:
        yield from ("", f"objects: {wording.did(Counts(**form['objects']))}")
    every = map(read_change, form["changes"])
    yield from changed(each for each in every if each.action is not Action.UNCHANGED or each.warnings)
    yield from _hooks(form)
    yield from _images(form)
    if form["progress"]:
        yield from ("", "progress:")
    began = instant(form["created_at"]) or 0.0
    for line in form["progress"]:
        since = lasted((instant(line["at"]) or 0.0) - began)
        yield f"  {f'+{since}':<9}{line['phase']:<10}{output.one_line(line['text'])}"


def _hooks(form: Json) -> Iterator[str]:
    """Say where each hook stands, and why one failed."""
    if form["hooks"]:
        yield from ("", "hooks:")
    for each in form["hooks"]:
        began, ended = instant(each["began_at"]), instant(each["ended_at"])
        hook = Hook(
            key=f"{each['phase']} {each['ref']}",
            said=each["hook"],
            state=later_words.read(HookState, each["state"]),
            began_at=began,
            ended_at=ended,
        )
        took = f", took {lasted(hook.lasted)}" if hook.lasted is not None else ""
        yield f"  {headlines.of_hook(hook):<11}{output.one_line(f'{hook.said} {hook.ref}'.strip())}{took}"
        if each["reason"]:
            yield f"{'':13}{output.one_line(each['reason'])}"


def _images(form: Json) -> Iterator[str]:
    """Say which content each image was, and what is known of it."""
    if form["images"]:
        yield from ("", "images:")
    for each in form["images"]:
        yield f"  {output.one_line(each['image'])}"
        said = (each["digest"] or "digest not known", *each["said"])
        yield from (f"{'':13}{output.one_line(line)}" for line in said)


def _facts(form: Json, now: float) -> list[tuple[str, str]]:
    delivery, words = form["delivery"], form["words"]
    facts = [
        ("page", form["url"]),
        ("repository", form["repository"]),
        ("environment", form["environment"]),
        ("commit", f"{form['sha']} {form['ref']}"),
        ("by", f"{form['author'] or 'unknown'}, {words['asked_by']}"),
        ("release", words["release"]),
        ("asked for", _when(form["created_at"], now)),
        ("ended", _when(form["finished_at"], now)),
        ("attempts", str(form["attempts"]) if form["attempts"] > 1 else ""),
        ("delivery", f"{delivery} (pushboat deliveries show {delivery})" if delivery else ""),
        ("followed by", _named(form["followed_by"])),
        ("runs now", _named(form["runs_now"])),
        ("drift", words["drift"]),
        ("again", words["again"]),
    ]
    return [(name, value) for name, value in facts if value]


def _named(other: Json | None) -> str:
    return f"{short(other['sha'])} (pushboat show {other['id']})" if other else ""


def _when(moment: str | None, now: float) -> str:
    seconds = instant(moment)
    return f"{exact(seconds)} ({ago(seconds, now)})" if seconds is not None else ""
