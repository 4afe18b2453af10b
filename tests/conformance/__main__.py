"""`python -m tests.conformance` writes docs/conformance.md and docs/judged-kinds.md anew."""

from tests.conformance.page import KINDS, PAGE, kinds_page, page

PAGE.write_text(page())
KINDS.write_text(kinds_page())
