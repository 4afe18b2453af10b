"""`GET /metrics`: the figures as Prometheus reads them, counted at each scrape from the store.

Whoever sees one repository gets its figures, and nothing of what all share.
https://prometheus.io/docs/instrumenting/exposition_formats/ · https://prometheus.io/docs/practices/naming/
"""

from collections.abc import Iterable, Iterator, Mapping

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from dashboard import seeing
from pushboat.config.operator import Operator
from pushboat.model.allowance import Allowance
from pushboat.model.state import State
from pushboat.reading.drifted import Known
from pushboat.reading.environments import Overview
from pushboat.reading.figures import Figures, FourKeys, Stretches, Whole, figures
from pushboat.store.database.engine import Store

PLACE = ("repository", "environment")
_TRUTH = {Known.DRIFTED: 1.0, Known.NONE: 0.0}
"""Where nobody can say, or nobody looks, there is no figure: that is neither."""


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/metrics`."""
    door = Blueprint("metrics", __name__)

    @door.get("/metrics")
    def scrape() -> Response:
        reach = seeing.reach()
        found = figures(
            store,
            operator,
            lambda repository, environment: seeing.covers(operator, reach, repository, environment),
            whole=not seeing.narrow(),
        )
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Read(families(found)))
        encode, kind = choose_encoder(request.headers.get("Accept", ""))
        return Response(encode(registry), content_type=kind, headers={"Cache-Control": "no-store"})

    return door


class _Read(Collector):
    """What was read already, for the library to write."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterable[Metric]:
        """Give it."""
        return self._found


def families(found: Figures) -> Iterator[Metric]:
    """Give every family, also one without a sample: its name is there from the first scrape on."""
    yield _counter(
        "pushboat_deployments", "Deployments that ended, by how.", (*PLACE, "state"), found.deployments.items()
    )
    yield _counter("pushboat_plans", "Plans that ended, by how.", (*PLACE, "state"), found.plans.items())
    yield _histogram(
        "pushboat_push_to_healthy_seconds",
        "From the delivery of a push or a merge until its commit was healthy in an environment.",
        PLACE,
        found.healthy.items(),
    )
    yield _histogram(
        "pushboat_stage_seconds",
        "How long deployments that ended spent in each stage.",
        (*PLACE, "stage"),
        found.stages.items(),
    )
    yield _counter("pushboat_objects", "Objects of deployments that ended, by what was done to them.",
                   (*PLACE, "change"), found.objects.items())  # fmt: skip
    yield _counter("pushboat_lease_takeovers", "Deployments whose worker went away without ending them.",
                   PLACE, found.takeovers.items())  # fmt: skip
    yield from _of_four_keys(found.keys)
    yield _info(found.teams, found.environments)
    yield from _of_environments(found.environments)
    if found.whole:
        yield from _of_all(found.whole)


def _of_four_keys(keys: FourKeys) -> Iterator[Metric]:
    yield _counter(
        "pushboat_dora_changes",
        "Changes of an environment, by how they went: succeeded, failed, rolled back.",
        (*PLACE, "outcome"),
        keys.changes.items(),
    )
    yield _histogram(
        "pushboat_dora_lead_time_seconds",
        "From the time of a commit (its committer's) until it was healthy in an environment.",
        PLACE,
        keys.lead.items(),
    )
    yield _histogram(
        "pushboat_dora_restore_seconds",
        "From the first failure of an environment until something got through there again.",
        PLACE,
        keys.restore.items(),
    )


def _info(teams: Mapping[str, str], environments: Iterable[Overview]) -> Metric:
    info = GaugeMetricFamily("pushboat_environment_info", "Whose an environment is.", labels=(*PLACE, "team"))
    for each in environments:
        info.add_metric((each.repository, each.environment, teams.get(each.repository, "")), 1.0)
    return info


def _of_environments(environments: Iterable[Overview]) -> Iterator[Metric]:
    state = GaugeMetricFamily(
        "pushboat_environment_state", "1 for the state of an environment's latest deployment.", labels=(*PLACE, "state")
    )
    since = GaugeMetricFamily(
        "pushboat_environment_deployed_timestamp_seconds",
        "When what runs in an environment was deployed.",
        labels=PLACE,
    )
    drifted = GaugeMetricFamily(
        "pushboat_environment_drifted",
        "1 where a cluster differs from its release, 0 where it does not; absent where nobody can say.",
        labels=PLACE,
    )
    healthy = GaugeMetricFamily(
        "pushboat_environment_healthy",
        "1 where all that runs was healthy when it was compared last, 0 where something was not; absent as above.",
        labels=PLACE,
    )
    holds = GaugeMetricFamily(
        "pushboat_environment_holds",
        "What keeps new deployments of an environment from starting.",
        labels=(*PLACE, "kind"),
    )
    for each in environments:
        place = (each.repository, each.environment)
        if each.latest:
            for one in State:
                state.add_metric((*place, one.value), float(one is each.latest.state))
        if each.runs and not each.destroyed and each.runs.finished_at:
            since.add_metric(place, each.runs.finished_at)
        if (truth := _TRUTH.get(each.drift.known)) is not None:
            drifted.add_metric(place, truth)
            healthy.add_metric(place, float(each.drift.inspection is not None and not each.drift.inspection.unwell))
        for kind in sorted({hold.kind for hold in each.holds}):
            holds.add_metric((*place, kind), sum(hold.kind == kind for hold in each.holds))
    yield from (state, since, drifted, healthy, holds)


def _of_all(whole: Whole) -> Iterator[Metric]:
    yield _counter(
        "pushboat_deliveries",
        "Deliveries that came in, by what they were.",
        ("forge", "verdict"),
        whole.deliveries.items(),
    )
    waiting = whole.waiting
    for name, help_text, value in (
        ("pushboat_routing_backlog", "Deliveries that wait to be routed.", waiting.deliveries.number),
        ("pushboat_routing_oldest_age_seconds", "How long the oldest of them has waited.", waiting.deliveries.oldest),
        ("pushboat_queue_depth", "Deployments and plans that wait for a worker.", waiting.queued.number),
        ("pushboat_queue_oldest_age_seconds", "How long the oldest of them has waited.", waiting.queued.oldest),
        ("pushboat_queue_held", "Deployments that wait for people: locks, approvals, freezes.", waiting.held.number),
        ("pushboat_running", "Deployments and plans that are carried out.", waiting.running),
        ("pushboat_status_backlog", "Statuses and comments that wait to be posted.", waiting.letters.number),
        ("pushboat_status_oldest_age_seconds", "How long the oldest of them has waited.", waiting.letters.oldest),
        ("pushboat_notice_backlog", "Notices that wait for chats, mail and programs.", waiting.notices.number),
        ("pushboat_notice_oldest_age_seconds", "How long the oldest of them has waited.", waiting.notices.oldest),
    ):
        yield GaugeMetricFamily(name, help_text, value=float(value))
    yield from _of_forges(whole.allowances, whole.signs.now)
    yield from _of_letters(whole)
    silent = GaugeMetricFamily(
        "pushboat_process_silent_seconds", "How long ago a process gave its last sign of life.", labels=("process",)
    )
    for beat in whole.signs.beats.values():
        silent.add_metric((beat.name,), max(0.0, whole.signs.now - beat.at))
    yield silent


def _of_letters(whole: Whole) -> Iterator[Metric]:
    given_up = GaugeMetricFamily(
        "pushboat_letters_given_up", "Statuses and comments that a forge refused for good.", labels=("forge",)
    )
    for forge, number in whole.given_up.items():
        given_up.add_metric((forge,), number)
    quiet = GaugeMetricFamily(
        "pushboat_forge_quiet_seconds",
        "How long a forge is still left alone: it limits us, or does not know our token.",
        labels=("credential",),
    )
    for credential, seconds in whole.quiet.items():
        quiet.add_metric((credential,), seconds)
    yield from (given_up, quiet)


def _of_forges(allowances: Iterable[tuple[str, Allowance]], now: float) -> Iterator[Metric]:
    left, most = (
        GaugeMetricFamily(f"pushboat_forge_requests_{name}", help_text, labels=("forge", "kind"))
        for name, help_text in (
            ("left", "What a forge lets us ask until its limit begins anew, as its answers said last."),
            ("limit", "What it lets us ask in all in that time."),
        )
    )
    for forge, each in allowances:
        left.add_metric((forge, each.kind), each.left_at(now))
        most.add_metric((forge, each.kind), each.most)
    yield from (left, most)


def _counter(
    name: str, help_text: str, labels: tuple[str, ...], samples: Iterable[tuple[tuple[str, ...], int]]
) -> Metric:
    family = CounterMetricFamily(name, help_text, labels=labels)
    for values, number in samples:
        family.add_metric(values[: len(labels)], number)
    return family


def _histogram(
    name: str, help_text: str, labels: tuple[str, ...], samples: Iterable[tuple[tuple[str, ...], Stretches]]
) -> Metric:
    family = HistogramMetricFamily(name, help_text, labels=labels)
    for values, each in samples:
        family.add_metric(values, buckets=list(each.up_to), sum_value=each.seconds)
    return family
