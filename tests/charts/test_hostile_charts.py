"""A chart that is made to read, to reach or to cost what it must not ends with a sentence that says what is wrong."""

import json
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pushboat.config.helm import Helm
from pushboat.errors import InvalidManifest, RenderFailed
from tests.charts.conftest import CHART, CONFIG, Charted, write
from tests.charts.hostile import HOSTILE
from workers.render.helm.building import build
from workers.render.helm.capabilities import Capabilities
from workers.render.helm.running import LIMITS, Question

pytestmark = pytest.mark.programs


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A server that nobody may reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_chart_is_refused(name: str, charted: Charted, listening: socket.socket) -> None:
    """Each ends with a clear sentence at a place in the repository, and nobody was asked for anything."""
    made, words = HOSTILE[name]
    files = made() if callable(made) else made
    port = str(listening.getsockname()[1])
    given = {
        path: text.replace("PORT", port) if isinstance(text, str) else text
        for path, text in {"shop/Chart.yaml": CHART, **files}.items()
    }
    with pytest.raises((RenderFailed, InvalidManifest), match=words) as refused:
        charted(given)
    said = refused.value.summary + refused.value.details
    assert "root:" not in said
    assert tempfile.gettempdir() not in said
    with pytest.raises(BlockingIOError):
        listening.accept()


def test_a_chart_that_never_ends_is_stopped(helm: Path, tmp_path: Path) -> None:
    """What takes time and no memory ends at the limit of processor time."""
    loop = "{{ range until 99999 }}{{ range until 99999 }}{{ end }}{{ end }}"
    write(tmp_path, {"shop/Chart.yaml": CHART, "shop/templates/a.yaml": loop})
    question = Question(release="shop", namespace="shop", helm=Helm(), capabilities=Capabilities())
    with pytest.raises(
        RenderFailed, match=r"^shop: helm was stopped, since this chart takes more than 1 s of processor"
    ):
        build(tmp_path, "shop", question, replace(LIMITS, cpu_seconds=1))


def test_what_is_outside_is_not_there(charted: Charted, listening: socket.socket) -> None:
    """Neither files beside the chart nor names of the network can be had by a template."""
    asked = ["../secret.yaml", "/etc/passwd", "../../../../../../etc/passwd", "templates/a.yaml"]
    lines = [f"  f{number}: {{{{ .Files.Get {json.dumps(path)} | quote }}}}" for number, path in enumerate(asked)]
    text = f"{CONFIG}data:\n" + "\n".join([*lines, '  host: {{ getHostByName "localhost" | quote }}', ""])
    made = charted({"shop/Chart.yaml": CHART, "shop/templates/a.yaml": text, "secret.yaml": "hunter2"})
    data: dict[str, Any] = made.manifests[0].body["data"]
    assert set(data.values()) == {""}
    assert any("getHostByName" in note for note in made.notes)
    with pytest.raises(BlockingIOError):
        listening.accept()
