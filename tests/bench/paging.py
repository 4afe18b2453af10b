"""Each page with 500 environments and 10,000 deployments: the time it takes a processor against 200 ms, and its size.

`python -m tests.bench paging`; a size over 100 kB is marked.
"""

import json
import statistics
import time
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.queries import cover
from pushboat.config import operator as operator_file
from pushboat.events import Event, EventKind, to_json
from pushboat.model.caption import Caption
from pushboat.model.changeset import Action, Change
from pushboat.model.container_log import ContainerLog, written
from pushboat.model.deployment import Deployment
from pushboat.model.health import Health
from pushboat.model.manifest import Ref
from pushboat.model.observed import Observed
from pushboat.model.state import Kind, State
from pushboat.store import captions, heads
from pushboat.store.database.engine import Store
from tests.bench.measuring import Row
from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger

REPOSITORIES, ENVIRONMENTS, DEPLOYMENTS = 50, 10, 20
"""Environments of each repository, deployments of each environment: 500 and 10,000 in all."""
ROUNDS = 11
AT_MOST, LARGEST = 0.2, 100_000
DAY = 24 * 3600.0
REASON = "not healthy after 10m: Deployment/shop/web: pod web-7f9c6b5d4-abcde, container web: CrashLoopBackOff (exit 1)"
FILE = """\
state: {state}
forges:
  github: {{kind: github, webhook_secrets: [{{env: S}}], token: {{env: S}}}}
clusters: {{dev: {{in_cluster: true}}}}
projects:
"""
CHANGES = tuple(
    Change(ref=Ref("apps", "Deployment", "shop", f"web-{number}"), action=Action.CONFIGURED, diff="-a: 1\n+a: 2\n" * 9)
    for number in range(20)
)
PODS = tuple(
    Observed(ref=Ref("", "Pod", "shop", f"web-{each}"), health=Health.DEGRADED, reason=REASON) for each in "ab"
)
SEEN = tuple(Observed(ref=change.ref, health=Health.DEGRADED, reason=REASON, dependents=PODS) for change in CHANGES)
LOGS = written([ContainerLog(pod="web-1", container="web", lines=("no database at db:5432 " * 9,) * 10)])


def measure(folder: Path) -> list[Row]:
    """Fill a store, and ask for each page."""
    text = FILE.format(state=folder) + "".join(map(_project, range(REPOSITORIES)))
    operator = operator_file.parse(text, folder / "pushboat.yaml", {"S": "s" * 20})
    store = fresh_store(folder)
    paths = fill(store)
    client = create_app(operator, store).test_client()
    rows = [_row(client, name, path) for name, path in paths.items()]
    store.close()
    return rows


def fill(store: Store) -> dict[str, str]:
    """Let each environment be deployed to, for years, and again today; name what there is to look at."""
    ledgers = [Ledger(store, repository=_path(each), numbers=count(1 + each * 1000)) for each in range(REPOSITORIES)]
    for ledger in ledgers:
        for environment in map(_name, range(ENVIRONMENTS)):
            ledger.ended(State.SUCCEEDED, "12 objects: 12 created", environment)
    _years(store)
    for number, ledger in enumerate(ledgers):
        made = [_today(ledger, number, place) for place in range(ENVIRONMENTS)]
        told = {
            each.sha: Caption("Let people pay by card, and say when a card is refused", "Ada Lovelace") for each in made
        }
        captions.note(store, f"github/{ledger.repository}", told)
        heads.record(store, f"github/{ledger.repository}", {"refs/heads/main": made[0].sha})
    shop = f"github/{_path(0)}"
    ledgers[0].ended(State.SUCCEEDED, "would change 20 objects", _name(0), kind=Kind.PLAN, number=7, changes=CHANGES)
    good = ledgers[0].ended(State.SUCCEEDED, "20 objects: 20 configured", _name(2), changes=CHANGES)
    bad = ledgers[0].ended(State.FAILED, REASON, _name(0), changes=CHANGES, logs=LOGS, observed=SEEN)
    return {
        "home": "/",
        "home, further": "/?from=60",
        "home, narrowed by a word": "/?q=env-3",
        "home of one repository": f"/?repository={shop}",
        "environment": f"/environments/{shop}/{_name(0)}",
        "environment, older": f"/environments/{shop}/{_name(0)}?cursor={cover(2000)}",
        "deployment that failed": f"/deployments/{bad.id}",
        "deployment that got through": f"/deployments/{good.id}",
        "plan": f"/plans/{bad.id - 2}",
        "commit": f"/commits/{shop}/{bad.sha}",
        "pull request": f"/pull-requests/{shop}/7",
        "repository": f"/repositories/{shop}",
        "deliveries": "/deliveries",
        "audit": "/audit",
        "audit, by nobody": "/audit?who=nobody",
        "audit, refused since a year": f"/audit?repository={shop}&verdict=refused&since=365d",
        "delivery": f"/deliveries/{bad.delivery}",
        "search, an environment": "/search?q=env-",
        "search, a commit": "/search?q=0000",
        "search, a branch": "/search?q=main",
        "search, nothing": "/search?q=nowhere",
    }


