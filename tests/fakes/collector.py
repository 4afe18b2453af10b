"""An OpenTelemetry collector as its protocol has it: OTLP over HTTP, protobuf in and out, and a token to be let in.

https://opentelemetry.io/docs/specs/otlp/#otlphttp
"""

import gzip
import threading
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.fakes.door import Door
from tests.fakes.routes import Routes

NANOSECONDS = 1_000_000_000
TOKEN = "a collector's own secret"


@dataclass(frozen=True, kw_only=True)
class Came:
    """A span as it came; times are seconds since the epoch."""

    trace: str
    id: str
    parent: str
    name: str
    kind: str
    begins: float
    ends: float
    failed: str | None
    links: tuple[tuple[str, str], ...]
    attributes: dict[str, Any]
    resource: dict[str, Any]


class FakeCollector(Door):
    """Keeps what it took by trace and span, as those behind it do. `says` another status than 200; `frozen` hangs."""

    def __init__(self) -> None:
        self.says = 200
        self.frozen = threading.Event()
        self.thawed = threading.Event()
        self.asked = 0
        self.taken: list[Came] = []
        app = Routes("collector")
        app.add_url_rule("/v1/traces", view_func=self._take, methods=["POST"])
        super().__init__(app.wsgi_app)

    @property
    def environ(self) -> dict[str, str]:
        """Give the variables that lead here."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.url,
            "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{TOKEN.replace(' ', '%20')}",
        }

    def spans(self, name: str = "") -> list[Came]:
        """Give the spans of this name, else all, each once, by when they began."""
        once = {(each.trace, each.id): each for each in self.taken if not name or each.name == name}
        return sorted(once.values(), key=lambda each: each.begins)

    def _take(self) -> Response:
        self.asked += 1
        if self.frozen.is_set():
            self.thawed.wait(60)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response("who are you?", 401)
        if request.content_type != "application/x-protobuf":
            return Response(status=415)
        if self.says != 200:
            return Response("not now", self.says)
        body = request.get_data()
        asked = service.ExportTraceServiceRequest()
        asked.ParseFromString(gzip.decompress(body) if request.content_encoding == "gzip" else body)
        for of in asked.resource_spans:
            resource = _attributes(of.resource.attributes)
            self.taken += [_came(span, resource) for scope in of.scope_spans for span in scope.spans]
        answer = service.ExportTraceServiceResponse().SerializeToString()
        return Response(answer, 200, content_type="application/x-protobuf")


def _came(span: Span, resource: dict[str, Any]) -> Came:
    assert len(span.trace_id) == 16, "128 bits, by the protocol"
    assert len(span.span_id) == 8
    assert any(span.trace_id)
    assert any(span.span_id)
    assert span.end_time_unix_nano >= span.start_time_unix_nano > 0
    return Came(
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        name=span.name,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        begins=span.start_time_unix_nano / NANOSECONDS,
        ends=span.end_time_unix_nano / NANOSECONDS,
        failed=span.status.message if span.status.code == Status.STATUS_CODE_ERROR else None,
        links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
        attributes=_attributes(span.attributes),
        resource=resource,
    )


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair) for pair in pairs}


def _value(pair: KeyValue) -> Any:
    return getattr(pair.value, str(pair.value.WhichOneof("value")))
