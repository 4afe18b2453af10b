"""Whoever made a mistake in a chart or its values reads where it is, in words of the repository, and no secret."""

import base64
import stat
from pathlib import Path

import pytest

from pushboat.config.verifying import JobVerification
from pushboat.errors import InvalidManifest, NotConfigured, RenderFailed
from tests.charts.archives import archive
from tests.charts.conftest import CHART, CONFIG, Charted, environment
from workers.render.choosing import render
from workers.render.helm.capabilities import Capabilities
from workers.source.checkout import CheckedOut

pytestmark = pytest.mark.programs

SUB = "apiVersion: v2\nname: sub\nversion: 0.1.0\n"
MISTAKES = {
    "a value that is not there": (
        {"shop/templates/a.yaml": "a: b\nc: {{ .Values.image.tag.name }}\n"},
        {},
        r"^shop/templates/a\.yaml:2:\d+: nil pointer evaluating interface \{\}\.\w+",
    ),
    "in a template that others include": (
        {
            "shop/templates/_a.tpl": '\n{{ define "x" }}{{ .Values.a.b }}{{ end }}',
            "shop/templates/a.yaml": 'a: {{ include "x" . }}',
        },
        {},
        r"^shop/templates/_a\.tpl:2:\d+: nil pointer",
    ),
    "what a chart requires": (
        {"shop/templates/a.yaml": 'a: {{ required "say the image" .Values.image }}'},
        {},
        r"^shop/templates/a\.yaml:1:\d+: say the image$",
    ),
    "what a chart refuses": (
        {"shop/templates/a.yaml": '{{ fail "two\\nlines" }}'},
        {},
        r"^shop/templates/a\.yaml:1:\d+: two lines$",
    ),
    "a template that does not end": ({"shop/templates/a.yaml": "\n{{ if true }}"}, {}, r"^shop/templates/a\.yaml:2: "),
    "what is no YAML when it is rendered": (
        {"shop/templates/a.yaml": "a: b\n c: {{ .Release.Name }}\n"},
        {},
        r"^shop/templates/a\.yaml: what it renders is no YAML: yaml: line 2: ",
    ),
    "in a chart of the chart": (
        {"shop/charts/sub/Chart.yaml": SUB, "shop/charts/sub/templates/a.yaml": "{{ .Values.x.y }}"},
        {},
        r"^shop/charts/sub/templates/a\.yaml:1:\d+: ",
    ),
    "in a chart that is packed": (
        {"shop/charts/sub-1.tgz": archive({"sub/Chart.yaml": SUB, "sub/templates/a.yaml": "{{ .Values.x.y }}"})},
        {},
        r"^shop/charts/sub-1\.tgz/templates/a\.yaml:1:\d+: ",
    ),
    "in a chart beside it, under another name": (
        {
            "shop/Chart.yaml": f"{CHART}dependencies:\n"
            "- {name: sub, alias: other, version: 0.1.0, repository: 'file://../libs/sub'}\n",
            "libs/sub/Chart.yaml": SUB,
            "libs/sub/templates/a.yaml": "{{ .Values.x.y }}",
        },
        {},
        r"^libs/sub/templates/a\.yaml:1:\d+: ",
    ),
    "a values file that is not there": (
        {},
        {"values": ["gone.yaml"]},
        r"^shop/gone\.yaml is no file of this commit: commit it, or correct `helm\.values`",
    ),
    "a values file that is no YAML": (
        {"shop/values-a.yaml": "a:\n\t- b\n"},
        {"values": ["values-a.yaml"]},
        r"^shop/values-a\.yaml:2:1: ",
    ),
    "a values file that says a key twice": (
        {"common.yaml": "a: 1\na: 2\n"},
        {"values": ["../common.yaml"]},
        r"^common\.yaml:2:1: the key 'a' stands twice",
    ),
    "a values file that is a list": (
        {"shop/v.yaml": "- a\n"},
        {"values": ["v.yaml"]},
        r"^shop/v\.yaml:1:1: values must",
    ),
    "values that the schema refuses": (
        {
            "shop/values.schema.json": '{"properties": {"a": {"properties": {"b": {"type": "integer"}}}}}',
            "shop/values-a.yaml": "x: 1\na:\n  b: text\n",
        },
        {"values": ["values-a.yaml"]},
        r"^shop/values-a\.yaml:3:6: a\.b: got string, want integer \(shop/values\.schema\.json\)$",
    ),
    "the chart's own values, refused": (
        {"shop/values.schema.json": '{"required": ["must"]}', "shop/values.yaml": "a: 1\n"},
        {},
        r"^shop/values\.yaml:1:1: values: missing property 'must'",
    ),
    "a single value that is refused": (
        {"shop/values.schema.json": '{"properties": {"a": {"type": "integer"}}}'},
        {"set": {"a": "text"}},
        r"^shop: a: got string, want integer",
    ),
    "values of a chart in it, refused": (
        {
            "shop/charts/sub/Chart.yaml": SUB,
            "shop/charts/sub/values.schema.json": '{"properties": {"a": {"type": "integer"}}}',
            "shop/values.yaml": "sub:\n  a: text\n",
        },
        {},
        r"^shop/values\.yaml:2:6: sub\.a: got string, want integer \(values\.schema\.json of sub\)$",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_place(name: str, charted: Charted, tmp_path: Path) -> None:
    """Line and column are those of my files, wherever Helm found them."""
    files, said, words = MISTAKES[name]
    with pytest.raises((RenderFailed, InvalidManifest), match=words) as refused:
        charted({"shop/Chart.yaml": CHART, "shop/templates/z.yaml": CONFIG, **files}, said)
    assert str(tmp_path) not in refused.value.summary + refused.value.details
    assert "pushboat-helm" not in refused.value.summary + refused.value.details


PASSWORD = "hunter2-hunter2"
LEAKS = {
    "a value that is printed": 'a: {{ fail (printf "no %s" .Values.db.password) }}',
    "a value in base64": "a: {{ fail (b64enc .Values.db.password) }}",
    "a text that was given to tpl": '{{ tpl (printf "{{ %s }" .Values.db.password) . }}',
    "a value that is no YAML": "a: &x {{ .Values.db.password }} *\n b: c\n",
    "a short one": 'a: {{ fail (printf "no %s" .Values.db.pin) }}',
    "one without a name of that kind": 'a: {{ fail (printf "no %s" .Values.other) }}',
    "all values": "a: {{ fail (toYaml .Values) }}",
    "all values as a type's error": "a: {{ add .Values.db 1 | quote }}{{ fail (toJson .Values) }}",
}


@pytest.mark.parametrize("name", LEAKS)
def test_no_value_is_repeated(name: str, charted: Charted) -> None:
    """What stands in my values files stays there, also encoded, whatever a template does with it."""
    values = f"db: {{password: {PASSWORD}, pin: 4711}}\nother: {PASSWORD[::-1]}\n"
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": LEAKS[name], "shop/secret.yaml": values}
    with pytest.raises((RenderFailed, InvalidManifest)) as refused:
        charted(files, {"values": ["secret.yaml"]})
    said = refused.value.summary + refused.value.details
    for word in (PASSWORD, PASSWORD[::-1], "4711"):
        assert word not in said
        assert base64.b64encode(word.encode()).decode() not in said
    assert "shop" in said


def test_a_chart_that_differs_each_time_is_named(charted: Charted) -> None:
    """I am told what every push would change, by object and field, and never by its value."""
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: '{{ randAlphaNum 16 }}'}\n"
    made = charted({"shop/Chart.yaml": CHART, "shop/templates/a.yaml": secret, "shop/templates/b.yaml": CONFIG})
    (note,) = made.notes
    assert note.startswith("this chart renders differently each time: Secret/db (stringData.password). Every push")
    (password,) = [each.body["stringData"]["password"] for each in made.manifests if each.ref.kind == "Secret"]
    assert password not in note


def test_a_chart_that_is_the_same_each_time_is_not_named(charted: Charted) -> None:
    """A mere mention of chance is no finding."""
    chance = "{{ if false }}{{ randAlphaNum 5 }}{{ end }}{{ keys .Values | len }}"
    text = f"{CONFIG}data: {{same: '{chance}'}}\n"
    assert charted({"shop/Chart.yaml": CHART, "shop/templates/a.yaml": text}).notes == ()


def test_a_release_is_called_after_its_repository(charted: Charted) -> None:
    """Without `release` it has the repository's name, as Helm accepts it; with it, mine."""
    text = CONFIG.replace("name: a", "name: '{{ .Release.Name }}', namespace: '{{ .Release.Namespace }}'")
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": text}
    assert str(charted(files).manifests[0].ref) == "ConfigMap/shop-staging/shop-api"
    assert str(charted(files, {"release": "mine"}).manifests[0].ref) == "ConfigMap/shop-staging/mine"


def test_tests_are_rendered_where_they_verify(charted: Charted) -> None:
    """A test of the chart is left out, unless the environment names it to verify what was deployed."""
    job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: smoke, annotations: {helm.sh/hook: test}}\n"
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": CONFIG, "shop/templates/t.yaml": job}
    assert [each.ref.name for each in charted(files).manifests] == ["a"]
    verified = charted(files, verify=(JobVerification(name="smoke"),))
    assert [each.ref.name for each in verified.manifests] == ["a", "smoke"]


