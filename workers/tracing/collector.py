"""The one door to OpenTelemetry's SDK: spans as OTLP over HTTP, to where the standard variables say.

The SDK is an extra and loaded here alone, by who sends traces. Its own queue and threads are not used: the store is the
queue, and a batch that was not taken is sent again. What it has to say of a collector that is away is said by us, once.
"""

import logging
from collections.abc import Sequence
from importlib.metadata import version

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from pushboat.model.span import Part, Span

NANOSECONDS = 1_000_000_000
_PARTS = {Part.SERVER: SpanKind.SERVER, Part.INTERNAL: SpanKind.INTERNAL, Part.CLIENT: SpanKind.CLIENT}
_SCOPE = InstrumentationScope("pushboat", version("pushboat"))


class Collector:
    """Where traces go."""

    def __init__(self) -> None:
        # First of all, for it writes headers that it cannot read into the log, with the token in them.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        self._exporter = OTLPSpanExporter()
        self._resource = Resource.create({"service.version": version("pushboat")})
        if self._resource.attributes.get("service.name", "").startswith("unknown_service"):  # type: ignore[union-attr]
            self._resource = self._resource.merge(Resource({"service.name": "pushboat"}))

    def take(self, spans: Sequence[Span]) -> bool:
        """Send spans and say whether they were taken; wait for that as long as OTEL_EXPORTER_OTLP_TIMEOUT says."""
        return self._exporter.export([_readable(each, self._resource) for each in spans]) is SpanExportResult.SUCCESS

    def close(self) -> None:
        """Wait for nothing any more."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]  # theirs


def _readable(span: Span, resource: Resource) -> ReadableSpan:
    links = [Link(_context(*span.caller, remote=True))] if span.caller else []
    failed = Status(StatusCode.ERROR, span.failed) if span.failed is not None else Status(StatusCode.UNSET)
    return ReadableSpan(
        name=span.name,
        context=_context(span.trace, span.id),
        parent=_context(span.trace, span.parent) if span.parent else None,
        resource=resource,
        attributes=span.attributes,
        links=links,
        kind=_PARTS[span.part],
        status=failed,
        start_time=round(span.begins * NANOSECONDS),
        end_time=round(span.ends * NANOSECONDS),
        instrumentation_scope=_SCOPE,
    )


def _context(trace: str, span: str, *, remote: bool = False) -> SpanContext:
    return SpanContext(int(trace, 16), int(span, 16), is_remote=remote, trace_flags=TraceFlags(TraceFlags.SAMPLED))
