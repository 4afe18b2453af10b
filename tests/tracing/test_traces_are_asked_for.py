"""Traces are sent where the standard variables ask for them, and where that cannot be, one line says what to do."""

import logging
from pathlib import Path

import pytest

from pushboat.tracing import wanted
from tests.logs.test_logs_tell_what_happened import logged
from workers.tracing.sending import sending

URL = "http://127.0.0.1:4318"
WITHOUT_THE_EXTRA = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name == "opentelemetry" or name.startswith("opentelemetry."):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import workers.dispatcher
from pushboat import logs
from workers.tracing.sending import sending
logs.set_up()
with sending(None, {{"OTEL_EXPORTER_OTLP_ENDPOINT": "{URL}"}}):
    pass
with sending(None, {{}}):
    pass
"""
HALF_OF_THE_EXTRA = f"""
import sys, time, threading
from pathlib import Path
sys.modules["opentelemetry.sdk.trace"] = None
import workers.dispatcher
from pushboat import logs
from pushboat.store.database.engine import open_store
from workers.tracing.sending import sending
logs.set_up()
with sending(open_store("", Path(sys.argv[1])), {{"OTEL_EXPORTER_OTLP_ENDPOINT": "{URL}"}}):
    (sender,) = [each for each in threading.enumerate() if each.name == "traces"] or [threading.current_thread()]
    sender is threading.current_thread() or sender.join(30)
    print("goes on", file=sys.stderr)
"""
UNASKED = """
import sys, workers.app, workers.dispatcher, webhook.wsgi, dashboard.wsgi
theirs = ("opentelemetry.sdk.trace", "opentelemetry.exporter")
print(*[name for name in sys.modules if name.startswith(theirs)], file=sys.stderr, end="")
"""


@pytest.mark.parametrize(
    ("environ", "on"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "pushboat"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": URL}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{URL}/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": URL, "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": URL, "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": URL}, False),
    ],
)
def test_the_standard_variables_say_whether(environ: dict[str, str], *, on: bool) -> None:
    """I set what I set for every other program, and nothing else turns anything on."""
    assert (wanted(environ).on, wanted(environ).why_not) == (on, "")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "of OTEL_TRACES_EXPORTER we know otlp and none"),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "we know http/protobuf, which collectors take at port 4318"),
    ],
)
def test_what_we_do_not_speak_is_said_once(more: dict[str, str], said: str, caplog: pytest.LogCaptureFixture) -> None:
    """A setting that means something else to others sends nothing, and I read what to set."""
    with sending(None, {"OTEL_EXPORTER_OTLP_ENDPOINT": URL, **more}), caplog.at_level(logging.WARNING):  # type: ignore[arg-type]
        pass
    assert [said in record.getMessage() for record in caplog.records] == [True]


@pytest.mark.programs
def test_without_the_extra_one_line_says_what_to_install() -> None:
    """Everything else goes on as if nobody had asked."""
    (line,) = logged(WITHOUT_THE_EXTRA)
    assert "though OTEL_EXPORTER_OTLP_ENDPOINT is set: pip install 'pushboat[otel]'" in line


@pytest.mark.proof
@pytest.mark.programs
def test_an_extra_that_is_broken_ends_nothing_else(tmp_path: Path) -> None:
    """A version that does not fit leaves the dispatcher as it is, and its log says which package it is."""
    first, *_, last = logged(HALF_OF_THE_EXTRA, tmp_path)
    assert "no traces are sent, OpenTelemetry's SDK does not start: install pushboat[otel] anew" in first
    assert last == "goes on"


@pytest.mark.proof
@pytest.mark.programs
def test_no_process_loads_the_sdk_that_is_not_to_send() -> None:
    """Traces that I do not want cost nothing, and what forks has no thread of theirs."""
    assert logged(UNASKED) == []
