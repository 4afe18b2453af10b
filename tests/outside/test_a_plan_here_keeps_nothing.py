"""`pushboat plan --here` fetches into a folder of its own: it runs as anybody, and the server's are the server's."""

from dataclasses import replace
from pathlib import Path
from typing import Never

from pushboat.config import operator
from pushboat.config.locked import LOCK_NAME, written
from pushboat.config.sources import Source
from pushboat.model.outside import CHART, Locked, Outside
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP
from tests.fakes.chart_host import ChartHost, archive
from workers.questions.rendering import supplied

CHART_BYTES = archive("podinfo", "6.7.1")


def asked_nobody(_forge: str) -> Never:
    raise AssertionError("no forge has it")


def test_what_a_look_fetches_is_not_left_in_the_state_folder(charts: ChartHost, tmp_path: Path) -> None:
    outside = Outside(kind=CHART, address=f"{charts.registry}/team", name="podinfo", asked="^6.7")
    digest = charts.push("team", "podinfo", "6.7.1", CHART_BYTES)
    state, scratch, root = (tmp_path / name for name in ("state", "scratch", "root"))
    for each in (state, scratch, root):
        each.mkdir()
    (root / LOCK_NAME).write_text(written([Locked(outside=outside, version="6.7.1", digest=digest)]))
    read = operator.parse(
        FORGES + CLUSTERS + SHOP + "      qa: {cluster: dev, namespaces: [a]}\n", tmp_path / "pushboat.yaml", ENVIRON
    )
    ours = replace(read, state=state, sources=(Source(address=charts.registry),))
    bring, _ = supplied(ours, asked_nobody, scratch, root)
    assert bring(outside).content == CHART_BYTES
    assert list(state.iterdir()) == []
    assert list(scratch.iterdir()) != []
