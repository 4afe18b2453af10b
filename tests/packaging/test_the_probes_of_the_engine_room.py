"""Kubernetes starts a worker, dispatcher or reporter anew when its loop stands still, and for no other reason."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.pulse import Pulse
from tests.serving import ROOT

OVERLAY = ROOT / "deploy/kustomize/overlays/high-availability/engine-room.yaml"
CONTAINERS = {
    each["metadata"]["labels"]["app.kubernetes.io/component"]: each["spec"]["template"]["spec"]["containers"][0]
    for each in yaml.safe_load_all(OVERLAY.read_text())
}


def answers(container: dict[str, Any], probe: str, folder: Path) -> bool:
    """Run a probe as it is written, where /tmp is that folder."""
    words = [word.replace("/tmp/", f"{folder}/") for word in container[probe]["exec"]["command"]]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("component", ["dispatcher", "reporter", "worker"])
def test_a_loop_that_turns_is_left_alone_and_one_that_stands_still_is_not(component: str, tmp_path: Path) -> None:
    """The file that the manifest names is the one that it looks at: there with the first beat, old a minute later."""
    container = CONTAINERS[component]
    (told,) = container["env"]
    environ = {told["name"]: told["value"].replace("/tmp/", f"{tmp_path}/")}
    for probe in ("startupProbe", "livenessProbe"):
        assert not answers(container, probe, tmp_path), "it has not turned yet"
    Pulse(environ).beat()
    for probe in ("startupProbe", "livenessProbe"):
        assert answers(container, probe, tmp_path)
    (file,) = tmp_path.iterdir()
    os.utime(file, (time.time() - 61, time.time() - 61))
    assert not answers(container, "livenessProbe", tmp_path)
    Pulse(environ).beat()
    assert answers(container, "livenessProbe", tmp_path)
    assert container["livenessProbe"]["timeoutSeconds"] > 1, "a busy node takes its time to start a shell"


def test_a_file_that_cannot_be_touched_keeps_nobody_from_working(tmp_path: Path) -> None:
    """The beat neither waits nor fails."""
    Pulse({"PUSHBOAT_PULSE_FILE": str(tmp_path / "nowhere" / "pulse")}).beat()
    Pulse({"PUSHBOAT_PULSE_FILE": str(tmp_path)}).beat()
