"""`python -m tests.conformance` writes docs/conformance.md anew."""

from tests.conformance.page import PAGE, page

PAGE.write_text(page())
