"""A page that nobody has opened in a browser is none: each address for people is one that the browser's tests open."""

from pathlib import Path

from dashboard.app import create_app
from tests.browser.showing import PAGES
from tests.fresh_store import fresh_store
from tests.receiving.front_door import make_operator

NOT_PAGES = ("/api/", "/static/", "/healthz", "/readyz", "/metrics")


def test_each_address_for_people_is_opened_in_a_browser(tmp_path: Path) -> None:
    """Whoever adds a page adds it to what axe, a phone and a reader without scripts are shown."""
    operator = make_operator(tmp_path)
    store = fresh_store(operator.state)
    addresses = create_app(operator, store).url_map
    opened = {str(addresses.bind("x").match(path.partition("?")[0])[0]) for path in PAGES.values()}
    meant = {
        rule.endpoint
        for rule in addresses.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(NOT_PAGES)
    }
    assert meant - opened == set()
    store.close()