def _row(client: FlaskClient, name: str, path: str) -> Row:
    times, size = [], 0
    for _ in range(ROUNDS):
        began = time.process_time()
        answer = client.get(path)
        size = len(answer.data)
        times.append(time.process_time() - began)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
    over = "" if size < LARGEST else ", TOO LARGE"
    return Row(
        f"{name}: {size / 1000:.0f} kB{over}; against {AT_MOST * 1000:.0f} ms", statistics.median(times), AT_MOST
    )


def _today(ledger: Ledger, number: int, place: int) -> Deployment:
    """Let one in ten fail today, and one in ten not have ended."""
    if place == number % ENVIRONMENTS:
        return ledger.ended(State.FAILED, REASON, _name(place))
    if place == (number + 1) % ENVIRONMENTS:
        return ledger.running(_name(place))
    return ledger.ended(State.SUCCEEDED, "12 objects: 1 configured, 11 unchanged; healthy in 8 s", _name(place))


def _years(store: Store) -> None:
    event = Event(
        kind=EventKind.PUSH, action="updated", repository=_path(0), ref="refs/heads/main", sha="s", author="a"
    )
    with store.writing() as tx:
        values = {"event": json.dumps(to_json(event)), "each": DEPLOYMENTS - 2, "reason": REASON}
        for statement in _FILL:
            tx.change(sa.text(statement), **values, at=tx.now - 300 * DAY)


_FILL = (
    (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :each) "
        "INSERT INTO deployment (lane_id, seq, kind, ref, sha, author, cause, state, reason, created_at, started_at, "
        "finished_at, settled) SELECT l.id, l.seq + i, 'deploy', 'refs/heads/main', printf('%040x', l.id * 1000 + i), "
        "'ann', 'push', CASE WHEN i % 3 = 0 THEN 'failed' ELSE 'succeeded' END, :reason, :at + i * 86400 + l.id, "
        ":at + i * 86400 + l.id, :at + i * 86400 + l.id, 1 FROM n JOIN lane l"
    ),
    "UPDATE lane SET seq = (SELECT max(seq) FROM deployment d WHERE d.lane_id = lane.id)",
    (
        "INSERT INTO delivery (forge, delivery, repository, sha, event, verdict, reason, received_at, routed_at) "
        "SELECT 'github', 'old-' || d.id, l.repository, d.sha, :event, 'accepted', :reason, d.created_at, d.created_at "
        "FROM deployment d JOIN lane l ON l.id = d.lane_id"
    ),
)


def _project(number: int) -> str:
    environments = ", ".join(
        f"{_name(each)}: {{cluster: dev, namespaces: [shop{number}-{each}]}}" for each in range(10)
    )
    return f"  - {{repository: github/{_path(number)}, environments: {{{environments}}}}}\n"


def _path(number: int) -> str:
    return f"acme/shop-{number:02}"


def _name(number: int) -> str:
    return f"env-{number}"
