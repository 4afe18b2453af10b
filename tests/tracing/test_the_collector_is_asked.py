"""A real collector's side: what it is sent, and that no answer of it, or none, is mistaken for having been taken."""

import logging
from collections.abc import Iterator
from contextlib import closing

import pytest

from pushboat.model.span import Part, Span
from tests.fakes.collector import TOKEN, FakeCollector
from workers.tracing.collector import Collector

TRACE, ROOT, CHILD = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7"
CALLER = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b8")
SPANS = (
    Span(trace=TRACE, id=ROOT, name="delivery push", begins=1.5, ends=2.25, part=Part.SERVER, caller=CALLER),
    Span(
        trace=TRACE, id=CHILD, parent=ROOT, name="deploy", begins=2.25, ends=3.0, failed="no image", attributes={"n": 7}
    ),
)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCollector]:
    """A collector that our environment leads to."""
    with closing(FakeCollector()) as found:
        for name, value in {**found.environ, "OTEL_EXPORTER_OTLP_TIMEOUT": "60"}.items():
            monkeypatch.setenv(name, value)
        yield found
        found.thawed.set()


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_spans_arrive_as_they_are(there: FakeCollector, monkeypatch: pytest.MonkeyPatch, compression: str) -> None:
    """Ids, parents, times, failures, links and names are the ones that we reckoned."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", compression)
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=ours")
    collector = Collector()
    assert collector.take(SPANS)
    collector.close()
    root, child = there.spans()
    assert (root.trace, root.id, root.parent, root.begins, root.ends) == (TRACE, ROOT, "", 1.5, 2.25)
    assert (root.kind, root.failed, root.links) == ("server", None, (CALLER,))
    assert (child.parent, child.kind, child.failed, child.attributes) == (ROOT, "internal", "no image", {"n": 7})
    assert (root.resource["service.name"], root.resource["deployment.environment.name"]) == ("pushboat", "ours")


def test_the_name_of_the_service_is_the_operators(there: FakeCollector, monkeypatch: pytest.MonkeyPatch) -> None:
    """I have two installations, and tell them apart."""
    monkeypatch.setenv("OTEL_SERVICE_NAME", "pushboat-production")
    assert Collector().take(SPANS)
    assert {each.resource["service.name"] for each in there.spans()} == {"pushboat-production"}


@pytest.mark.parametrize("trouble", ["busy", "broken", "refuses", "hangs", "away", "wants another token"])
def test_what_is_not_taken_is_said_so_in_time(
    there: FakeCollector, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    """Whatever becomes of it, the answer is no, soon, and neither the log nor the spans have the token."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.5")
    there.says = {"busy": 503, "broken": 500, "refuses": 400}.get(trouble, 200)
    if trouble == "hangs":
        there.frozen.set()
    if trouble == "away":
        there.close()
    if trouble == "wants another token":
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20wrong")
    with caplog.at_level(logging.WARNING):
        assert not Collector().take(SPANS)
    assert caplog.records == [], "the one who sends says it, once"
    assert there.taken == []
    assert TOKEN not in caplog.text


def test_headers_that_cannot_be_read_stand_in_no_log(
    there: FakeCollector, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """I forget the sign between a header's name and its value: the collector refuses, and my token stays mine."""
    logging.getLogger("opentelemetry").setLevel(logging.NOTSET)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization Bearer {TOKEN}")
    with caplog.at_level(logging.DEBUG):
        assert not Collector().take(SPANS)
    assert TOKEN not in caplog.text
    assert there.asked
