"""Find what a range means now: the pinned Helm resolves and fetches charts, with the logins of whoever runs this."""

import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
import yaml

from cli.lab.golang import install
from cli.output import say
from pushboat.config.urls import is_loopback
from pushboat.errors import InvalidManifest, RenderFailed, Unavailable
from pushboat.model.outside import Locked, Outside
from pushboat.model.wording import printable
from workers.render.helm.archives import Budget, unpack
from workers.render.renderers import HELM
from workers.source.outside.keeping import digest_of

SECONDS = 120
LARGEST_INDEX = 128 << 20


def resolve(outside: Outside) -> Locked:
    """Pin a chart: the newest version in its range, by the digest of its archive.

    Raises:
        Unavailable: it cannot be had; in Helm's own words.
    """
    with tempfile.TemporaryDirectory(prefix="pushboat-sources-") as folder:
        archive = _pulled(outside, Path(folder))
    version = _version(outside, archive)
    at = "" if outside.address.startswith("oci:") else _place(outside, version)
    return Locked(outside=outside, version=version, digest=digest_of(archive), at=at)


def _pulled(outside: Outside, folder: Path) -> bytes:
    address = outside.address
    if address.startswith("oci:"):
        plain = ["--plain-http"] if is_loopback(urlsplit(address).hostname or "") else []
        words = [f"{address}/{outside.name}", *plain]
    else:
        words = [outside.name, "--repo", address]
    asked = ["--version", outside.asked] if outside.asked else []
    command = [str(install(HELM, say)), "pull", *words, *asked, "--destination", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{outside}: no answer in {SECONDS} s") from error
    found = list(folder.glob("*.tgz"))
    if done.returncode != 0 or len(found) != 1:
        last = [line for line in done.stderr.splitlines() if line.strip()][-1:] or ["Helm said nothing"]
        raise Unavailable(f"{outside}: {printable(last[0].removeprefix('Error: '), 300)}")
    return found[0].read_bytes()


def _version(outside: Outside, archive: bytes) -> str:
    try:
        chart = unpack(archive, str(outside), Budget()).files.get("Chart.yaml")
        said = yaml.safe_load(chart) if isinstance(chart, bytes) else None
    except (RenderFailed, InvalidManifest, yaml.YAMLError) as error:
        raise Unavailable(f"{outside}: what came is no chart") from error
    if not isinstance(said, dict) or not isinstance(said.get("version"), str):
        raise Unavailable(f"{outside}: what came is no chart")
    return str(said["version"])


def _place(outside: Outside, version: str) -> str:
    """Find in a repository's index where an archive stands, since renders read no index."""
    index = f"{outside.address}/index.yaml"
    try:
        answer = requests.get(index, timeout=SECONDS)
        answer.raise_for_status()
        entries = yaml.load(answer.content[:LARGEST_INDEX], Loader=yaml.CSafeLoader)["entries"][outside.name]
        url = next(each["urls"][0] for each in entries if str(each["version"]) == version)
    except (requests.RequestException, yaml.YAMLError, LookupError, TypeError, StopIteration) as error:
        raise Unavailable(f"{outside}: {index} does not say where {version} stands") from error
    return urljoin(f"{outside.address}/", str(url))
