"""A kustomization inflates charts of the repository, as kustomize does with Helm, and nothing else of Helm's."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.lab.golang import install
from pushboat.config.sources import Source
from pushboat.errors import DeploymentFailed, NotConfigured
from pushboat.model.outside import CHART as CHART_KIND
from pushboat.model.outside import Locked, Outside
from tests.charts.archives import with_two_meanings
from tests.fakes.chart_host import ChartHost, archive
from tests.hostile import LFS_POINTER
from tests.rendering.conftest import Render
from tests.written import config_map
from workers.render.helm.capabilities import Capabilities
from workers.render.kustomize import rendering
from workers.render.kustomize.building import build
from workers.render.kustomize.localising import Supply
from workers.render.kustomize.references import references
from workers.render.renderers import HELM, KUSTOMIZE
from workers.source.outside.fetching import bringing

pytestmark = pytest.mark.programs

TOP = "deploy/kustomization.yaml"
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "values.yaml": "mode: plain\n",
    "templates/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}-settings'}\n"
    "data: {mode: '{{ .Values.mode }}', namespace: '{{ .Release.Namespace }}'}\n",
}
CHARTS = {f"deploy/charts/web/{path}": text for path, text in CHART.items()}
ENTRY = "{name: web, releaseName: shop, namespace: there, valuesInline: {mode: -x}}"
OK = {TOP: f"helmCharts: [{ENTRY}]\nnamePrefix: p-\n", **CHARTS}
ONE = "helmCharts: [{name: web, releaseName: shop}]\n"
REFUSED: Mapping[str, tuple[Mapping[str, str], str]] = {
    "from elsewhere": (
        {TOP: "helmCharts: [{name: far, repo: x}]"},
        rf"{TOP}:1:32: the `repo` of far must begin with oci",
    ),
    "not there": ({TOP: "helmCharts: [{name: other}]"}, rf"{TOP}:1:21: deploy/charts/other/Chart\.yaml is not in this"),
    "above the repository": ({TOP: "helmGlobals: {chartHome: ../../x}\n" + ONE}, rf"{TOP}:2:21: 'web' is not in this"),
    "a name that leads elsewhere": ({TOP: "helmCharts: [{name: ../../web}]"}, rf"{TOP}:1:21: a chart's name is its"),
    "an option as a release": (
        {TOP: "helmCharts: [{name: web, ReleaseName: --post-renderer=/bin/sh}]"},
        rf"{TOP}:1:39: '--post-renderer=/bin/sh' begins with '-'",
    ),
    "an option that a merge brings": (
        {TOP: "commonAnnotations: {a: &a {nameTemplate: --x}}\nhelmCharts: [{name: web, <<: *a}]"},
        rf"{TOP}:1:42: '--x' begins with '-'",
    ),
    "a second path behind a comma": (
        {TOP: "helmCharts: [{name: web, additionalValuesFiles: ['x,/etc/passwd']}]"},
        rf"{TOP}:1:50: a path here must not hold a comma",
    ),
    "a home for plugins": ({TOP: f"helmGlobals: {{configHome: home}}\n{ONE}"}, rf"{TOP}:1:15: of `helmGlobals` only"),
    "the former name": ({TOP: "helmChartInflationGenerator: [{chartName: web}]"}, rf"{TOP}:1:30: .* write `helmCh"),
    "a generator that could become one": (
        {TOP: f"generators: [g.yaml]\n{ONE}", "deploy/g.yaml": "apiVersion: builtin\nkind: ConfigMapGenerator\n"},
        rf"{TOP}:1:13: `generators` beside `helmCharts` of {TOP}: remove one",
    ),
    "a schema that reads files": (
        {TOP: ONE, "deploy/charts/web/values.schema.json": '{"$ref": "file:///etc/passwd"}'},
        r"deploy/charts/web/values\.schema\.json: \$ref 'file:///etc/passwd' leads out of this file",
    ),
    "a pointer": ({TOP: ONE, "deploy/charts/web/values.yaml": LFS_POINTER}, r"deploy/charts/web/values\.yaml:1: .*LFS"),
    "values that are not there": (
        {TOP: "helmCharts: [{name: web, valuesFile: gone.yaml}]"},
        rf"{TOP}:1:38: gone\.yaml is not in this commit",
    ),
    "no name": ({TOP: "helmCharts: [{releaseName: shop}]"}, rf"{TOP}:1:14: this chart has no `name`"),
}


def _write(root: Path, files: Mapping[str, str]) -> None:
    for file, text in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text)


def _by_hand(root: Path, *words: str) -> str:
    command: list[str | Path] = [
        install(KUSTOMIZE),
        "build",
        "--enable-helm",
        "--helm-command",
        install(HELM),
        *words,
        "deploy",
    ]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


def test_what_helm_makes_of_equal_files_is_not_taken_for_equal(rendered: Render) -> None:
    """Helm knows chance and the clock: what changes nothing here is deployed, as with a chart alone."""
    template = "templates/settings.yaml"
    chance = {f"deploy/charts/web/{template}": CHART[template].replace("data: {", "data: {made: '{{ uuidv4 }}', ")}
    once, twice = rendered(OK | chance), rendered(OK | chance)
    assert [each.body for each in once.manifests] != [each.body for each in twice.manifests]
    assert not once.settled
    assert rendered({TOP: "resources: [a.yaml]", "deploy/a.yaml": config_map("a")}).settled


@pytest.mark.parametrize("at", ["charts/sub-0.1.0.tgz", "charts/mid/charts/sub.tgz"])
def test_an_archive_says_to_helm_what_it_says_to_me(rendered: Render, tmp_path: Path, at: str) -> None:
    """A schema that only Helm's reader finds in an archive would read this machine's files, and Helm would say them."""
    secret = tmp_path / "secret.json"
    secret.write_text('{"type": "the-token-of-this-machine"}')
    schema = json.dumps({"$ref": f"file://{secret}"})
    mid = {"deploy/charts/web/charts/mid/Chart.yaml": "apiVersion: v2\nname: mid\nversion: 0.1.0\n"}
    packed = {f"deploy/charts/web/{at}": with_two_meanings("values.schema.json", "notes.txt", schema)}
    made = rendered({TOP: ONE, **CHARTS, **(mid if "mid" in at else {}), **packed})
    assert [each.ref.name for each in made.manifests] == ["shop-settings"]


def test_a_chart_is_inflated_as_by_hand(rendered: Render, tmp_path: Path) -> None:
    """What Pushboat builds is what `kustomize build --enable-helm` builds, and both versions are said."""
    made = rendered(OK)
    assert made.engine == f"kustomize {KUSTOMIZE.version} with helm {HELM.version}"
    assert [each.ref.name for each in made.manifests] == ["p-shop-settings"]
    _write(tmp_path, OK)
    assert build(tmp_path, "deploy").text == _by_hand(tmp_path)


@pytest.mark.parametrize("version", ["version: 6.7.0, ", ""])
def test_a_chart_of_a_repository_is_inflated_as_by_hand(tmp_path: Path, version: str) -> None:
    """With `repo` kustomize pulls a chart; we bring the locked one, and what comes of both is the same to the byte."""
    host, content = ChartHost(), archive("podinfo", "6.7.0", {"web.yaml": CHART["templates/settings.yaml"]})
    try:
        digest = host.publish("podinfo", "6.7.0", content)
        files = {TOP: f"helmCharts:\n- {{name: podinfo, {version}repo: '{host.url}/stable', releaseName: shop}}\n"}
        outside = Outside(kind=CHART_KIND, address=f"{host.url}/stable", name="podinfo", asked="6.7.0" * bool(version))
        at = f"{host.url}/stable/podinfo-6.7.0.tgz"
        lock = {outside: Locked(outside=outside, version="6.7.0", digest=digest, at=at)}
        _write(tmp_path / "ours", files)
        with pytest.raises(
            DeploymentFailed, match=rf"^{TOP}:2:\d+: chart podinfo .*is outside of this repository: run"
        ):
            rendering.render(tmp_path / "ours", "deploy")
        supply = Supply(bring=bringing(lock, [Source(address=host.url)], tmp_path / "kept"))
        made = rendering.render(tmp_path / "ours", "deploy", supply=supply)
        assert [each.ref.name for each in made.manifests] == ["shop-settings"]
        _write(tmp_path / "theirs", files)
        assert build(tmp_path / "ours", "deploy").text == _by_hand(tmp_path / "theirs")
        asked = len(host.requests)
        _write(tmp_path / "pulled", files)
        shutil.copytree(tmp_path / "theirs" / "deploy" / "charts", tmp_path / "pulled" / "deploy" / "charts")
        rendering.render(tmp_path / "pulled", "deploy")  # what a pull left behind is committed: nothing is asked for
        assert len(host.requests) == asked
    finally:
        host.close()


def test_charts_are_told_of_the_cluster_that_they_are_for(tmp_path: Path) -> None:
    """A chart in a kustomization knows its cluster, as `kustomize build` is told of one, unless its entry says one."""
    cluster = Capabilities(version="v1.36.3", apis=("acme.io/v1", "acme.io/v1/Thing"), known=True)
    knows = "\ndata: {of: '{{ .Capabilities.KubeVersion }} {{ .Capabilities.APIVersions.Has \"acme.io/v1/Thing\" }}', "
    template = "deploy/charts/web/templates/settings.yaml"
    files = OK | {template: OK[template].replace("\ndata: {", knows)}
    _write(tmp_path / "theirs", files)
    told = rendering.render(tmp_path / "theirs", "deploy", lambda: cluster)
    assert [each.body["data"]["of"] for each in told.manifests] == ["v1.36.3 true"]
    assert told.notes == ()
    words = [word for api in cluster.apis for word in ("--helm-api-versions", api)]
    by_hand = _by_hand(tmp_path / "theirs", "--helm-kube-version", cluster.version, *words)
    assert build(tmp_path / "theirs", "deploy", lambda: cluster).text == by_hand
    _write(tmp_path / "own", files | {TOP: OK[TOP].replace("name: web,", "name: web, kubeVersion: v1.30.0,")})
    own = rendering.render(tmp_path / "own", "deploy", lambda: cluster)
    assert [each.body["data"]["of"] for each in own.manifests] == ["v1.30.0 true"]
    assert own.notes == (f"`kubeVersion` stands at {TOP}:1, so that no chart here is told the cluster's own",)


@pytest.mark.parametrize("where", ["in a template", "in a value"])
def test_a_chart_that_renders_differently_twice_is_named(where: str, rendered: Render) -> None:
    """What chance decides in a kustomization's chart is named with its field, and what was rendered is deployed."""
    template = "deploy/charts/web/templates/settings.yaml"
    chance = {
        "in a template": {template: OK[template].replace("\ndata: {", "\ndata: {made: '{{ uuidv4 }}', ")},
        "in a value": {
            template: OK[template].replace(".Values.mode }}", "tpl .Values.mode . }}"),
            TOP: "helmCharts: [{name: web, releaseName: shop, valuesInline: {mode: '{{ uuidv4 }}'}}]\nnamePrefix: p-\n",
        },
    }[where]
    made = rendered(OK | chance)
    assert len(made.manifests) == 1
    field = "made" if where == "in a template" else "mode"
    assert any(
        re.search(rf"differently each time: ConfigMap/.*p-shop-settings \(data\.{field}\)", n) for n in made.notes
    )


def test_a_charts_folder_is_referred_to_wherever_it_stands() -> None:
    """A push of the chart touches the environment, also where the chart's home is beside it."""
    text = b"helmGlobals: {chartHome: ../charts}\nhelmCharts: [{name: web, valuesFile: v.yaml}]\n"
    assert references(TOP, text) == ["deploy/v.yaml", "charts/web"]


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_else_of_helms_is_asked_for(name: str, rendered: Render) -> None:
    """What Helm would take for something else than a chart of the repository is refused, before Helm runs."""
    files, words = REFUSED[name]
    with pytest.raises(DeploymentFailed) as refused:
        rendered({**CHARTS, **files})
    assert re.match(words, refused.value.summary), refused.value.summary


def test_a_missing_helm_is_the_operators_to_mend(rendered: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kustomization with charts says what it needs, and by which command it comes."""
    monkeypatch.setenv("PUSHBOAT_HELM", "/nowhere/helm")
    with pytest.raises(NotConfigured, match=r"deploy needs helm, .* operator to run `pushboat renderers install`"):
        rendered(OK)