def test_defaults_are_said_to_be_defaults(charted: Charted) -> None:
    """Where no cluster was asked, I read for which Kubernetes it was rendered."""
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": CONFIG}
    made = charted(files, capabilities=Capabilities())
    assert made.notes == ("capabilities are defaults (Kubernetes v1.34.0), not the cluster's",)
    assert made.engine == "helm v4.0.0"


@pytest.mark.parametrize(
    ("files", "said", "mode", "words"),
    [
        ({"shop/a.yaml": CONFIG}, {}, "helm", r"^shop has no Chart\.yaml: add one, or remove `helm` and `render`"),
        ({"shop/a.yaml": CONFIG}, {"values": ["v.yaml"]}, "auto", r"^shop has no Chart\.yaml"),
        ({"shop/Chart.yaml": CHART}, {"release": "x"}, "plain", r"`render: plain` and `helm` exclude each other"),
    ],
)
def test_what_renders_is_never_guessed(
    files: dict[str, str], said: dict[str, object], mode: str, words: str, charted: Charted
) -> None:
    """What I wrote about a chart is not passed over because there is none."""
    with pytest.raises(RenderFailed, match=words):
        charted(files, said, mode=mode)


def test_helm_beside_a_kustomization_means_the_chart(charted: Charted) -> None:
    """A folder with both is a kustomization, unless I say something about the chart."""
    files = {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": CONFIG, "shop/kustomization.yaml": "resources: []"}
    assert charted(files, {"release": "x"}).engine.startswith("helm")


def test_helm_sees_nothing_of_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Helm gets no token, no home with plugins or a kubeconfig, no PATH and no network."""
    spy = tmp_path / "helm-spy"
    spy.write_text(
        "#!/usr/bin/python3\nimport json, os, socket, sys\n"
        "try: socket.socket(); net = 'open'\n"
        "except OSError: net = 'cut'\n"
        "home = os.listdir(os.environ['HOME'])\n"
        "data = {**os.environ, 'net': net, 'homeless': str(home), 'argv': str(sys.argv[1:])}\n"
        "print('---\\n# Source: shop/templates/a.yaml')\n"
        "print(json.dumps({'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'x'}, 'data': data}))\n"
    )
    spy.chmod(spy.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PUSHBOAT_HELM", str(spy))
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("KUBECONFIG", "/root/.kube/config")
    monkeypatch.setenv("HELM_PLUGINS", "/root/plugins")
    (tmp_path / "Chart.yaml").write_text(CHART)
    out = CheckedOut(root=tmp_path, folder="", sha="a" * 40, files=("Chart.yaml",))
    (manifest,) = render(out, environment("", {"set": {"password": "hunter2-hunter2"}}), "github/acme/shop").manifests
    data = manifest.body["data"]
    assert (data["net"], data["homeless"]) == ("cut", "[]")
    assert data["HELM_PLUGINS"].startswith(data["HOME"])
    assert not {"GITHUB_TOKEN", "KUBECONFIG"} & data.keys()
    assert "hunter2" not in data["argv"]


def test_a_missing_helm_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Helm is missing, its operator reads the line that brings it."""
    monkeypatch.setenv("PUSHBOAT_HELM", "/nowhere/helm")
    (tmp_path / "Chart.yaml").write_text(CHART)
    out = CheckedOut(root=tmp_path, folder="", sha="a" * 40, files=("Chart.yaml",))
    with pytest.raises(NotConfigured, match=r"needs helm, which is missing .*`pushboat renderers install`"):
        render(out, environment(""))
