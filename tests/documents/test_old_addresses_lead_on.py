"""Whoever comes by an address of before, from a bookmark or an older message, arrives."""

import re

from tests.documents.blocks import ROOT
from tests.documents.test_links_and_proofs import slugs

LINES = 250
_ROW = re.compile(r'^- <a id="([^"]+)"></a>\[.*\]\(([^)#]+)#([^)#]+)\)$')


def test_each_heading_of_the_one_page_leads_to_where_it_stands_now() -> None:
    """The configuration was one page: `configuration.md#anything` has a line with the link on."""
    rows = [_ROW.match(line) for line in (ROOT / "docs/configuration.md").read_text().splitlines() if line[:2] == "- "]
    assert len(rows) > 40
    for row in rows:
        assert row
        assert row[1] == row[3]
        assert row[3] in slugs(ROOT / "docs" / row[2]), row[0]


def test_a_page_of_the_configuration_is_read_in_one_go() -> None:
    """I look for one key, and find it without a thousand lines of others around it."""
    for page in (ROOT / "docs/configuration").glob("*.md"):
        assert len(page.read_text().splitlines()) < LINES, page.name
