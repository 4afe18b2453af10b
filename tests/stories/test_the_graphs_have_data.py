"""Every graph of the dashboard in deploy/monitoring shows something of a Pushboat that runs."""

import json
from math import isnan
from pathlib import Path

import pytest

from tests.monitoring.evaluating import Question, ask
from tests.monitoring.recording import recorded, scrape
from tests.stories.conftest import Shop
from tests.written import deployment

pytestmark = pytest.mark.proof

DASHBOARD = Path(__file__).parents[2] / "deploy/monitoring/dashboard.json"
MINUTES = 60


def test_each_graph_shows_what_happened(shop: Shop) -> None:
    """Something is deployed, fails and is mended; Prometheus' own engine finds data for each query of each panel."""
    before = scrape(shop.served.url)
    file = "environments: {staging: {branch: main, path: deploy, wait: 20s}}"
    for web in (deployment(), deployment(behaviour="crash-loop"), deployment(replicas=2)):
        shop.ended(shop.push({".pushboat.yaml": file, "deploy/web.yaml": web}))
    series = recorded(before, scrape(shop.served.url), MINUTES)
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]]
    answers = ask([Question(series=series, expr=expr, minute=MINUTES) for _, expr in asked])
    found = {title: [one.value for one in each] for (title, _), each in zip(asked, answers, strict=True)}
    assert [title for title, values in found.items() if all(map(isnan, values))] == []
