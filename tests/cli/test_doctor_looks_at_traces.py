"""The doctor says whether the collector takes traces, where I ask for them, and nothing where I do not."""

from pathlib import Path

import pytest

from cli.doctor.traces import check_traces
from pushboat.config import operator
from pushboat.store import traces
from tests.fresh_store import fresh_store


def test_a_collector_that_takes_nothing_is_named(
    home: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """I look for a trace, find none, and ask the doctor."""
    (home / "var").mkdir()
    store, read = fresh_store(home / "var"), operator.load(home / "pushboat.yaml", environ)
    assert list(check_traces(read)) == []
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    (line,) = check_traces(read)
    assert (line.result, line.sentence) == ("WARN", "none was ever sent")
    traces.begin(store)
    for trouble, result in (("the collector of traces takes nothing", "FAIL"), ("", "PASS")):
        held = traces.claim(store, "dispatcher")
        assert held
        traces.told(store, "dispatcher", held.places, trouble=trouble)
        (line,) = check_traces(read)
        assert line.result == result
        assert ("OTEL_EXPORTER_OTLP_ENDPOINT" in line.fix) == bool(trouble)
    store.close()
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "zipkin")
    (line,) = check_traces(read)
    assert (line.result, line.fix) == ("FAIL", "of OTEL_TRACES_EXPORTER we know otlp and none")
