"""`python -m tests.conformance` writes the pages of docs/ anew that come from tests."""

from tests.conformance import forges_page, holds_page
from tests.conformance.page import KINDS, PAGE, kinds_page, page

PAGE.write_text(page())
KINDS.write_text(kinds_page())
forges_page.PAGE.write_text(forges_page.forges_page())
holds_page.PAGE.write_text(holds_page.holds_page())
