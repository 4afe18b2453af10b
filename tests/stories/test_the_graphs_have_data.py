"""Every graph of the dashboard in deploy/monitoring shows something of a Pushboat that runs."""

import json
from pathlib import Path

import pytest

from tests.monitoring.evaluating import Question, ask
from tests.monitoring.recording import recorded, scrape
from tests.stories.conftest import Shop
from tests.written import config_map

pytestmark = pytest.mark.proof

DASHBOARD = Path(__file__).parents[2] / "deploy/monitoring/dashboard.json"
MINUTES = 60


def test_each_graph_shows_what_happened(shop: Shop) -> None:
    """Something is deployed, fails and is mended; Prometheus' own engine finds data for each query of each panel."""
    before = scrape(shop.served.url)
    for setting in (config_map(greeting="hello"), "kind: ConfigMap\n", config_map(greeting="hello again")):
        shop.ended(shop.push({"deploy/settings.yaml": setting}))
    series = recorded(before, scrape(shop.served.url), MINUTES)
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]]
    answers = ask([Question(series=series, expr=expr, minute=MINUTES) for _, expr in asked])
    assert [title for (title, _), found in zip(asked, answers, strict=True) if not found] == []
    assert not any(found.value != found.value for each in answers for found in each), "a graph of nothing"
