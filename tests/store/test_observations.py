"""What a wait saw is kept beside its deployment, the newest word of it, until the deployment has ended."""

from pushboat.model.deployment import Lane
from pushboat.model.health import Health
from pushboat.model.manifest import Ref
from pushboat.model.observed import Observed, written
from pushboat.model.state import State
from pushboat.store import lanes, observations, progress_lines
from pushboat.store.database.engine import Store
from pushboat.store.deployments import running_by_lane
from pushboat.store.ending import finish
from pushboat.store.newest import newest
from pushboat.store.progress_lines import Line
from tests.pages.ledger import Ledger

LANE = Lane(repository="github/acme/shop", environment="staging")


def saw(store: Store, number: int, health: Health) -> None:
    """Let a deployment's worker see its one object."""
    seen = Observed(ref=Ref("apps", "Deployment", "shop", "web"), health=health)
    progress_lines.record(store, [], [Line(deployment=number, phase="", text=written([seen]))])


def test_the_newest_look_counts_until_the_deployment_has_ended(store: Store) -> None:
    """A line of a worker that comes late, after somebody ended the deployment, changes nothing."""
    made = Ledger(store).queued()
    claim = lanes.claim(store, made.id, "worker")
    assert claim
    assert observations.seen_at(store, made.id) == 0
    saw(store, made.id, Health.PROGRESSING)
    saw(store, made.id, Health.HEALTHY)
    assert finish(store, claim, State.SUCCEEDED, "healthy")
    saw(store, made.id, Health.DEGRADED)
    found = observations.find(store, made.id)
    assert found
    assert [each.health for each in found.objects] == [Health.HEALTHY]
    assert found.at == observations.seen_at(store, made.id) > 0


def test_an_environments_newest_come_first_and_those_of_others_not_at_all(store: Store) -> None:
    """Five are looked back on, and no other environment's."""
    ledger = Ledger(store)
    seen = Observed(ref=Ref("apps", "Deployment", "shop", "web"), health=Health.HEALTHY)
    made = [ledger.ended(State.SUCCEEDED, "healthy", observed=[seen]).id for _ in range(7)]
    ledger.ended(State.SUCCEEDED, "healthy", "production", observed=[seen])
    assert [each.deployment for each in observations.of_lane(store, LANE)] == made[:1:-1]


def test_what_runs_is_the_same_whether_the_latest_are_known(store: Store) -> None:
    """An overview that has read the latest reads the others only, and finds the same."""
    ledger = Ledger(store)
    for environment in ("staging", "production", "qa"):
        ledger.ended(State.SUCCEEDED, "healthy", environment)
    bad = ledger.ended(State.FAILED, "it crashes", "production")
    runs = {each.lane.environment: each for each in running_by_lane(store)}
    latest = [*(each for each in runs.values() if each.lane.environment != "production"), bad]
    known = running_by_lane(store, "github/acme/shop", latest)
    assert {each.lane.environment: each for each in known} == runs


def test_each_change_of_a_state_is_news(store: Store) -> None:
    """Acceptance, claim and end each make a newer row."""
    ledger, told = Ledger(store), [newest(store)]
    made = ledger.queued()
    told.append(newest(store))
    claim = lanes.claim(store, made.id, "worker")
    assert claim
    told.append(newest(store))
    assert finish(store, claim, State.SUCCEEDED, "healthy")
    told.append(newest(store))
    assert len({each.rpartition("-")[0] for each in told}) == len(told)
