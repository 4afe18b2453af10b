"""What `deploy/` gives to operators names commands, files and keys that exist."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import yaml

from pushboat.config import operator
from pushboat.queue.embedded import server_command
from tests.ports import free_port
from tests.serving import ROOT, alive, children, command_line
from tests.until import until
from workers.render.renderers import FOLDER, RENDERERS, place

BASE = ROOT / "deploy/kustomize/base"


def test_the_operators_files_can_be_read() -> None:
    """Both example files are what this version reads, when their secrets are set."""
    environ = {"GITHUB_WEBHOOK_SECRET": "s", "GITHUB_TOKEN": "t", "PUSHBOAT_PAGES_PASSWORD": "p"}
    environ["PUSHBOAT_BROKER"] = "redis://:b@valkey:6379/0"
    read = operator.load(ROOT / "deploy/pushboat.example.yaml", environ)
    assert read.store.startswith("postgresql+psycopg://")
    assert read.broker == environ["PUSHBOAT_BROKER"]
    assert operator.load(ROOT / "deploy/kustomize/base/pushboat.yaml", environ).clusters["here"].in_cluster


def test_every_command_of_the_compose_file_exists() -> None:
    """Each service starts a command that Pushboat has, and each variable stands in the example of the environment."""
    text = (ROOT / "deploy/compose.yaml").read_text()
    services = yaml.safe_load(text)["services"]
    ours = [one["command"] for one in services.values() if one.get("image") == "pushboat"]
    assert ["web"] in ours
    assert ["worker"] in ours
    for words in ours:
        command = [sys.executable, "-m", "cli.main", *words, "--help"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
    known = re.findall(r"^(\w+)=", (ROOT / "deploy/env.example").read_text(), re.M)
    asked = set(re.findall(r"\$\{(\w+)", text))
    asked |= set(re.findall(r"env: (\w+)", (ROOT / "deploy/pushboat.example.yaml").read_text()))
    assert asked <= set(known)


def test_nothing_but_http_is_reached_from_outside() -> None:
    """Whoever shares the cluster or the machine reaches pages and webhooks, and neither broker nor database."""
    services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    published = {name: one["ports"] for name, one in services.items() if "ports" in one}
    loopback = "${PUSHBOAT_PUBLISH:-127.0.0.1}"
    assert published == {"web": [f"{loopback}:8700:8700"], "dashboard": [f"{loopback}:8701:8701"]}
    assert "PUSHBOAT_PUBLISH=127.0.0.1\n" in (ROOT / "deploy/env.example").read_text()
    assert not [name for name, one in services.items() if {"network_mode", "networks", "privileged"} & one.keys()]
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert services["valkey"]["environment"]["BROKER_PASSWORD"].startswith("${BROKER_PASSWORD:?")
    base = [each for file in BASE.glob("*.yaml") for each in yaml.safe_load_all(file.read_text())]
    of_kind = {each["kind"]: each for each in base if "kind" in each}
    pods, fence = of_kind["Deployment"]["spec"]["template"], of_kind["NetworkPolicy"]["spec"]
    assert fence["podSelector"]["matchLabels"].items() <= pods["metadata"]["labels"].items()
    assert fence["policyTypes"] == ["Ingress", "Egress"]
    assert fence["ingress"] == [{"ports": [{"protocol": "TCP", "port": "http"}]}]
    (container,) = pods["spec"]["containers"]
    assert [each["name"] for each in container["ports"]] == ["http"]
    assert [each["targetPort"] for each in of_kind["Service"]["spec"]["ports"]] == ["http"]
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pods["spec"].keys()


def test_the_image_brings_the_renderers_that_everybody_uses() -> None:
    """The Dockerfile builds each pinned renderer, in its version, to the place where it is looked for."""
    text = (ROOT / "deploy/Dockerfile").read_text()
    (folder,) = re.findall(r"^ +PUSHBOAT_RENDERERS=(\S+)", text, re.M)
    assert f"COPY --from=renderers /renderers {folder}\n" in text
    for renderer in RENDERERS:
        at = place(renderer, {FOLDER: "/renderers"}).parent
        assert re.search(rf"^RUN GOBIN={at} go install -trimpath {renderer.package}@{renderer.version}$", text, re.M)


def test_everything_that_the_image_copies_is_there() -> None:
    """The Dockerfile names files of this tree."""
    text = (ROOT / "deploy/Dockerfile").read_text()
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ") and "--from=" not in line]
    assert sum(map(len, copied)) >= 5
    for path in (path for paths in copied for path in paths):
        assert (ROOT / path).exists(), path
    for room in ("pushboat", "webhook", "dashboard", "workers", "cli"):
        assert [room] in copied
    assert " --all-extras " in text, "what the documentation says of extras holds in the image"


def test_the_compose_files_broker_wants_its_password(tmp_path: Path) -> None:
    """Its own command, run by a shell: who has no password is refused, who has it is answered, and no list has it."""
    services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    command = [word.replace("$$", "$") for word in services["valkey"]["command"]]
    for image in (one["image"] for one in services.values() if one["image"] != "pushboat"):
        assert re.fullmatch(r"[\w/]+:\d+\.\d+(\.\d+)?", image), f"{image} is not of one version"
    program, port = Path(server_command(tmp_path)[0]), free_port()
    (tmp_path / "valkey-server").symlink_to(program)
    command[-1] += f" --port {port} --dir {tmp_path}"
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "BROKER_PASSWORD": "only-ours"}
    running = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        until(lambda: answered(port, b"PING\r\n").startswith(b"-NOAUTH"), what="the broker to refuse strangers")
        assert answered(port, b"AUTH only-ours\r\nPING\r\n") == b"+OK\r\n+PONG\r\n"
        for pid in (running.pid, *children(running.pid)):
            assert "only-ours" not in command_line(pid)
    finally:
        started = (*children(running.pid), running.pid)
        for pid in started:
            os.kill(pid, signal.SIGTERM)
        running.wait(60)
        # It saves its data at its end, and would rather go on than lose them with its folder.
        until(lambda: not any(map(alive, started)), what="the broker to end")


def answered(port: int, said: bytes) -> bytes:
    """Say something to a broker and give its answer, nothing where none listens."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(4096), b""))
    except OSError:
        return b""
