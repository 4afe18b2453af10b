"""Whatever stands in an address, on either store it is nothing that there is, and no fault of ours."""

from pathlib import Path

from dashboard.app import create_app
from pushboat.store.database.engine import Store
from tests.dashboard.filled import fill
from tests.pages.ledger import Ledger
from tests.receiving.front_door import make_operator
from tests.store.conftest import migrated_database, migrated_file, postgres_server, store, url

__all__ = ["migrated_database", "migrated_file", "postgres_server", "store", "url"]
SHOP = "github/acme/shop"
ODD = (
    *("%00", "a%00b", "%ff", "%c0%80", "%ed%a0%80", "'%3b--", "%25%25", "%5f%25", "%f0%9f%98%80", "%e2%80%ae"),
    *("9" * 30, "-1", "x" * 3000),
)
ADDRESSES = (
    "/environments/{0}",
    "/environments/" + SHOP + "/{0}",
    "/repositories/{0}",
    "/repositories/github/{0}",
    "/commits/{0}/1a2b3c4",
    "/commits/" + SHOP + "/{0}",
    "/pull-requests/{0}/7",
    "/pull-requests/" + SHOP + "/{0}",
    "/deployments/{0}",
    "/plans/{0}",
    "/deliveries/{0}",
    "/search?q={0}",
    "/?q={0}",
    "/?repository={0}",
    "/?state={0}",
    "/?from={0}",
    "/deliveries?repository={0}",
    "/deliveries?forge={0}",
    "/deliveries?sha={0}",
    "/deliveries?cursor={0}",
    "/deliveries?{0}=x",
    "/api/v1/deployments?repository={0}",
    "/api/v1/deployments?environment={0}",
    "/api/v1/deployments?state={0}",
    "/api/v1/deployments?cursor={0}",
    "/api/v1/deliveries?repository={0}",
    "/api/v1/environments?repository={0}",
    "/api/v1/deployments/1/progress?after={0}",
    "/api/v1/deployments/{0}/whole",
    "/static/{0}",
    "/{0}",
)


def test_it_is_found_nowhere(store: Store, tmp_path: Path) -> None:
    """Zero bytes, halves of letters, other alphabets, signs of SQL and of patterns: 200, 400 or 404."""
    fill(Ledger(store))
    browser = create_app(make_operator(tmp_path), store).test_client()
    for address in ADDRESSES:
        for word in ODD:
            said = browser.get(address.format(word))
            assert said.status_code in (200, 302, 308, 400, 404), (address, word, said.text)
    assert browser.get("/deployments/1").status_code == 200
