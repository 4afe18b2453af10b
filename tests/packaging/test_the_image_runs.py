"""The image's own steps make something that runs as nobody, on a root that nobody may write."""

import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.packaging import image
from tests.ports import free_port
from tests.until import until

pytestmark = pytest.mark.proof


def test_it_answers_without_root_and_without_a_place_to_write(tmp_path: Path) -> None:
    """Its files copied and its steps run, it starts as 65532 on a read-only root, answers, and ends in order."""
    root = tmp_path / "root"
    image.prepare(root)
    image.copy(root)
    for step in (step for step in image.steps() if step.word == "RUN" and "apt-get" not in step.rest):
        script = step.rest.replace(" --no-cache ", " ")  # with uv's cache mounted: it only spares the download
        done = subprocess.run(
            image.inside(root, script, writable=True),
            env=image.environ(root_user=True),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{script}: {done.stderr[-2000:]}"
    port = free_port()
    operator = {
        "public_url": f"http://127.0.0.1:{port}",
        "listen": f"127.0.0.1:{port}",
        "state": image.first("VOLUME"),
        "forges": {"local": {"kind": "git", "root": "/srv", "webhook_secrets": [{"file": "/etc/pushboat/secret"}]}},
        "clusters": {"dev": {"kubeconfig": "/etc/pushboat/kubeconfig"}},
        "projects": [{"repository": "local/a", "environments": {"staging": {"cluster": "dev", "namespaces": ["a"]}}}],
    }
    written = root / image.variables()["PUSHBOAT_CONFIG"].lstrip("/")
    written.write_text(yaml.safe_dump(operator))
    (written.parent / "secret").write_text("a" * 32)
    (entry,), (command,) = yaml.safe_load(image.first("ENTRYPOINT")), yaml.safe_load(image.first("CMD"))
    tried = "touch /etc/x /srv/x 2>/dev/null && exit 9; id -u; "
    log = tmp_path / "log"
    with log.open("wb") as file:
        running = subprocess.Popen(
            image.inside(root, f"{tried} exec {entry} {command}", writable=False),
            env=image.environ(root_user=False),
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:

        def ready() -> bool:
            assert running.poll() is None, log.read_text()[-3000:]
            return "Pushboat is ready" in log.read_text()

        until(ready, within=180, what="the image to be ready")
        assert log.read_text().startswith("65532\n")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert answer.status == 200
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0, log.read_text()[-3000:]
