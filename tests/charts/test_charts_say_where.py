"""Whoever made a mistake in a chart or its values reads where it is, in words of the repository, and no secret."""

import base64
from pathlib import Path

import pytest

from pushboat.errors import InvalidManifest, RenderFailed
from tests.charts.archives import archive
from tests.charts.conftest import CHART, CONFIG, PASSWORD, Charted

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
    "the chart's own values that are no YAML": (
        {"shop/values.yaml": "a: 1\nb: [1\n"},
        {},
        r"^shop/values\.yaml:3:1: while parsing a flow sequence",
    ),
    "the chart's own values that are a list": (
        {"shop/values.yaml": "- a\n"},
        {},
        r"^shop/values\.yaml:1:1: values must be",
    ),
    "values of a chart of the chart": (
        {"shop/charts/sub/Chart.yaml": SUB, "shop/charts/sub/values.yaml": "a:\n\tb: 1\n"},
        {},
        r"^shop/charts/sub/values\.yaml:2:1: ",
    ),
    "values of a chart in a packed one": (
        {
            "shop/charts/sub-1.tgz": archive(
                {
                    "sub/Chart.yaml": SUB,
                    "sub/charts/deep/Chart.yaml": SUB.replace("sub", "deep"),
                    "sub/charts/deep/values.yaml": "a: [",
                }
            )
        },
        {},
        r"^shop/charts/sub-1\.tgz/charts/deep/values\.yaml:\d+:\d+: ",
    ),
    "a chart without a version": (
        {"shop/Chart.yaml": "apiVersion: v2\nname: shop\n"},
        {},
        r"^shop/Chart\.yaml: `version` is missing: every chart has one$",
    ),
    "a chart for another Kubernetes": (
        {"shop/Chart.yaml": f"{CHART}kubeVersion: '>=99'\n"},
        {},
        r"^shop/Chart\.yaml:\d+:1: this chart is for Kubernetes >=99, and the cluster has v1\.\d+\.\d+$",
    ),
    "a library": (
        {"shop/Chart.yaml": f"{CHART}type: library\n"},
        {},
        r"^shop/Chart\.yaml:\d+:1: a library renders nothing by itself",
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
