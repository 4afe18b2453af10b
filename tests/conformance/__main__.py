"""`python -m tests.conformance` writes docs/conformance.md, docs/judged-kinds.md and docs/forges.md anew."""

from tests.conformance import forges_page
from tests.conformance.page import KINDS, PAGE, kinds_page, page

PAGE.write_text(page())
KINDS.write_text(kinds_page())
forges_page.PAGE.write_text(forges_page.forges_page())
