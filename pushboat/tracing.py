"""Whether traces are sent: the variables that OpenTelemetry defines for every program say it, and nothing else does.

https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_OURS = "http/protobuf"
_EXTRA = "opentelemetry.exporter.otlp.proto.http"


@dataclass(frozen=True, slots=True)
class Tracing:
    """Whether traces are sent, and where they are asked for and are not, the sentence that says what to do."""

    on: bool
    why_not: str = ""


def wanted(environ: Mapping[str, str]) -> Tracing:
    """Say whether traces are sent: where an endpoint is set, or OTLP is named, and the extra `otel` is installed."""
    exporter = environ.get("OTEL_TRACES_EXPORTER", "").strip()
    endpoint = next((name for name in _ENDPOINTS if environ.get(name)), "")
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or exporter == "none" or not (exporter or endpoint):
        return Tracing(on=False)
    if exporter not in ("", "otlp"):
        return Tracing(on=False, why_not="no traces are sent: of OTEL_TRACES_EXPORTER we know otlp and none")
    if next((environ[name] for name in _PROTOCOLS if environ.get(name)), _OURS) != _OURS:
        said = f"no traces are sent: of OTEL_EXPORTER_OTLP_PROTOCOL we know {_OURS}, which collectors take at port 4318"
        return Tracing(on=False, why_not=said)
    if not _is_installed():
        said = f"no traces are sent, though {endpoint or 'OTEL_TRACES_EXPORTER'} is set: pip install 'pushboat[otel]'"
        return Tracing(on=False, why_not=said)
    return Tracing(on=True)


def _is_installed() -> bool:
    try:
        return find_spec(_EXTRA) is not None
    except ModuleNotFoundError:
        return False
