"""Where pages and API listen, where they have an address of their own."""

from pushboat.config.document import Document
from pushboat.config.schema import Section
from pushboat.config.urls import ListenAddress

USUAL_LISTEN = "127.0.0.1:8700"


class DashboardSection(Section):
    """`dashboard` as it is written."""

    listen: ListenAddress


def note_dashboard(document: Document) -> None:
    """Note where two processes would listen on one address."""
    own = document.mapping("dashboard").get("listen")
    if own is not None and own == document.mapping().get("listen", USUAL_LISTEN):
        document.note(
            ("dashboard", "listen"),
            "is the address of `listen`: leave `dashboard` out, and both are reached there, or write another port",
        )
