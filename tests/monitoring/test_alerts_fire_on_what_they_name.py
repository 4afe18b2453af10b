"""Each alert fires on what it names and is silent otherwise, asked of Prometheus' own engine on recorded series."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.monitoring.evaluating import Question, ask

pytestmark = [pytest.mark.programs, pytest.mark.proof]

RULES = Path(__file__).parents[2] / "deploy/monitoring/pushboat.rules.yaml"
END = 180
"""Minutes of each recording."""
_PLACE = 'repository="github/acme/shop",environment="staging"'
_FAILED = f'pushboat_environment_state{{{_PLACE},state="failed"}}'
_ERRORED = f'pushboat_environment_state{{{_PLACE},state="errored"}}'
_REJECTED = 'pushboat_deliveries_total{forge="github",verdict="rejected"}'
_NOBODYS = 'pushboat_deliveries_total{forge="",verdict="rejected"}'
_TAKEN_OVER = f"pushboat_lease_takeovers_total{{{_PLACE}}}"
_LEFT = 'pushboat_forge_requests_left{forge="github",kind="core"}'
_REFUSED = 'pushboat_letters_given_up{forge="github"}'
_LIMIT = 'pushboat_forge_requests_limit{forge="github",kind="core"}'
_HEALTHY = f"pushboat_environment_healthy{{{_PLACE}}}"
_ROUTING = "pushboat_routing_oldest_age_seconds"
_SILENT = 'pushboat_process_silent_seconds{process="worker 7"}'

FIRES: Mapping[str, tuple[str, ...]] = {
    "PushboatProcessSilent": (f"{_SILENT} 1x170 130 190 250 310 370 430 490 550 610 670 730",),
    "PushboatDown": ("up 1x200", "pushboat_queue_depth 0x160"),
    "PushboatRoutingStuck": (f"{_ROUTING} 301x200",),
    "PushboatQueueStuck": ("pushboat_queue_oldest_age_seconds 1801x200",),
    "PushboatStatusesStuck": ("pushboat_status_oldest_age_seconds 901x200",),
    "PushboatLettersRefused": (f"{_REFUSED} 0x150 1x60",),
    "PushboatForgeLimitNear": (f"{_LEFT} 499x200", f"{_LIMIT} 5000x200"),
    "PushboatNoticesStuck": ("pushboat_notice_oldest_age_seconds 3601x200",),
    "PushboatLeasesLost": (f"{_TAKEN_OVER} 0x150 1 2 3 4 5 5x40",),
    "PushboatDeliveriesRejected": (f"{_REJECTED} 0x165 5+5x60",),
    "PushboatDeploymentFailed": (f"{_FAILED} 0x160 1x60",),
    "PushboatDeploymentErrored": (f"{_ERRORED} 0x160 1x60",),
    "PushboatEnvironmentDrifted": (f"pushboat_environment_drifted{{{_PLACE}}} 0x140 1x60",),
    "PushboatEnvironmentUnhealthy": (f"{_HEALTHY} 1x160 0x60",),
}
"""For each alert, a recording at whose end it fires."""
SILENT: Mapping[str, tuple[str, ...]] = {
    "PushboatProcessSilent": (f"{_SILENT} 119x200", f"{_SILENT} 1x179 200x9"),
    "PushboatDown": ("pushboat_queue_depth 0x200", "pushboat_queue_depth 0x172"),
    "PushboatRoutingStuck": (
        "pushboat_routing_oldest_age_seconds 299x200",
        "pushboat_routing_oldest_age_seconds 0x177 400x9",
    ),
    "PushboatQueueStuck": ("pushboat_queue_oldest_age_seconds 1799x200",),
    "PushboatStatusesStuck": ("pushboat_status_oldest_age_seconds 899x200",),
    "PushboatLettersRefused": (f"{_REFUSED} 7x200", f"{_REFUSED} 7x150 0x60", f"{_REFUSED} 0x90 7x120"),
    "PushboatForgeLimitNear": (f"{_LEFT} 500x200\n{_LIMIT} 5000x200", f"{_LEFT} 5000x177 1x9\n{_LIMIT} 5000x200"),
    "PushboatNoticesStuck": ("pushboat_notice_oldest_age_seconds 3599x200", "pushboat_notice_backlog 9000x200"),
    "PushboatLeasesLost": (f"{_TAKEN_OVER} 3x200", f"{_TAKEN_OVER} 0x100 9x90", f"{_TAKEN_OVER} 9x170 0x40"),
    "PushboatDeliveriesRejected": (f"{_REJECTED} 0+1x200", f"{_NOBODYS} 0+100x200", f"{_REJECTED} 9000x200"),
    "PushboatDeploymentFailed": (
        f"{_FAILED} 0x200",
        f"{_FAILED} 0x170 1x20",
        f"{_FAILED} 1x170 0 1x20",
        f"{_ERRORED} 1x200",
    ),
    "PushboatDeploymentErrored": (f"{_ERRORED} 0x200", f"{_ERRORED} 0x170 1x20", f"{_FAILED} 1x200"),
    "PushboatEnvironmentDrifted": (f"pushboat_environment_drifted{{{_PLACE}}} 0x200",),
    "PushboatEnvironmentUnhealthy": (f"{_HEALTHY} 1x200", f"{_HEALTHY} 1x170 0x20"),
}
"""Recordings at whose end it does not: short of the limit, not for long enough, over again, or something else."""


def rules() -> dict[str, dict[str, object]]:
    """Read all alerts."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def question(rule: Mapping[str, object], *series: str) -> Question:
    """Ask whether an alert fires at the end of a recording."""
    minutes = re.fullmatch(r"(\d+)m", str(rule["for"]))
    assert minutes
    annotations = rule["annotations"]
    assert isinstance(annotations, dict)
    return Question(
        series="\n".join(series), expr=str(rule["expr"]), minute=END, minutes=int(minutes[1]), texts=annotations
    )


def test_each_alert_fires_on_what_it_names() -> None:
    """Something is wrong for as long as the alert waits, and whoever must act reads where, in a whole sentence."""
    there = rules()
    assert FIRES.keys() == there.keys()
    asked = {name: question(there[name], *FIRES[name]) for name in there}
    for name, found in zip(asked, ask(list(asked.values())), strict=True):
        assert len(found) == 1, name
        said = found[0].texts["summary"]
        assert "{{" not in said, said
        assert "<no value>" not in said, said
        for label in re.findall(r"\$labels\.(\w+)", asked[name].texts["summary"]):
            assert found[0].labels[label] in said, said


def test_each_alert_is_silent_otherwise() -> None:
    """Nobody is woken for what is short of the limit, was so for a moment, or is somebody else's."""
    there = rules()
    assert SILENT.keys() == there.keys()
    asked = [(name, series, question(there[name], series)) for name in there for series in SILENT[name]]
    answers = ask([each for _, _, each in asked])
    assert [(name, series) for (name, series, _), found in zip(asked, answers, strict=True) if found] == []
