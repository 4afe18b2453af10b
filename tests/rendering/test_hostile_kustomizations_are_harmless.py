"""Forty kinds of hostile kustomizations: each ends in a clear sentence, or in objects that know no secret."""

import re
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pushboat.errors import DeploymentFailed
from tests.rendering.conftest import Render
from tests.rendering.hostile_kustomizations import ATTACKS, TAKES_LONG

pytestmark = pytest.mark.programs

SECRET = "hunter2-of-this-machine"


class Trap:
    """A listening socket of the attacker's; whoever connects is counted."""

    def __init__(self, listening: socket.socket) -> None:
        self.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.connected = 0
        self._listening = listening

    def wait(self) -> None:
        """Count until the socket is closed."""
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            self.connected += 1
            caller.close()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    """One for all attacks."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Trap(listening)
        waiting = threading.Thread(target=made.wait)
        waiting.start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
    waiting.join()


def test_there_are_many_kinds() -> None:
    """No two of them differ only in a value."""
    assert len(ATTACKS) >= 30
    assert len({re.sub(r"[\w.@:/{}-]*[./@{][\w.@:/{}-]*|\d+", "", str(files)) for files, _ in ATTACKS.values()}) == len(
        ATTACKS
    )


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.proof] if name in TAKES_LONG else []) for name in ATTACKS]
)
def test_it_reads_nothing_calls_nobody_and_breaks_nothing(
    name: str, rendered: Render, trap: Trap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever I push: a sentence with a place, nothing of this machine in it, and nobody was called."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kustomization.yaml").write_text("resources: [stolen.yaml]")
    (outside / "stolen.yaml").write_text(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {SECRET}}}\n")
    (outside / "secret.env").write_text(f"key={SECRET}\n")
    monkeypatch.setenv("PUSHBOAT_TEST_SECRET", SECRET)
    attack, words = ATTACKS[name]
    files = {str(_filled(file, trap, outside)): _filled(text, trap, outside) for file, text in attack.items()}
    summary, said = _outcome(rendered, files)
    assert re.match(f"(deploy/\\S+: )?{words}", summary) if words else not summary, summary
    assert summary.isprintable()
    assert SECRET not in said
    assert str(tmp_path) not in said
    assert trap.connected == 0


def _outcome(rendered: Render, files: Mapping[str, str | bytes]) -> tuple[str, str]:
    """Give the sentence of the refusal, and all that is said or built."""
    try:
        return "", str([each.body for each in rendered(files).manifests])
    except DeploymentFailed as refused:
        return refused.summary, refused.summary + refused.details


def _filled(text: str | bytes, trap: Trap, outside: Path) -> str | bytes:
    if isinstance(text, bytes):
        return text
    return text.replace("{trap}", trap.address).replace("{outside}", str(outside))
