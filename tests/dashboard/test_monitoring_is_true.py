"""What `deploy/monitoring` asks for is what `/metrics` gives, and each alert leads to a runbook that there is."""

import json
import re
from pathlib import Path

import pytest
import yaml

from pushboat.config.pages import Access, Pages
from pushboat.model.state import State
from tests.dashboard.test_figures_are_true import PROMISED, opened, scraped, value
from tests.pages.ledger import Ledger

ROOT = Path(__file__).parents[2]
MONITORING = ROOT / "deploy/monitoring"
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
NAMES = {name + suffix for name, kind in PROMISED.items() for suffix in SUFFIXES[kind]}
RULES = [
    rule
    for group in yaml.safe_load((MONITORING / "pushboat.rules.yaml").read_text())["groups"]
    for rule in group["rules"]
]
PANELS = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [each["expr"] for panel in PANELS for each in panel["targets"]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_who_must_act_and_how(rule: dict[str, object]) -> None:
    """At night I read who must do something, and the link leads to a heading of the runbooks."""
    annotations, labels = rule["annotations"], rule["labels"]
    assert isinstance(annotations, dict)
    assert isinstance(labels, dict)
    assert rule["for"]
    assert labels["severity"] in ("critical", "warning")
    assert re.match(r"(The operator|Who deploys .*) must ", annotations["summary"])
    page, _, anchor = annotations["runbook_url"].partition("#")
    headings = re.findall(r"^## (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert anchor in {heading.lower() for heading in headings}


def test_each_runbook_is_an_alerts() -> None:
    """No page is left over from an alert that went."""
    headings = re.findall(r"^## (.+)$", (ROOT / "docs/runbooks.md").read_text(), re.MULTILINE)
    assert headings == [rule["alert"] for rule in RULES]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_each_query_asks_for_what_is_there(expression: str) -> None:
    """A name that is written wrongly gives an empty graph, or an alert that never fires."""
    asked = set(re.findall(r"\bpushboat_[a-z_]+", expression))
    assert asked
    assert asked <= NAMES


def test_the_table_in_the_documents_has_each_name() -> None:
    """Docs name each metric, and none that there is not."""
    section = (ROOT / "docs/operations.md").read_text().partition("### Metrics")[2].partition("\n### ")[0]
    first = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    written = set(re.findall(r"`(pushboat_[a-z_]+)`", "".join(first)))
    assert written == {name + ("_total" if kind == "counter" else "") for name, kind in PROMISED.items()}


def test_rare_events_begin_at_zero_and_labels_are_quoted(tmp_path: Path) -> None:
    """The first failure is an increase, since the series was there before; a team is in the figures."""
    with opened(tmp_path, Pages(access=Access.OPEN)) as door:
        Ledger(door.store, repository='acme/sh"o\\p\nx').ended(State.FAILED, "crashes")
        _, samples = scraped(door)
        place = {"repository": "github/acme/shop", "environment": "staging"}
        for outcome in ("succeeded", "failed", "rolled back"):
            assert value(samples, "pushboat_dora_changes_total", **place, outcome=outcome) == 0
        assert value(samples, "pushboat_dora_restore_seconds_count", **place) == 0
        assert value(samples, "pushboat_environment_info", **place, team="") == 1
        strange = 'github/acme/sh"o\\p\nx'
        assert value(samples, "pushboat_deployments_total", repository=strange, environment="staging", state="failed")


def test_the_service_monitor_finds_the_service_of_the_base() -> None:
    """What it selects is the Service beside it, by a port that this has."""
    monitor = yaml.safe_load((MONITORING / "service-monitor.yaml").read_text())
    service = yaml.safe_load((ROOT / "deploy/kustomize/base/service.yaml").read_text())
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert {each["port"] for each in monitor["spec"]["endpoints"]} <= {
        each["name"] for each in service["spec"]["ports"]
    }
    named = {monitor["metadata"]["namespace"]}
    assert named == {yaml.safe_load((ROOT / "deploy/kustomize/base/kustomization.yaml").read_text())["namespace"]}
