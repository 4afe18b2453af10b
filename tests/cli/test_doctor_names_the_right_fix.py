"""A fix is pasted as it is: it names files that are there, the right cluster, and what really has to be started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.store import processes
from tests.cli.conftest import OPERATOR, ROOT, Pushboat
from tests.cli.plain_git import lines
from tests.fresh_store import fresh_store


def test_without_a_file_an_example_is_there_to_copy(pushboat: Pushboat, tmp_path: Path) -> None:
    """The fix copies a file that exists."""
    line = lines(pushboat("doctor", "--json"))["configuration"]
    assert line["fix"] == f"cp {ROOT}/examples/pushboat.yaml {tmp_path}/pushboat.yaml  # then edit it"


def test_the_example_loads_as_it_is(tmp_path: Path) -> None:
    """It is plain git and one kubeconfig, and needs only the secret that its first lines make."""
    (tmp_path / "pushboat.yaml").write_text((ROOT / "examples" / "pushboat.yaml").read_text())
    (tmp_path / "webhook-secret").write_text("0123456789abcdef")
    read = operator.load(tmp_path / "pushboat.yaml", {"HOME": str(tmp_path)})
    assert [forge.kind for forge in read.forges.values()] == ["git"]
    assert list(read.projects) == ["local/shop"]
    assert read.clusters["dev"].kubeconfig == tmp_path / ".kube" / "config"


def test_a_missing_kubeconfig_is_wrong_not_unknown(pushboat: Pushboat, home: Path) -> None:
    """The file is named, and the key that leads to it."""
    (home / "kubeconfig").unlink()
    found = lines(pushboat("doctor", "--json"))
    assert found["cluster dev"] == {
        "check": "cluster dev",
        "result": "FAIL",
        "code": "doctor-clusters",
        "sentence": f"there is no {home}/kubeconfig",
        "fix": "correct clusters.dev.kubeconfig in pushboat.yaml",
    }
    assert found["github/acme/shop staging"]["result"] == "skip"


@pytest.mark.parametrize(("context", "words"), [("prod", "has no context prod"), ("", "has no current context")])
def test_a_context_that_is_not_there_lists_those_that_are(
    pushboat: Pushboat, home: Path, context: str, words: str
) -> None:
    """A typo, or a file without a current context."""
    kubeconfig = (home / "kubeconfig").read_text()
    (home / "kubeconfig").write_text(kubeconfig.replace("current-context: a, ", ""))
    if context:
        (home / "pushboat.yaml").write_text(OPERATOR.replace("./kubeconfig}", f"./kubeconfig, context: {context}}}"))
    line = lines(pushboat("doctor", "--json"))["cluster dev"]
    assert (line["result"], line["sentence"]) == ("FAIL", f"{home}/kubeconfig {words}; it has a")


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_forge_that_is_not_reached_is_unknown(pushboat: Pushboat, home: Path, kind: str) -> None:
    """Its token may be fine: the address is named, and what lies between."""
    (home / "pushboat.yaml").write_text(OPERATOR.replace("kind: github", f"kind: {kind}"))
    finished = pushboat("hook", "doctor", "--json")
    line = lines(finished)["github/acme/shop"]
    assert (finished.returncode, line["result"]) == (3, "UNKNOWN")
    assert "http://127.0.0.1:9" in line["sentence"]
    assert all(word in line["fix"] for word in ("network", "proxy", "api_url"))
    assert "token" not in line["fix"]


def test_a_serve_that_was_just_stopped_is_not_running(pushboat: Pushboat, home: Path) -> None:
    """Its last heartbeats are seconds old, its process is gone: only the second counts."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(timeout=60)
    _left_behind(home, ended.pid)
    found = lines(pushboat("doctor", "--json"))
    assert found["processes"]["sentence"] == "Pushboat is not running"
    assert found["processes"]["fix"] == found["broker"]["fix"] == "pushboat serve"
    assert "process worker" not in found


def test_a_serve_without_its_broker_must_be_restarted(pushboat: Pushboat, home: Path) -> None:
    """Another `serve` beside it would be refused."""
    _left_behind(home, os.getpid())
    found = lines(pushboat("doctor", "--json"))
    assert found["process worker"]["result"] == "PASS"
    assert found["broker"]["fix"] == f"restart `pushboat serve` (process {os.getpid()})"


def test_a_file_that_was_changed_since_is_not_in_force(pushboat: Pushboat, home: Path, environ: dict[str, str]) -> None:
    """I let Jobs be recreated, and what runs does not go by it: doctor reads my new file, and says so."""
    file = home / "pushboat.yaml"
    _left_behind(home, os.getpid(), processes.has_read(operator.load(file, environ).digest))
    assert lines(pushboat("doctor", "--json"))["operator's file"]["result"] == "PASS"
    file.write_text(f"{file.read_text()}\n# changed\n")
    line = lines(pushboat("doctor", "--json"))["operator's file"]
    assert line["result"] == "WARN"
    assert line["sentence"].startswith("changed since worker and reporter read it")
    assert line["fix"] == f"they look at it within seconds; else restart `pushboat serve` (process {os.getpid()})"


def _left_behind(home: Path, pid: int, note: str = "") -> None:
    """Leave a lock and fresh heartbeats, as a `serve` of this process would."""
    (home / "var").mkdir()
    (home / "var" / "serve.lock").write_text(f"{pid}\n")
    store = fresh_store(home / "var")
    for name in ("dispatcher", "worker", "reporter"):
        processes.beat(store, name, pid, "" if name == "dispatcher" else note)
    store.close()
