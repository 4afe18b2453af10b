"""`pushboat gate`: whoever sets a gate up tries it from both sides before a deployment depends on it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import OPERATOR, Pushboat
from tests.fakes.gate import SECRET, FakeGate
from tests.ports import free_port

ASK = ("gate", "ask", "github/acme/shop", "staging")


@pytest.fixture
def gate() -> Iterator[FakeGate]:
    """The change board."""
    fake = FakeGate({"answer": "allow"})
    yield fake
    fake.close()


def configure(home: Path, *urls: str) -> None:
    """Write an operator's file with a gate at each of these addresses."""
    file: dict[str, Any] = yaml.safe_load(OPERATOR)
    gates = [{"name": f"board-{at}", "url": url, "secret": {"file": "gate-secret"}} for at, url in enumerate(urls)]
    file["projects"][0]["environments"]["staging"]["gates"] = gates
    (home / "pushboat.yaml").write_text(yaml.safe_dump(file))
    (home / "gate-secret").write_text(SECRET)


def test_a_gate_is_asked_about_nothing_real(pushboat: Pushboat, home: Path, gate: FakeGate) -> None:
    """I see what it says and what would come of it; the gate is told that nothing will."""
    configure(home, gate.address)
    finished = pushboat(*ASK)
    assert (finished.returncode, finished.stdout) == (0, "board-0 says allow; it would be deployed\n"), finished.stderr
    (question,) = gate.questions
    assert (question["simulated"], question["when"], question["deployment"]["id"]) == (True, "before", 0)
    gate.says = [{"answer": "deny", "reason": "no ticket"}]
    finished = pushboat(*ASK, "board-0", "--when", "after", "--json")
    assert finished.returncode == 1
    assert json.loads(finished.stdout) == [
        {"gate": "board-0", "answer": "deny", "reason": "no ticket", "retry_after": None}
    ]


def test_silence_is_told_as_what_it_is(pushboat: Pushboat, home: Path) -> None:
    """Nothing listens there: I read that nothing would ever start."""
    configure(home, "http://127.0.0.1:9/ask")
    finished = pushboat(*ASK)
    assert finished.returncode == 1
    assert finished.stdout == (
        "board-0 says silence: nothing listens there; "
        "that is never a yes: it would be asked again in 30 s, and refused after 3600 s\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*ASK, "boards"), "staging has no gate boards; its gates: board-0"),
        (("gate", "ask", "github/acme/shop", "qa"), "the operator's file has no environment qa of github/acme/shop"),
    ],
)
def test_who_mistypes_is_told_what_there_is(pushboat: Pushboat, home: Path, words: tuple[str, ...], said: str) -> None:
    """A name that is none is a usage error."""
    configure(home, "http://127.0.0.1:9/ask")
    finished = pushboat(*words)
    assert finished.returncode == 2
    assert said in finished.stderr


@pytest.mark.programs
def test_it_plays_a_gate(pushboat: Pushboat, home: Path, environ: dict[str, str]) -> None:
    """I have no gate yet: one command is one, shows the question, and refuses what is not signed with its secret."""
    port = free_port()
    configure(home, f"http://127.0.0.1:{port}/")
    command = ["gate", "answer", "wait", "--reason", "asking ann", "--listen", f"127.0.0.1:{port}", "--once"]
    played = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *command, "--secret-file", "gate-secret"],
        cwd=home,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert played.stderr
    assert "listens on" in played.stderr.readline()
    asked = pushboat(*ASK)
    assert asked.stdout == "board-0 says wait: asking ann; it would wait, and be asked again in 30 s\n"
    out, _ = played.communicate(timeout=60)
    assert json.loads(out)["gate"] == "board-0"
