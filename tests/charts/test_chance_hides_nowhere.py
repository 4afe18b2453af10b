"""A chart is called unchanged only where no template of it can come out otherwise: chance hides behind no letters."""

import time

import pytest

from tests.charts.conftest import CHART, CONFIG, Charted
from workers.render.helm.varying import may_vary

VARY = {
    "by itself": "{{ now }}",
    "behind a brace in a text": '{{ printf "{%s}" (randAlphaNum 8) }}',
    "behind the end of an action in a text": '{{ printf "}}%s" now }}',
    "behind a brace between backticks": "{{ printf `{{%s}}` uuidv4 }}",
    "behind a letter that is a quote": """{{ printf "%c" '"' }} {{ printf "}}%s" now }}""",
    "in a text that becomes a template": '{{ tpl (printf "{{ %s }}" "now") . }}',
    "on another line": '{{ dict "a" "{"\n  "b" (genPrivateKey "rsa")\n}}',
    "behind a comment with an apostrophe": '{{/* don\'t */}}{{ printf "{" }}{{ printf "{%s" now }}',
    "behind a quote that never ends": 'a: "{{ b\n{{ now }}',
    "as the date of no time": '{{ date "15:04:05" .Values.none }}',
    "as the date of no time for a page": "{{ htmlDateInZone .Values.none `UTC` }}",
}
STAY = {
    "no action": "keys and values are shuffled now",
    "in a comment for people": "# values\na: {{ .Values.a }} # now",
    "in a comment for whoever reads the template": "{{- /* the values of now */ -}}{{/* and }} now */}}",
    "in a part of a word": "{{ .Values.nowhere }}{{ include `shop.valuesOf` . }}",
    "between actions": "{{ if .Values.a }}now{{ end }}",
}


@pytest.mark.parametrize("case", VARY)
def test_what_may_differ_is_found(case: str) -> None:
    """Whatever stands around the word."""
    assert may_vary([VARY[case].encode()])


@pytest.mark.parametrize("case", STAY)
def test_what_stays_is_left_alone(case: str) -> None:
    """A word that Helm prints, or never sees, is no chance."""
    assert not may_vary([STAY[case].encode()])


@pytest.mark.parametrize(
    "text", ['{{ "', "{{", '{{ "a" ', "{{/*", "{{/* }}", "{{ `", "{{ '", '{{ "}} ', "{{ }", "{{-    "]
)
def test_a_text_that_is_made_to_cost_much_costs_little(text: str) -> None:
    """A megabyte of openings is looked through once."""
    begun = time.process_time()
    may_vary([text.encode() * (1_000_000 // len(text)) + b" now"])
    assert time.process_time() - begun < 10, "quadratic time would be hours"


@pytest.mark.programs
def test_a_single_value_that_is_a_template_is_looked_at_too(charted: Charted) -> None:
    """What my environment sets is a text that the chart may take for a template."""
    template = f"{CONFIG}data: {{made: '{{{{ tpl .Values.text . }}}}'}}\n"
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": "text: plain\n", "shop/templates/a.yaml": template}
    assert charted(files).settled
    made = charted(files, {"set": {"text": "{{ uuidv4 }}"}})
    assert not made.settled
    assert any(note.startswith("this chart renders differently each time") for note in made.notes)


@pytest.mark.programs
def test_two_charts_of_one_name_are_left_to_chance_however_deep(charted: Charted) -> None:
    """Which of them Helm takes is not told by files, in a chart of a chart as little as in my own."""
    inner = {f"shop/charts/mid/charts/{each}/Chart.yaml": CHART.replace("shop", "sub") for each in ("one", "two")}
    mid = {"shop/charts/mid/Chart.yaml": CHART.replace("shop", "mid")}
    assert charted({"shop/Chart.yaml": CHART, "shop/templates/a.yaml": CONFIG, **mid}).settled
    assert not charted({"shop/Chart.yaml": CHART, "shop/templates/a.yaml": CONFIG, **mid, **inner}).settled
