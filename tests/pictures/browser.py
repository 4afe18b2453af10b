"""Takes a picture of a page with a headless Chromium, as wide as a phone or a desk, by its own debugging protocol."""

import base64
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import requests
import websocket  # type: ignore[import-untyped]  # comes with the Kubernetes client, without types

from tests.ports import free_port
from tests.until import until

NAMES = ("chromium", "chromium-browser", "google-chrome")


class Browser:
    """One tab of a Chromium."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._numbers = count(1)

    def photograph(self, page: str, width: int) -> bytes:
        """Show a page of so many points' width, a phone's with two dots each, and give all of it as a PNG."""
        self._set_width(width, height=1)
        frame = self._ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._ask("Page.setDocumentContent", {"frameId": frame, "html": page})
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        if size["width"] > width:
            raise AssertionError(f"the page is {size['width']:g} wide and scrolls sideways on {width}")
        return self._shot(width, size["height"])

    def open(self, url: str) -> None:
        """Go to an address, and wait until its page is there."""
        self.run(f"window.left = true; location.href = {json.dumps(url)}")
        until(lambda: self.run("!window.left && document.readyState === 'complete'"), within=120, what=url)

    def run(self, script: str) -> Any:
        """Run a line of the page's own language, and give what it says."""
        asked = {"expression": script, "returnByValue": True}
        return self._ask("Runtime.evaluate", asked).get("result", {}).get("value")

    def photograph_open(self, width: int, height: int = 1000) -> bytes:
        """Give the page that is open, as wide and at least as high as asked for, as a PNG."""
        self._set_width(width, height)
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        return self._shot(width, size["height"])

    def _set_width(self, width: int, height: int) -> None:
        phone = width < 600
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
        self._ask("Emulation.setDeviceMetricsOverride", metrics)

    def _shot(self, width: int, height: float) -> bytes:
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self._ask("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
        return base64.b64decode(shot["data"])

    def _ask(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters or {}}))
        while True:
            answer: dict[str, Any] = json.loads(self._socket.recv())
            if answer.get("id") == number:
                return dict(answer["result"])


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a Chromium, which ends with the block."""
    program = next((found for name in NAMES if (found := shutil.which(name))), "")
    if not program:
        raise SystemExit(f"pictures need a browser: none of {', '.join(NAMES)} is on PATH")
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = ["--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", f"--user-data-dir={profile}"]
        allowed = [f"--remote-debugging-port={port}", "--remote-allow-origins=*", "about:blank"]
        running = subprocess.Popen([program, *words, *allowed], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            socket = websocket.create_connection(until(lambda: _tab(port), what="the browser"), timeout=60)
            yield Browser(socket)
            socket.close()
        finally:
            running.terminate()
            running.wait(20)


def _tab(port: int) -> str:
    try:
        tabs = requests.get(f"http://127.0.0.1:{port}/json", timeout=5).json()
    except requests.RequestException:
        return ""
    return next((str(tab["webSocketDebuggerUrl"]) for tab in tabs if tab["type"] == "page"), "")


def save(picture: bytes, place: Path) -> None:
    """Keep a picture."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(picture)
