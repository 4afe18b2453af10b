"""From a chart to manifests: read and judged here, rendered by Helm, and taken apart again by the templates' places."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pushboat.errors import DeploymentFailed, RenderFailed
from pushboat.model.manifest import Manifest, Ref
from workers.render.concealing import Concealed
from workers.render.helm import judging, valued, values
from workers.render.helm.assembling import Part, assemble
from workers.render.helm.contents import ChartFile, flat
from workers.render.helm.documents import manifests, refuse_unknown_hooks
from workers.render.helm.failing import died, failure, warnings
from workers.render.helm.places import charts_in
from workers.render.helm.running import LIMITS, Question, find, template
from workers.render.helm.values import ValuesFile
from workers.render.helm.varying import asks_around, differences, has_twins, may_vary
from workers.render.renderers import Found
from workers.render.revealing import in_clear, reveal
from workers.running.spawning import Limits
from workers.source.outside.words import Bring, nothing

_WORDS = (
    "Encrypted values are words of forty letters in this render: leave in clear what a template calculates with, or "
    "what a schema wants as a number or in a form of its own."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a chart became, the text that Helm printed, which Helm that was, and what people should know of it.

    `settled`: its files and the cluster that it asked about decide all of that. `in_clear` counts the values of each
    Secret that do not follow from encrypted ones; the text has words in place of these.
    """

    manifests: tuple[Manifest, ...]
    text: str
    engine: str
    notes: tuple[str, ...] = ()
    settled: bool = True
    in_clear: Mapping[Ref, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """A chart that is ready for Helm: what it is made of, and by which names Helm speaks of its parts."""

    found: Found
    chart: Part
    charts: Mapping[str, Part]
    values: Sequence[ValuesFile]
    question: Question
    limits: Limits

    @property
    def shown(self) -> str:
        return self.chart.shown or "."

    def render(self) -> tuple[str, str]:
        """Let Helm render once, and give what it printed, and what it logged."""
        finished = template(self.found, self.chart.files, self.values, self.question, self.shown, self.limits)
        if finished.code == 0:
            refuse_unknown_hooks(finished.errors, self.shown)
            return finished.stdout.decode("utf-8", "replace"), finished.errors
        if reason := died(finished.errors, finished.code, self.shown, self.limits):
            raise RenderFailed(reason)
        raise RenderFailed(*failure(finished.errors, finished.code, self.chart, self.charts, self.values))

    def read(self, text: str) -> tuple[Manifest, ...]:
        """Read the objects of what it printed."""
        return tuple(manifests(text, self.chart, self.charts))

    def render_with(self, words: Mapping[str, Concealed]) -> tuple[Manifest, ...]:
        """Let Helm render with the values that words stand for; nothing that it says of them is repeated."""
        given = valued.given(self.values, self.question.helm.nested(), words)
        with suppress(DeploymentFailed):
            done = template(self.found, self.chart.files, (), self.question, self.shown, self.limits, given)
            if done.code == 0:
                return self.read(done.stdout.decode("utf-8", "replace"))
        # Outside of any handler: an error about the values would be kept beside ours.
        raise RenderFailed(
            f"{self.shown}: this chart renders with words in place of encrypted values, and not with the values "
            "themselves: see why by `helm template` where you have the key (what Helm says may hold a value)"
        )


def build(
    root: Path,
    folder: str,
    question: Question,
    limits: Limits = LIMITS,
    bring: Bring = nothing,
    words: Mapping[str, Concealed] | None = None,
) -> Built:
    """Render the chart in a folder; where `words` stand in its values files, Secrets get what follows from the values.

    Raises:
        RenderFailed: the chart asks for what we refuse, Helm refused it, or people would see what follows from a value.
        DecryptionFailed: a value would stand outside of a Secret.
        InvalidManifest: Chart.yaml, a values file, or what a template renders is no YAML, or no object.
        NotConfigured: Helm is not installed, or the network cannot be kept from it.
    """
    chart = assemble(root, folder, bring)
    files = values.read(root, folder, question.helm)
    every = tuple(flat(chart.files, chart.shown))
    judging.demand_harmless(every)
    work = _Work(
        found=find(folder or "."),
        chart=chart,
        charts=charts_in(chart),
        values=files,
        question=question,
        limits=limits,
    )
    text, logged = _first(work, words or {})
    made = work.read(text)
    said = [str(each).encode() for each in question.helm.settings.values()]
    varies = may_vary([*(each.raw for each in every), *(each.raw for each in files), *said]) or has_twins(chart)
    again = work.read(work.render()[0]) if varies else made
    notes = [note for note in (*_notes(work, every), differences(made, again)) if note]
    notes += warnings(logged, chart, work.charts, files)
    settled = question.capabilities.known and not varies
    whole = _valued(work, made, again, words or {})
    return Built(
        manifests=whole.manifests,
        text=text,
        engine=str(work.found),
        notes=tuple(notes),
        settled=settled,
        in_clear=whole.in_clear,
    )


def _first(work: _Work, words: Mapping[str, Concealed]) -> tuple[str, str]:
    """Render with words, and where that fails, say that there were some."""
    try:
        return work.render()
    except RenderFailed as error:
        if not words:
            raise
        raise RenderFailed(error.summary, f"{error.details}\n\n{_WORDS}".strip()) from error


def _valued(
    work: _Work, made: tuple[Manifest, ...], again: tuple[Manifest, ...], words: Mapping[str, Concealed]
) -> valued.Valued:
    if words:
        reveal(made, words)  # what is plainly in the open is told with its place, and Helm gets no value for it
    if not valued.known(words) or not made:
        return valued.Valued(made, in_clear(made))
    return valued.joined(made, again, work.render_with(words), words)


def _notes(work: _Work, every: Sequence[ChartFile]) -> Iterator[str]:
    if not work.question.capabilities.known:
        yield work.question.capabilities.said_of_defaults
    yield asks_around(every)
