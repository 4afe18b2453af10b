"""Run kustomize on a checked-out folder: a separate process with limits, no network, no git and nobody's HOME."""

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pushboat.errors import NotConfigured, RenderFailed
from workers.render import renderers
from workers.render.helm.capabilities import Capabilities
from workers.render.helm.contents import ChartFile, flat
from workers.render.helm.varying import asks_around, has_twins, may_vary
from workers.render.kustomize import saying
from workers.render.kustomize.judging import Reached, judge
from workers.render.kustomize.mistakes import explain
from workers.render.renderers import HELM, INSTALL, KUSTOMIZE, Found
from workers.running.spawning import ENDING, NETWORK_NOT_CUT, Limits, Stopped, run

TIMEOUT = 60.0
LARGEST_OUTPUT = 50 << 20
_LIMITS = Limits(cpu_seconds=60, file_size=64 << 20, open_files=256, data=1536 << 20)
"""1,000 objects take 2 s and 130 MB (Go's own reservations counted in: under 500 MB of data)."""


@dataclass(frozen=True, slots=True)
class Built:
    """What kustomize made of a folder, as YAML, which kustomize it was, and what it read.

    `again` is what it made of it a second time, where a chart may come out differently; `notes` are for people.
    """

    text: str
    engine: str
    reached: Reached
    again: str | None = None
    notes: tuple[str, ...] = ()


def build(root: Path, folder: str, capabilities: Callable[[], Capabilities] = Capabilities) -> Built:
    """Build a folder's kustomization; what charts may know of their cluster is asked for only where there are some.

    Raises:
        RenderFailed: the kustomization asks for what we refuse, or kustomize refused it.
        NotConfigured: kustomize is not installed, or the network cannot be kept from it.
    """
    shown = folder or "."
    reached = judge(root, folder)
    found = renderers.find(KUSTOMIZE, os.environ)
    if found is None:
        raise NotConfigured(
            f"{shown} needs kustomize, which is missing where Pushboat runs: ask its operator to run `{INSTALL}`",
            renderers.missing(KUSTOMIZE, os.environ),
        )
    if not reached.charts:
        return Built(_run(found, [], root, folder, reached), str(found), reached)
    helm, cluster = _helm(shown), capabilities()
    said = {name: place for each in reached.charts for name, place in each.said.items()}
    charts = [chart for each in reached.charts for chart in each.charts]
    within = [file for chart in charts for file in flat(chart.files, chart.shown)]
    options = ["--enable-helm", "--helm-command", helm.argv[0], *_of_cluster(said, cluster)]
    text = _run(found, options, root, folder, reached)
    varies = _mentions_chance(root, reached, within) or any(map(has_twins, charts))
    again = _run(found, options, root, folder, reached) if varies else None
    return Built(text, f"{found} with {helm}", reached, again, tuple(_notes(said, within, cluster)))


def _of_cluster(said: Collection[str], cluster: Capabilities) -> Iterator[str]:
    """Give the words that tell charts of their cluster, where no entry says that itself: they would go before it."""
    if cluster.known and "kubeVersion" not in said:
        yield from ("--helm-kube-version", cluster.version)
    if cluster.known and "apiVersions" not in said:
        yield from (word for api in cluster.apis for word in ("--helm-api-versions", api))


def _mentions_chance(root: Path, reached: Reached, within: Sequence[ChartFile]) -> bool:
    """Say whether a chart, or a value for one, mentions what may give another answer each time it is asked."""
    files = [root / file for file in (*reached.kustomizations, *reached.read) if (root / file).is_file()]
    return may_vary(each.raw for each in within) or may_vary(file.read_bytes() for file in files)


def _notes(said: Mapping[str, str], within: Sequence[ChartFile], cluster: Capabilities) -> Iterator[str]:
    for name, place in sorted(said.items()):
        yield f"`{name}` stands at {place}, so that no chart here is told the cluster's own"
    if not cluster.known and "kubeVersion" not in said:
        yield cluster.said_of_defaults
    if asks := asks_around(within):
        yield asks


def _run(found: Found, options: Sequence[str], root: Path, folder: str, reached: Reached) -> str:
    shown = folder or "."
    with tempfile.TemporaryDirectory(prefix="pushboat-kustomize-") as home:
        environ = {"HOME": home, "TMPDIR": home, "XDG_CONFIG_HOME": home, "PATH": home, "LC_ALL": "C"}
        environ["HELM_PLUGINS"] = f"{home}/none"
        try:
            finished = run(
                [*found.argv, *options, str(root / folder)],
                environ=environ,
                cwd=root,
                timeout=TIMEOUT,
                network=False,
                ending=ENDING,
                max_output=LARGEST_OUTPUT,
                limits=_LIMITS,
            )
        except Stopped as error:
            raise RenderFailed(f"{shown}: {error}: make the kustomization smaller") from error
    if finished.code == NETWORK_NOT_CUT:
        raise NotConfigured(
            f"{shown}: the network cannot be cut off for kustomize where Pushboat runs, so it was not run: "
            "`pushboat doctor` tells its operator what to allow"
        )
    if finished.code != 0 and not saying.NOTHING.search(finished.errors):
        said = saying.failure(shown, finished.errors, root, finished.code)
        raise explain(root, reached, finished.errors, said.details) or said
    return finished.stdout.decode("utf-8", "replace")


def _helm(shown: str) -> Found:
    found = renderers.find(HELM, os.environ)
    if found is None:
        raise NotConfigured(
            f"{shown} needs helm, which is missing where Pushboat runs: ask its operator to run `{INSTALL}`",
            renderers.missing(HELM, os.environ),
        )
    return found
